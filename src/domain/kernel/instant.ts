/**
 * Times as they are written in commands and events, as numbers to reckon with, and back. Nothing here asks what time it is:
 * time comes to the domain in its commands. That is why this file alone may use `Date` there, and no more of it than is seen
 * here (eslint.config.js).
 */

/** Milliseconds since 1970 of a written time (RFC 3339); `NaN` where it is none. */
export const instantOf = (written: string): number => Date.parse(written);

/** The written time (RFC 3339, UTC) of milliseconds since 1970. */
export const writtenInstant = (at: number): string => new Date(at).toISOString();

/** Whether one written time (RFC 3339) is before another, whatever offsets they are written with. */
export const isBefore = (one: string, other: string): boolean => instantOf(one) < instantOf(other);
