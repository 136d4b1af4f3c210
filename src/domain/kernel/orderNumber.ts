/** Crockford's base 32: digits and letters without I, L, O, U (https://www.crockford.com/base32.html). */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** The check symbol is the number modulo 37, so it needs five more. */
const CHECK_SYMBOLS = `${SYMBOLS}*~$=U`;
const LENGTH = 12;
const BITS = BigInt(LENGTH * 5);

/**
 * The number that people read out: 60 bits in twelve symbols and a check symbol, `ABCD-EFGH-JKMN-7`.
 *
 * @param bytes at least eight; the first 60 bits are used (the caller takes them from an HMAC of the order's id)
 * @throws RangeError for fewer bytes
 */
export function formatOrderNumber(bytes: Uint8Array): string {
  if (bytes.length < 8) throw new RangeError(`an order number needs 8 bytes, not ${bytes.length}`);
  const number = bytes.slice(0, 8).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) >> (64n - BITS);
  let text = '';
  for (let shift = BITS - 5n; shift >= 0n; shift -= 5n) text += SYMBOLS[Number((number >> shift) & 31n)];
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}-${checkSymbol(number)}`;
}

/**
 * The order number that a person meant, in its one spelling; undefined when the check symbol does not fit. As Crockford
 * allows: lower case, O for 0, I and L for 1, dashes anywhere or nowhere.
 */
export function parseOrderNumber(text: string): string | undefined {
  const plain = text.toUpperCase().replaceAll('-', '');
  if (plain.length !== LENGTH + 1) return undefined;
  const body = plain.slice(0, LENGTH).replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  let number = 0n;
  for (const symbol of body) {
    const value = SYMBOLS.indexOf(symbol);
    if (value < 0) return undefined;
    number = (number << 5n) | BigInt(value);
  }
  const check = plain.slice(LENGTH).replace('O', '0').replace(/[IL]/, '1');
  if (check !== checkSymbol(number)) return undefined;
  return `${body.slice(0, 4)}-${body.slice(4, 8)}-${body.slice(8)}-${check}`;
}

/** Whether the text is an order number in its one spelling, check symbol included. */
export const isOrderNumber = (text: string): boolean => parseOrderNumber(text) === text;

const checkSymbol = (number: bigint): string => CHECK_SYMBOLS[Number(number % 37n)] ?? '';
