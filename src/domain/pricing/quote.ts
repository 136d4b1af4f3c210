import type { Sku } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { Priced } from './totals.js';

/** What an order would come to if it were placed now. */
export interface Quote {
  readonly lines: readonly {
    readonly sku: Sku;
    readonly name: string;
    readonly quantity: number;
    readonly unitPrice: Money;
    readonly net: Money;
    readonly tax: Money;
  }[];
  /** What bringing it costs, taxed like a line. */
  readonly deliveryFee: Money;
  readonly tip: Money;
  readonly tax: Priced['tax'];
  readonly total: Money;
  /** Whether the lines' prices contain their tax. */
  readonly taxInclusive: boolean;
  /** Placed with it alone, an order is refused as soon as it would come to something else. */
  readonly priceHash: string;
}

export const quoteOf = (
  { lines, deliveryFee, tip, tax: taxes, total, taxInclusive }: Priced,
  priceHash: string,
): Quote => ({
  lines: lines.map(({ sku, name, qty, unitPrice, net, tax }) => ({ sku, name, quantity: qty, unitPrice, net, tax })),
  deliveryFee,
  tip,
  tax: taxes,
  total,
  taxInclusive,
  priceHash,
});
