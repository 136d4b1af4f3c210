import type { Money } from '../kernel/money.js';
import type { OrderLine } from '../order/events.js';
import type { Tip } from './tip.js';
import { type Bringing, type Priced, totalled } from './totals.js';

/** What a line was said to cost, and what its article and options were called then. */
export type QuotedLine = Pick<
  OrderLine,
  'name' | 'options' | 'unitPrice' | 'gross' | 'discount' | 'tax' | 'net' | 'taxRateBp'
>;

/** The prices that somebody was told, line by line. */
export interface QuotedPrices {
  readonly taxInclusive: boolean;
  readonly lines: readonly QuotedLine[];
  /** What bringing it costs, with its tax; absent: nothing. */
  readonly delivery?: { readonly fee: Money; readonly tax: NonNullable<Priced['deliveryTax']> };
}

/** What of a priced order is promised by its quote. A tip is the customer's to say, and promised by nobody. */
export const quotedPrices = ({ lines, taxInclusive, deliveryFee: fee, deliveryTax: tax }: Priced): QuotedPrices => ({
  taxInclusive,
  lines: lines.map(({ name, options, unitPrice, gross, discount, tax: its, net, taxRateBp }) => ({
    name,
    options,
    unitPrice,
    gross,
    discount,
    tax: its,
    net,
    taxRateBp,
  })),
  ...(tax === undefined ? {} : { delivery: { fee, tax } }),
});

/**
 * An order at the prices that were quoted, its lines in the same order; how each is made, and whether stock is kept for it, is
 * as it is now.
 */
export function atQuotedPrices(
  now: Priced,
  { lines: quoted, taxInclusive, delivery }: QuotedPrices,
  tip: Tip | undefined,
): Priced {
  const lines = now.lines.map((line, place) => ({ ...line, ...quoted[place] }));
  const bringing: Bringing | undefined = delivery && {
    fee: delivery.fee,
    tax: delivery.tax.amount,
    taxRateBp: delivery.tax.rateBp,
  };
  return totalled(lines, { taxInclusive }, lines[0]?.net.currency ?? now.currency, { bringing, tip });
}
