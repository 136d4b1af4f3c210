import { dateTime } from './primitives.js';
import { decoder, type Schema } from './schema.js';

/** A whole number written in plain decimal digits, as query parameters carry it. */
export const decimalText = (min: number, max: number = Number.MAX_SAFE_INTEGER): Schema<number> => ({
  json: { type: 'integer', minimum: min, ...(max === Number.MAX_SAFE_INTEGER ? {} : { maximum: max }) },
  codec: decoder('decimal', (value) => {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : Number.NaN;
    // without a bound, what is too large to count with is still a number: there is nothing as far as that
    if (number >= min && number > max && max === Number.MAX_SAFE_INTEGER) return { value: max };
    if (number >= min && number <= max) return { value: number };
    const bounds = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
    return { fault: { code: 'malformed', text: `must be a whole number, ${bounds}` } };
  }),
});

/** A commit position of the log, in decimal digits: 64 bits without a sign. */
export const positionText: Schema<bigint> = {
  json: { type: 'string', pattern: '^[0-9]{1,20}$' },
  codec: decoder('position', (value) => {
    const position = typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
    return position !== undefined && position < 2n ** 64n
      ? { value: position }
      : { fault: { code: 'malformed', text: 'must be a position as Comanda-Position tells it' } };
  }),
};

/** A moment; a `+` that was not percent-encoded has become a space on the way and is taken back. */
export const momentText: Schema<string> = {
  json: dateTime.json,
  codec: decoder('moment', (value) => {
    const text = typeof value === 'string' ? value.replace(/ (?=\d\d:\d\d$)/, '+') : value;
    const decoded = dateTime.codec.decode(text);
    return decoded._tag === 'Right'
      ? { value: decoded.right }
      : { fault: { code: 'malformed', text: 'must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z' } };
  }),
};
