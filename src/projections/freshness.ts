import type { Queryable } from '../subscriptions/ports/database.js';

/** How current a read model is. */
export interface Freshness {
  /** RFC 3339: everything that was stored up to then is in the view. */
  readonly asOf: string;
  /** Whole milliseconds since {@link asOf}; an idle view says so once a second, so up to 1,000 mean nothing is missing. */
  readonly lagMs: number;
}

/**
 * How current the read model of a projection is, from the mark that its runner keeps beside its checkpoint. A projection
 * that never ran shows an empty view as of the beginning of time.
 * @throws DatabaseUnavailable
 */
export async function freshnessOf(database: Queryable, projection: string): Promise<Freshness> {
  const { rows } = await database.query<{ as_of: Date; lag_ms: number }>(
    `SELECT as_of, greatest(0, floor(extract(epoch FROM now() - as_of) * 1000))::float8 AS lag_ms
     FROM (SELECT coalesce((SELECT as_of FROM checkpoints WHERE name = $1), to_timestamp(0)) AS as_of) AS mark`,
    [projection],
  );
  const mark = rows[0];
  if (!mark) throw new Error(`no freshness of ${projection}`);
  return { asOf: mark.as_of.toISOString(), lagMs: mark.lag_ms };
}

/**
 * Up to which commit position of the log the read model of a projection shows everything; −1 where it never ran.
 * @throws DatabaseUnavailable
 */
export async function shownUpTo(database: Queryable, projection: string): Promise<bigint> {
  const { rows } = await database.query<{ position: string | null }>(
    'SELECT position::text FROM checkpoints WHERE name = $1',
    [projection],
  );
  return BigInt(rows[0]?.position ?? -1);
}
