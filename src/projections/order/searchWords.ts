import type { OrderView } from '../../domain/order/index.js';

/** Plain text as most of it is: nothing of it need be taken apart. */
const ASCII = /^\p{ASCII}*$/u;

/**
 * The words that a text is found by: small letters without accents, and digits. Whatever is neither letter nor digit
 * parts them.
 */
export function searchWords(text: string): readonly string[] {
  const plain = ASCII.test(text) ? text : text.normalize('NFKD').replaceAll(/\p{M}+/gu, '');
  return plain
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** What an order is found by: its number and the merchant's, in one piece and in parts, and the names of what was ordered. */
export function wordsOfOrder({ number, merchantOrderNo, lines }: OrderView): readonly string[] {
  const numbers = [number, ...(merchantOrderNo === undefined ? [] : [merchantOrderNo])].map(searchWords);
  const names = lines.map(({ name }) => searchWords(name));
  return [...new Set([...numbers, ...numbers.map((parts) => [parts.join('')]), ...names].flat())].filter(
    (word) => word !== '',
  );
}
