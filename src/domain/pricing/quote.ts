import type { Sku } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { Priced } from './price.js';

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
  readonly total: Money;
  /** Whether the lines' prices contain their tax. */
  readonly taxInclusive: boolean;
  /** Placed with it alone, an order is refused as soon as it would come to something else. */
  readonly priceHash: string;
}

export const quoteOf = ({ lines, total, taxInclusive }: Priced, priceHash: string): Quote => ({
  lines: lines.map(({ sku, name, qty, unitPrice, net, tax }) => ({ sku, name, quantity: qty, unitPrice, net, tax })),
  total,
  taxInclusive,
  priceHash,
});
