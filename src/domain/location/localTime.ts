import { instantOf, writtenInstant } from '../kernel/instant.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format is dear, and there are few time zones. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
}

/** Whether the text is an IANA time zone that this program knows. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

const SECOND_MS = 1_000;
/** What clocks showed last, by time zone: most questions are about now. */
const shown = new Map<string, { readonly second: number; readonly clock: number }>();

/** What clocks show in a time zone, as milliseconds since 1970 were it UTC; whole seconds. */
function clock(at: number, timeZone: string): number {
  const second = Math.floor(at / SECOND_MS);
  const last = shown.get(timeZone);
  if (last?.second === second) return last.clock;
  const now = readClock(at, timeZone);
  shown.set(timeZone, { second, clock: now });
  return now;
}

function readClock(at: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  const date = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
  return instantOf(`${date}T${part('hour')}:${part('minute')}:${part('second')}Z`);
}

/**
 * The moment at which clocks in the time zone show a time of a date. A time that is skipped when clocks go forward is the
 * one an hour later; of two that are the same it is the first.
 * @param date `YYYY-MM-DD`
 * @param time `HH:MM`
 */
export function momentOf(date: string, time: string, timeZone: string): number {
  const wanted = instantOf(`${date}T${time}:00Z`);
  const offsets = [wanted - DAY_MS, wanted + DAY_MS].map((around) => clock(around, timeZone) - around);
  const candidates = offsets.map((offset) => wanted - offset);
  return Math.min(...candidates.filter((at) => clock(at, timeZone) === wanted), Math.max(...candidates));
}

/** The date that calendars show in the time zone, `YYYY-MM-DD`. */
export const dateOf = (at: number, timeZone: string): string => iso(clock(at, timeZone));

/** The date so many days later. */
export const plusDays = (date: string, days: number): string => iso(beginOf(date) + days * DAY_MS);

/** The first of January 1970, from which days are counted, was a Thursday. */
const FIRST_WEEKDAY = 3;

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (date: string): number => ((beginOf(date) / DAY_MS + FIRST_WEEKDAY) % 7) + 1;

/** The date of the business day that a moment belongs to: before the day changes it is still the day before. */
export function businessDateOf(at: number, timeZone: string, begins: string): string {
  const [hours = 0, minutes = 0] = begins.split(':').map(Number);
  return iso(clock(at, timeZone) - (hours * 60 + minutes) * MINUTE_MS);
}

const beginOf = (date: string): number => instantOf(`${date}T00:00:00Z`);

const iso = (at: number): string => writtenInstant(at).slice(0, 10);
