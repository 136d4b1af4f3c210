import type * as t from 'io-ts';
import { decoder, type Schema } from './schema.js';

/** Half of a surrogate pair stands for no character; with the `u` flag only unpaired ones match. */
const UNPAIRED_SURROGATE = /\p{Cs}/u;
const CONTROL_CHARACTER = /\p{Cc}/u;

const codePoints = (value: string): number => [...value].length;

/**
 * Free text for people: NFC-normalised, 1 to `max` code points, no control characters and no broken surrogates; any
 * other Unicode is kept as it came.
 */
export const text = (max: number): Schema<string> => ({
  json: { type: 'string', minLength: 1, maxLength: max },
  codec: decoder('text', (value) => {
    if (typeof value !== 'string') return wrongType('a text', value);
    if (UNPAIRED_SURROGATE.test(value)) {
      return { fault: { code: 'invalid-text', text: 'must not hold half of a surrogate pair' } };
    }
    if (CONTROL_CHARACTER.test(value)) {
      return { fault: { code: 'invalid-text', text: 'must not hold control characters' } };
    }
    const normalised = value.normalize('NFC');
    if (normalised.trim() === '') return { fault: { code: 'too-short', text: 'must not be empty' } };
    if (codePoints(normalised) > max) {
      return { fault: { code: 'too-long', text: `must have at most ${max} characters` } };
    }
    return { value: normalised };
  }),
});

/** A text that a pattern accepts as it is, neither trimmed nor changed; `form` says in words what is accepted. */
export const matching = <A extends string = string>(pattern: RegExp, form: string): Schema<A> => ({
  json: { type: 'string', pattern: pattern.source },
  codec: decoder('text', (value) => {
    if (typeof value !== 'string') return wrongType('a text', value);
    return pattern.test(value) ? { value: value as A } : { fault: { code: 'invalid-format', text: `must be ${form}` } };
  }),
});

/** A text that a codec of the domain accepts; the pattern is for the reader of the document. */
export const byCodec = <A extends string>(
  codec: t.Type<A, string, unknown>,
  pattern: RegExp,
  form: string,
): Schema<A> => ({
  json: { type: 'string', pattern: pattern.source },
  codec: decoder(codec.name, (value) => {
    if (typeof value !== 'string') return wrongType('a text', value);
    return codec.is(value) ? { value } : { fault: { code: 'invalid-format', text: `must be ${form}` } };
  }),
});

/** A whole JSON number within bounds; `"2"` and `1.5` are none. */
export const integer = (min: number, max: number = Number.MAX_SAFE_INTEGER): Schema<number> => ({
  json: { type: 'integer', minimum: min, ...(max === Number.MAX_SAFE_INTEGER ? {} : { maximum: max }) },
  codec: decoder('integer', (value) => {
    if (typeof value !== 'number') return wrongType('a whole number', value);
    if (!Number.isInteger(value)) return { fault: { code: 'wrong-type', text: 'must be a whole number' } };
    if (value >= min && value <= max) return { value };
    return { fault: { code: 'out-of-range', text: `must be from ${min} to ${max}` } };
  }),
});

export const boolean: Schema<boolean> = {
  json: { type: 'boolean' },
  codec: decoder('boolean', (value) => (typeof value === 'boolean' ? { value } : wrongType('true or false', value))),
};

/** One of a fixed list of words. */
export const oneOf = <const A extends string>(...words: readonly A[]): Schema<A> => ({
  json: { type: 'string', enum: words },
  codec: decoder('word', (value) => {
    if (typeof value !== 'string') return wrongType('a text', value);
    const word = words.find((candidate) => candidate === value);
    return word === undefined
      ? { fault: { code: 'not-allowed', text: `must be one of ${words.join(', ')}` } }
      : { value: word };
  }),
});

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/;

/** A moment as RFC 3339 writes it, given as text; February 30 is none. */
export const dateTime: Schema<string> = {
  json: { type: 'string', format: 'date-time' },
  codec: decoder('date-time', (value) => {
    if (typeof value !== 'string') return wrongType('a text', value);
    return isDateTime(value)
      ? { value }
      : { fault: { code: 'invalid-format', text: 'must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z' } };
  }),
};

function isDateTime(value: string): boolean {
  const match = DATE_TIME.exec(value);
  if (!match || Number.isNaN(Date.parse(value))) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day <= lastDay && Number(match[7] ?? 0) <= 23 && Number(match[8] ?? 0) <= 59;
}

/** Any JSON value: for answers whose form another document describes. */
export const anything: Schema<unknown> = { json: {}, codec: decoder('anything', (value) => ({ value })) };

function wrongType(wanted: string, value: unknown): { fault: { code: string; text: string } } {
  return { fault: { code: 'wrong-type', text: `must be ${wanted}, not ${kindOf(value)}` } };
}

/** What JSON calls a value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
}
