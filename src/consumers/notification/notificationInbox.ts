import type { PaymentId } from '../../domain/kernel/ids.js';
import type { Queryable } from '../../subscriptions/ports/database.js';

/** A mail may go out once more where nobody knows whether it did, and then never again. */
const MOST_SENDS = 2;
const NOTE_LENGTH = 500;
const GIVEN_UP = 'there is nothing to say any more; it may have gone out before';

export type Begun =
  | { readonly _tag: 'Begun'; readonly eventId: string }
  /** It went out, or never will, or there is nothing to send. */
  | { readonly _tag: 'Over' }
  /** It was begun so often that it may have gone out twice already. */
  | { readonly _tag: 'Doubtful'; readonly eventId: string };

/** Why a mail that is put off waits, and which message sends it in the end: another than the one that asked for it, perhaps. */
const putOffFor = (paymentId: PaymentId): string => `put off: the order of ${paymentId} is held`;
const takenUpBy = (eventId: string): string => `taken up by ${eventId}`;
const takenUpFor = (eventId: string, paymentId: PaymentId): string => `${takenUpBy(eventId)}: that of ${paymentId}`;

/** The table `notification_inbox`: which mails went out, or may have. Every method throws DatabaseUnavailable. */
export class NotificationInbox {
  readonly #database: Queryable;

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Writes down that the mail of a message is about to go out. */
  async begin(eventId: string, template: string, orderId: string): Promise<Begun> {
    const { rowCount } = await this.#database.query(
      `INSERT INTO notification_inbox AS known (event_id, template, order_id, begun) VALUES ($1, $2, $3, 1)
       ON CONFLICT (event_id) DO UPDATE SET begun = known.begun + 1
        WHERE known.settled_at IS NULL AND known.begun < $4 AND known.note IS NULL`,
      [eventId, template, orderId, MOST_SENDS],
    );
    if (rowCount === 1) return { _tag: 'Begun', eventId };
    const { rows } = await this.#database.query<{ settled: boolean }>(
      'SELECT settled_at IS NOT NULL OR note IS NOT NULL AS settled FROM notification_inbox WHERE event_id = $1',
      [eventId],
    );
    return rows[0]?.settled === false ? { _tag: 'Doubtful', eventId } : { _tag: 'Over' };
  }

  /** Nobody is to pay while the order is held: the mail that says where waits for the end of that. */
  async putOff(eventId: string, template: string, orderId: string, paymentId: PaymentId): Promise<void> {
    await this.#database.query(
      `INSERT INTO notification_inbox AS known (event_id, template, order_id, begun, settled_at, note)
       VALUES ($1, $2, $3, 0, now(), $4)
       ON CONFLICT (event_id) DO UPDATE SET settled_at = now(), note = $4
        WHERE known.settled_at IS NULL AND known.note IS NULL`,
      [eventId, template, orderId, putOffFor(paymentId)],
    );
  }

  /** The order is held again: what this message took up, and did not send, waits for the end of that as before. */
  async putBack(by: string, orderId: string, paymentId: PaymentId): Promise<void> {
    await this.#database.query(
      'UPDATE notification_inbox SET settled_at = now(), note = $3 WHERE order_id = $1 AND note = $2 AND settled_at IS NULL',
      [orderId, takenUpFor(by, paymentId), putOffFor(paymentId)],
    );
  }

  /**
   * Writes down that the mail about a payment which was put off is about to go out, by a message that may be another than the
   * one which put it off: of those that find it, one has it, and has it again when it comes again.
   */
  async takeUp(by: string, orderId: string, paymentId: PaymentId): Promise<Begun> {
    // what it took up before may be of a payment whose page was replaced meanwhile
    await this.giveUp(by, orderId, paymentId);
    const { rows } = await this.#database.query<{ event_id: string }>(
      `UPDATE notification_inbox SET settled_at = NULL, begun = begun + 1, note = $3
        WHERE order_id = $1 AND begun < $4 AND (note = $2 OR (note = $3 AND settled_at IS NULL))
       RETURNING event_id`,
      [orderId, putOffFor(paymentId), takenUpFor(by, paymentId), MOST_SENDS],
    );
    if (rows[0]) return { _tag: 'Begun', eventId: rows[0].event_id };
    const doubtful = await this.#database.query<{ event_id: string }>(
      'SELECT event_id FROM notification_inbox WHERE order_id = $1 AND note = $2 AND settled_at IS NULL',
      [orderId, takenUpFor(by, paymentId)],
    );
    return doubtful.rows[0] ? { _tag: 'Doubtful', eventId: doubtful.rows[0].event_id } : { _tag: 'Over' };
  }

  /**
   * There is nothing to say any more of what this message began and did not settle: it is not begun again. What it took up for
   * the payment `but` is left.
   */
  async giveUp(by: string, orderId: string, but?: PaymentId): Promise<void> {
    await this.#database.query(
      `UPDATE notification_inbox SET settled_at = now(), note = $5
        WHERE settled_at IS NULL
          AND ((event_id = $1 AND note IS NULL) OR (order_id = $2 AND starts_with(note, $3) AND note <> $4))`,
      [by, orderId, takenUpBy(by), but === undefined ? '' : takenUpFor(by, but), GIVEN_UP],
    );
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
