import type { OrderLine } from '../order/events.js';
import { type Priced, totalled } from './price.js';

/** What a line was said to cost, and what its article and options were called then. */
export type QuotedLine = Pick<
  OrderLine,
  'name' | 'options' | 'unitPrice' | 'gross' | 'discount' | 'tax' | 'net' | 'taxRateBp'
>;

/** The prices that somebody was told, line by line. */
export interface QuotedPrices {
  readonly taxInclusive: boolean;
  readonly lines: readonly QuotedLine[];
}

/** What of a priced order is promised by its quote. */
export const quotedPrices = ({ lines, taxInclusive }: Priced): QuotedPrices => ({
  taxInclusive,
  lines: lines.map(({ name, options, unitPrice, gross, discount, tax, net, taxRateBp }) => ({
    name,
    options,
    unitPrice,
    gross,
    discount,
    tax,
    net,
    taxRateBp,
  })),
});

/**
 * An order at the prices that were quoted, its lines in the same order; how each is made, and whether stock is kept for it, is
 * as it is now.
 */
export function atQuotedPrices(now: Priced, { lines: quoted, taxInclusive }: QuotedPrices): Priced {
  const lines = now.lines.map((line, place) => ({ ...line, ...quoted[place] }));
  return totalled(lines, { taxInclusive }, lines[0]?.net.currency ?? now.currency);
}
