import type { Clock } from '../../../commands/ports/clock.js';
import type { Queryable } from '../../../subscriptions/ports/database.js';

/** A webhook as it was stored, claimed for a while. */
export interface InboxEntry {
  readonly rowId: number;
  /** The provider's id of the event. */
  readonly eventId: string;
  readonly eventType: string;
  /** What the provider said, as JSON text; as it is claimed: sealed. */
  readonly body: string;
  /** How often it was claimed, this time included. */
  readonly attempts: number;
}

interface Row {
  readonly id: number;
  readonly event_id: string;
  readonly event_type: string;
  readonly body: string;
  readonly attempts: number;
}

const REASON_LENGTH = 500;

/** The table `webhook_inbox`, as its worker uses it. Every time in it but `received_at` is compared with the clock port's. */
export class InboxTable {
  readonly #database: Queryable;
  readonly #clock: Clock;
  readonly #provider: string;

  constructor(database: Queryable, clock: Clock, provider: string) {
    this.#database = database;
    this.#clock = clock;
    this.#provider = provider;
  }

  /** Claims entries that are due, oldest first, for `leaseMs`; an expired claim is free again. */
  async claim(limit: number, leaseMs: number): Promise<readonly InboxEntry[]> {
    const { rows } = await this.#database.query<Row>(
      `UPDATE webhook_inbox
          SET claimed_until = $1::timestamptz + $4 * interval '1 millisecond', attempts = attempts + 1
        WHERE id IN (
          SELECT id FROM webhook_inbox
           WHERE processed_at IS NULL AND provider = $2
             -- a row that nobody has tried carries the database's time, which may be ahead of ours
             AND (attempts = 0 OR next_try_at <= $1)
             AND (claimed_until IS NULL OR claimed_until <= $1)
           ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING id, event_id, event_type, body, attempts`,
      [this.#clock.now(), this.#provider, limit, leaseMs],
    );
    return rows.map(({ id, event_id, event_type, body, attempts }) => ({
      rowId: id,
      eventId: event_id,
      eventType: event_type,
      body,
      attempts,
    }));
  }

  /** The entry is done with; `note` says why nothing came of it, where that is so. */
  async processed(rowId: number, note: string | null): Promise<void> {
    await this.#database.query(
      'UPDATE webhook_inbox SET processed_at = $2, claimed_until = NULL, last_error = $3 WHERE id = $1',
      [rowId, this.#clock.now(), note?.slice(0, REASON_LENGTH) ?? null],
    );
  }

  /** The entry is tried again after so many milliseconds. */
  async again(rowId: number, afterMs: number, reason: string): Promise<void> {
    await this.#database.query(
      `UPDATE webhook_inbox
          SET next_try_at = $2::timestamptz + $3 * interval '1 millisecond', claimed_until = NULL, last_error = $4
        WHERE id = $1`,
      [rowId, this.#clock.now(), afterMs, reason.slice(0, REASON_LENGTH)],
    );
  }

  /** When the next entry that nobody has claimed is due; undefined: none waits. */
  async nextTryAt(): Promise<string | undefined> {
    const { rows } = await this.#database.query<{ next_try_at: Date }>(
      `SELECT next_try_at FROM webhook_inbox
        WHERE processed_at IS NULL AND claimed_until IS NULL AND provider = $1
        ORDER BY next_try_at LIMIT 1`,
      [this.#provider],
    );
    return rows[0]?.next_try_at.toISOString();
  }
}

/**
 * How many webhooks that came before a moment (RFC 3339) nobody has worked, whoever sent them: one of a carrier that we do not hear from
 * any more waits as well.
 */
export async function webhooksWaiting(database: Queryable, before: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM webhook_inbox WHERE processed_at IS NULL AND received_at < $1',
    [before],
  );
  return rows[0]?.count ?? 0;
}
