import { canonicalJson } from '../kernel/canonicalJson.js';
import type { Priced } from './totals.js';

/**
 * What the customer agrees to of a priced order, in its one spelling; its hash is what a quote promises. Line ids are left
 * out, since a quote has none, and so is what is in it, how it is made and kept, what it weighs: where that changes, nobody pays another price.
 */
export const canonicalPrice = (priced: Priced): string =>
  canonicalJson({
    ...priced,
    lines: priced.lines.map((line) => ({
      ...line,
      lineId: undefined,
      station: undefined,
      prepSeconds: undefined,
      allergens: undefined,
      weight: undefined,
      track: undefined,
    })),
  });

export type { Choice } from './options.js';
export { bringingTo } from './bringing.js';
export { price } from './price.js';
export { type Quote, quoteOf } from './quote.js';
export { atQuotedPrices, type QuotedPrices, quotedPrices } from './quoted.js';
export type * from './rejections.js';
export type { Tip } from './tip.js';
export { menuPrice, type Priced } from './totals.js';
