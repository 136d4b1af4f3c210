/** The one clock. `now` is RFC 3339, UTC, milliseconds. */
export interface Clock {
  now(): string;
}
