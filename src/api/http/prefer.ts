/** What the client would like (RFC 7240), as far as we know how. */
export interface Preferences {
  /** Seconds to wait for something to act on, 0–30. */
  readonly wait?: number;
  /** Answer without a body. */
  readonly minimal: boolean;
}

const LONGEST_WAIT = 30;

/** Reads Prefer. What is unknown or malformed is ignored, as the RFC demands; a longer wait is cut to 30 seconds. */
export function readPrefer(header: string | undefined): Preferences {
  if (header === undefined) return { minimal: false };
  let wait: number | undefined;
  let minimal = false;
  for (const preference of header.split(',')) {
    const [name, value] = (preference.split(';', 1)[0] ?? '').split('=', 2).map((part) => part.trim());
    const plain = value?.replace(/^"(.*)"$/, '$1');
    // the first of several counts
    if (name?.toLowerCase() === 'wait' && wait === undefined && plain !== undefined && /^\d{1,9}$/.test(plain)) {
      wait = Math.min(Number(plain), LONGEST_WAIT);
    }
    if (name?.toLowerCase() === 'return' && plain?.toLowerCase() === 'minimal') minimal = true;
  }
  return wait === undefined ? { minimal } : { wait, minimal };
}
