import type { SyncLimit } from '../../api/ports/syncLimit.js';
import { DatabaseUnavailable, type Queryable } from '../../subscriptions/ports/database.js';

/** Between two questions about one payment there is so much time, at least. */
const SYNC_EVERY_MS = 2_000;
/** A process that counts alone forgets everything rather than grow. */
const MOST_ALONE = 10_000;

export interface SyncLimitOptions {
  readonly everyMs?: number;
  /** Told of a database that does not answer: until it does each process counts for itself. */
  readonly alone: (error: unknown) => void;
}

/**
 * The table `payment_syncs` says when each payment was asked about last, so that all processes count together; PostgreSQL and
 * not Redis keeps it, for every installation has one. While the database does not answer each process counts for itself: the
 * provider is asked a little more often, and nobody who has paid is kept waiting.
 */
export function postgresSyncLimit(
  database: Queryable,
  { everyMs = SYNC_EVERY_MS, alone }: SyncLimitOptions,
): SyncLimit {
  const own = new Map<string, number>();
  const takeAlone = (id: string): number => {
    const now = performance.now();
    const wait = Math.ceil((own.get(id) ?? -everyMs) + everyMs - now);
    if (wait > 0) return wait;
    if (own.size >= MOST_ALONE) own.clear();
    own.set(id, now);
    return 0;
  };
  return {
    take: async (id) => {
      try {
        // one statement: of several at once the first one gets the row, and the others find it new
        const { rows } = await database.query<{ taken: boolean; wait: number | null }>(
          `WITH taken AS (
             INSERT INTO payment_syncs AS known (payment_id, asked_at) VALUES ($1, now())
             ON CONFLICT (payment_id) DO UPDATE SET asked_at = now()
               WHERE known.asked_at <= now() - $2::int * interval '1 millisecond'
             RETURNING payment_id
           )
           SELECT EXISTS (SELECT 1 FROM taken) AS taken,
                  (SELECT ceil(extract(epoch FROM asked_at - now()) * 1000)::int + $2::int
                     FROM payment_syncs WHERE payment_id = $1) AS wait`,
          [id, everyMs],
        );
        if (rows[0]?.taken === true) return 0;
        return Math.min(everyMs, Math.max(1, rows[0]?.wait ?? everyMs));
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) throw error;
        alone(error);
        return takeAlone(id);
      }
    },
  };
}
