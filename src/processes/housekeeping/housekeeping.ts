import type { Clock } from '../../commands/ports/clock.js';
import { startWorkLoop, type WorkLoop } from '../../subscriptions/workLoop.js';
import { type CounterParts, sweepCounters } from './counters.js';
import { sweepTables } from './tables.js';

const EVERY_MS = 60 * 60_000;
const IDLE_MS = 60_000;

export interface HousekeepingParts extends CounterParts {
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
}

/**
 * Deletes what is over and old, at the start and every hour, until stopped. Several processes may do it side by side: what
 * one has deleted the others do not find.
 */
export function startHousekeeping({ clock, failed, ...parts }: HousekeepingParts): WorkLoop {
  let nextAt = Date.parse(clock.now());
  const untilNext = (): number => nextAt - Date.parse(clock.now());
  return startWorkLoop<string>({
    claim: () => {
      if (untilNext() > 0) return Promise.resolve([]);
      const now = clock.now();
      nextAt = Date.parse(now) + EVERY_MS;
      return Promise.resolve([now]);
    },
    work: async (now) => {
      await sweepTables(parts.database, now);
      await sweepCounters(parts, now);
    },
    untilNextMs: () => Promise.resolve(untilNext()),
    idleMs: IDLE_MS,
    maxInFlight: 1,
    failed,
  });
}
