import { instantOf } from '../kernel/instant.js';

/** Clocks differ by so much, and no more. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** Whether a carrier tells of what cannot have happened yet: a word from tomorrow would silence every one until then. */
export const isTooFarAhead = (occurredAt: string, now: string): boolean =>
  instantOf(occurredAt) > instantOf(now) + CLOCKS_DIFFER_MS;
