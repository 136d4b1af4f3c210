import type { Queryable } from '../../subscriptions/ports/database.js';

/** A mail may go out once more where nobody knows whether it did, and then never again. */
const MOST_SENDS = 2;
const NOTE_LENGTH = 500;

/** The table `notification_inbox`: which mails went out, or may have. Every method throws DatabaseUnavailable. */
export class NotificationInbox {
  readonly #database: Queryable;

  constructor(database: Queryable) {
    this.#database = database;
  }

  /**
   * Writes down that a mail is about to go out.
   * `over`: it went out, or never will. `doubtful`: it was begun so often that it may have gone out twice already.
   */
  async begin(eventId: string, template: string, orderId: string): Promise<'begun' | 'over' | 'doubtful'> {
    const { rowCount } = await this.#database.query(
      `INSERT INTO notification_inbox AS known (event_id, template, order_id, begun) VALUES ($1, $2, $3, 1)
       ON CONFLICT (event_id) DO UPDATE SET begun = known.begun + 1
        WHERE known.settled_at IS NULL AND known.begun < $4`,
      [eventId, template, orderId, MOST_SENDS],
    );
    if (rowCount === 1) return 'begun';
    const { rows } = await this.#database.query<{ settled: boolean }>(
      'SELECT settled_at IS NOT NULL AS settled FROM notification_inbox WHERE event_id = $1',
      [eventId],
    );
    return rows[0]?.settled === false ? 'doubtful' : 'over';
  }

  /** It certainly did not go out: the attempt does not count. */
  async undo(eventId: string): Promise<void> {
    await this.#database.query(
      'UPDATE notification_inbox SET begun = begun - 1 WHERE event_id = $1 AND settled_at IS NULL AND begun > 0',
      [eventId],
    );
  }

  /** It went out, or never will; `note` says why not. */
  async settle(eventId: string, note: string | null): Promise<void> {
    await this.#database.query(
      'UPDATE notification_inbox SET settled_at = now(), note = $2 WHERE event_id = $1 AND settled_at IS NULL',
      [eventId, note?.slice(0, NOTE_LENGTH) ?? null],
    );
  }
}
