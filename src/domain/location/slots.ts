import { instantOf, writtenInstant } from '../kernel/instant.js';
import type { OrderMode } from '../order/events.js';
import { isPaused, openSpans } from './opening.js';
import type { LocationView } from './state.js';

const QUARTER_MS = 15 * 60_000;

/**
 * The quarters of an hour of a business day that an order may be wanted in: those that are not over, in which the location is
 * open for the mode and takes orders. RFC 3339, UTC: their beginnings.
 * @param date the business day, `YYYY-MM-DD`
 * @param at now, RFC 3339
 */
export function openQuarters(location: LocationView, mode: OrderMode, date: string, at: string): readonly string[] {
  const quarters = new Set<number>();
  for (const { begins, ends } of openSpans(location, mode, date)) {
    for (let quarter = Math.floor(begins / QUARTER_MS) * QUARTER_MS; quarter < ends; quarter += QUARTER_MS) {
      if (quarter + QUARTER_MS > instantOf(at)) quarters.add(quarter);
    }
  }
  return [...quarters].map(writtenInstant).filter((quarter) => !isPaused(location.paused, quarter));
}
