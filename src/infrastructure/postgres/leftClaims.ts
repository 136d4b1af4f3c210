import type { Queryable } from '../../subscriptions/ports/database.js';

/**
 * Frees what a killed predecessor had claimed and not finished: webhooks and timers. Only for a process that is alone on its
 * database; where several share it, a claim ends by its time.
 */
export async function freeLeftClaims(database: Queryable): Promise<void> {
  await database.query(
    'UPDATE webhook_inbox SET claimed_until = NULL WHERE processed_at IS NULL AND claimed_until IS NOT NULL',
  );
  await database.query('UPDATE timers SET claimed_until = NULL WHERE fired_at IS NULL AND claimed_until IS NOT NULL');
}
