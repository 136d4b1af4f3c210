import { randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Ids look like Stripe's and cannot be guessed: whoever knows a session's id can pay it. */
const LENGTHS = { cs_test: 58, li: 24, price: 24, prod: 14, pi: 24, ch: 24, re: 24, dp: 24, evt: 24, req: 14 } as const;
export type IdPrefix = keyof typeof LENGTHS;

export function newId(prefix: IdPrefix): string {
  let body = '';
  for (let length = LENGTHS[prefix]; length > 0; length--) body += ALPHABET.charAt(randomInt(ALPHABET.length));
  return `${prefix}_${body}`;
}
