import type { LocationId } from '../../domain/kernel/ids.js';
import { pickupCounterStream } from '../../domain/kernel/streams.js';
import { plusDays } from '../../domain/location/localTime.js';
import { COUNTER_KEPT_DAYS } from '../../domain/pickup/index.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import type { StreamRemoval } from '../ports/streamRemoval.js';

export interface CounterParts {
  readonly database: Queryable;
  readonly streams: StreamRemoval;
  readonly locations: () => Promise<readonly LocationId[]>;
}

/** So many streams are looked for at once, at most, so that whoever stops the process need not wait; the rest is for the next hour. */
const MOST_LOOKS = 2_000;
/** How far back is looked, in days, where nobody has looked before. */
const FIRST_LOOK_DAYS = 100;

/**
 * Deletes the pickup counters of business days that are long over: nobody takes a number from them any more, see `countedOn`. The table
 * `swept_counters` says how far each location has come, so that a day is looked at once; it is written after the streams
 * are gone, and what a process had begun when it died is found deleted by the next.
 * @param now RFC 3339
 * @returns how many streams were deleted
 * @throws DatabaseUnavailable, StoreUnavailable
 */
export async function sweepCounters({ database, streams, locations }: CounterParts, now: string): Promise<number> {
  const last = plusDays(now.slice(0, 10), -COUNTER_KEPT_DAYS - 1);
  let deleted = 0;
  let looks = 0;
  for (const locationId of await locations()) {
    if (looks >= MOST_LOOKS) break;
    const { rows } = await database.query<{ through: string }>(
      'SELECT through FROM swept_counters WHERE location_id = $1',
      [locationId],
    );
    const before = rows[0]?.through ?? plusDays(last, -FIRST_LOOK_DAYS);
    let through = before;
    while (through < last && looks < MOST_LOOKS) {
      looks += 1;
      const day = plusDays(through, 1);
      const outcome = await streams.remove(pickupCounterStream(locationId, day));
      // whoever writes to it still has something to do with it: it is looked at again the next time
      if (outcome === 'moved') break;
      if (outcome === 'removed') deleted += 1;
      through = day;
    }
    if (through === before) continue;
    await database.query(
      `INSERT INTO swept_counters AS known (location_id, through) VALUES ($1, $2)
       ON CONFLICT (location_id) DO UPDATE SET through = GREATEST(known.through, excluded.through)`,
      [locationId, through],
    );
  }
  return deleted;
}
