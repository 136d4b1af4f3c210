import type { Queryable } from '../../subscriptions/ports/database.js';
import { addMilliseconds } from '../time.js';

/** For so long a webhook and a timer can be looked up after they were worked. */
export const KEPT_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;
const AT_ONCE = 1_000;

/**
 * What is over and old: webhooks that were worked, since what a provider said may be about somebody, timers that have
 * fired or were cancelled, when a payment was asked about, and keys that have long belonged to nothing. What nobody has worked
 * stays, however old. A webhook that comes again after that is worked again, and a timer that is set again fires again: both are
 * harmless.
 */
const OVER = [
  {
    name: 'webhook_inbox',
    rows: `SELECT ctid FROM webhook_inbox WHERE received_at < $1 AND processed_at < $1`,
  },
  {
    name: 'timers',
    rows: `SELECT ctid FROM timers WHERE created_at < $1 AND (fired_at < $1 OR (cancelled AND due_at < $1))`,
  },
  {
    name: 'payment_syncs',
    rows: `SELECT ctid FROM payment_syncs WHERE asked_at < $1`,
  },
  {
    name: 'idempotency',
    rows: `SELECT ctid FROM idempotency WHERE expires_at < $1`,
  },
] as const;

export type Swept = Readonly<Record<(typeof OVER)[number]['name'], number>>;

/**
 * Deletes what is over and older than 30 days, a thousand rows at a time.
 * @param now RFC 3339
 * @returns how many rows of each table went
 * @throws DatabaseUnavailable
 */
export async function sweepTables(database: Queryable, now: string): Promise<Swept> {
  const before = addMilliseconds(now, -KEPT_DAYS * DAY_MS);
  const swept = { webhook_inbox: 0, timers: 0, payment_syncs: 0, idempotency: 0 };
  for (const { name, rows } of OVER) {
    for (let deleted = AT_ONCE; deleted === AT_ONCE; swept[name] += deleted) {
      const { rowCount } = await database.query(
        `DELETE FROM ${name} WHERE ctid = ANY(ARRAY(${rows} LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED))`,
        [before],
      );
      deleted = rowCount ?? 0;
    }
  }
  return swept;
}
