import { instantOf, isBefore, writtenInstant } from '../kernel/instant.js';
import type { OrderMode } from '../order/events.js';
import type { Interval } from './events.js';
import { businessDateOf, dateOf, momentOf, plusDays, weekdayOf } from './localTime.js';
import type { Location, Pause } from './state.js';

/** How far ahead is looked for the next opening. */
const LOOK_AHEAD_DAYS = 31;

/** Whether the location is open for a mode at a moment (RFC 3339), or when it opens next; UTC, undefined: not within a month. */
export type Opening = { readonly open: true } | { readonly open: false; readonly opensAt?: string };

/** Looks at the opening hours, in the location's own time; a location without any is always open. */
export function openingAt(location: Location, mode: OrderMode, at: string): Opening {
  const { hours, timeZone } = location;
  if (!hours) return { open: true };
  const moment = instantOf(at);
  const today = dateOf(moment, timeZone);
  let opensAt = Number.POSITIVE_INFINITY;
  // from yesterday on: its last hours may be after midnight
  for (let day = -1; day <= LOOK_AHEAD_DAYS; day++) {
    const date = plusDays(today, day);
    for (const { from, to } of hoursOn(location, mode, date)) {
      const begins = momentOf(date, from, timeZone);
      const ends = momentOf(to > from ? date : plusDays(date, 1), to, timeZone);
      if (moment >= begins && moment < ends) return { open: true };
      if (begins > moment) opensAt = Math.min(opensAt, begins);
    }
    if (day > 0 && Number.isFinite(opensAt)) break;
  }
  return Number.isFinite(opensAt) ? { open: false, opensAt: writtenInstant(opensAt) } : { open: false };
}

/**
 * When the location is open for a mode on a business day: spans of milliseconds since 1970, cut to that day. Without opening
 * hours it is all of it.
 * @param date `YYYY-MM-DD`
 */
export function openSpans(location: Location, mode: OrderMode, date: string): readonly Span[] {
  const { hours, timeZone, businessDayBegins = '00:00' } = location;
  const day = {
    begins: momentOf(date, businessDayBegins, timeZone),
    ends: momentOf(plusDays(date, 1), businessDayBegins, timeZone),
  };
  if (!hours) return [day];
  return [-1, 0, 1]
    .map((days) => plusDays(date, days))
    .flatMap((on) =>
      hoursOn(location, mode, on).map(({ from, to }) => ({
        begins: Math.max(day.begins, momentOf(on, from, timeZone)),
        ends: Math.min(day.ends, momentOf(to > from ? on : plusDays(on, 1), to, timeZone)),
      })),
    )
    .filter(({ begins, ends }) => begins < ends)
    .sort((a, b) => a.begins - b.begins);
}

/** From a moment on and until before another one, milliseconds since 1970. */
export interface Span {
  readonly begins: number;
  readonly ends: number;
}

function hoursOn({ hours }: Location, mode: OrderMode, date: string): readonly Interval[] {
  const ofDate = (hours?.exceptions ?? []).filter((one) => one.date === date);
  // what is said of a mode comes before what is said of all
  const exception =
    ofDate.find(({ modes }) => modes?.includes(mode) === true) ?? ofDate.find(({ modes }) => modes === undefined);
  if (exception) return exception.hours;
  const weekday = weekdayOf(date);
  return (hours?.weekly ?? []).filter(({ days, modes }) => days.includes(weekday) && (modes?.includes(mode) ?? true));
}

/** The date of the location's business day at a moment (RFC 3339): `YYYY-MM-DD`. */
export const businessDate = ({ timeZone, businessDayBegins = '00:00' }: Location, at: string): string =>
  businessDateOf(instantOf(at), timeZone, businessDayBegins);

/** When the business day of a moment ends: RFC 3339, UTC. */
export function businessDayEnds(location: Location, at: string): string {
  const { timeZone, businessDayBegins = '00:00' } = location;
  return writtenInstant(momentOf(plusDays(businessDate(location, at), 1), businessDayBegins, timeZone));
}

/** Whether a pause still holds at a moment (RFC 3339). */
export const isPaused = (pause: Pause | undefined, at: string): pause is Pause =>
  pause !== undefined && (pause.until === undefined || isBefore(at, pause.until));

/**
 * The tax rate of a class, in basis points: of those that have begun and are not over the last one, the location's usual rate
 * where none is said for the class.
 */
export function taxRateOf(
  { taxRates = [], taxRateBp }: Pick<Location, 'taxRates' | 'taxRateBp'>,
  taxClass: string,
  mode: OrderMode | undefined,
  at: string | undefined,
): number {
  const begun = taxRates
    .filter((rate) => rate.taxClass === taxClass)
    .filter(({ modes }) => modes === undefined || (mode !== undefined && modes.includes(mode)))
    .filter(({ validFrom }) => validFrom === undefined || at === undefined || !isBefore(at, validFrom))
    .filter(({ validUntil }) => validUntil === undefined || at === undefined || isBefore(at, validUntil));
  // what is said of a mode comes before what is said of all
  begun.sort(
    (a, b) =>
      Number(b.modes !== undefined) - Number(a.modes !== undefined) ||
      instantOf(b.validFrom ?? '1970-01-01') - instantOf(a.validFrom ?? '1970-01-01'),
  );
  return begun[0]?.rateBp ?? taxRateBp;
}
