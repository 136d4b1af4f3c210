/** The time so many milliseconds later; RFC 3339, UTC. */
export const addMilliseconds = (at: string, milliseconds: number): string =>
  new Date(Date.parse(at) + milliseconds).toISOString();
export const addMinutes = (at: string, minutes: number): string => addMilliseconds(at, minutes * 60_000);
