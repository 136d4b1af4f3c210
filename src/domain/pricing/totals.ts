import { add, type Money, subtract, sum, zero } from '../kernel/money.js';
import type { OrderEvent, OrderLine } from '../order/events.js';
import { tipOf, type Tip } from './tip.js';

/** What an order comes to; all amounts in one currency, totals are sums of rounded parts. */
export interface Priced extends Pick<
  Extract<OrderEvent, { type: 'OrderPlaced' }>['data'],
  'lines' | 'discounts' | 'deliveryFee' | 'deliveryTax' | 'tip' | 'tax' | 'total' | 'taxInclusive'
> {
  readonly currency: string;
}

/** What bringing something costs, and the tax of that, which is in it where prices contain their tax. */
export interface Bringing {
  readonly fee: Money;
  readonly tax: Money;
  readonly taxRateBp: number;
}

/** What an order comes to besides its lines. */
export interface Extras {
  readonly bringing?: Bringing | undefined;
  readonly tip?: Tip | undefined;
}

/** What lines cost at the prices of the menu, discounts taken off: with their tax where prices contain it, else without. */
export const menuPrice = (lines: readonly Pick<OrderLine, 'net'>[], currency: string): Money =>
  sum(
    lines.map(({ net }) => net),
    currency,
  );

/** What lines that are priced come to together, with what is due besides them; all in one currency. */
export function totalled(
  lines: readonly OrderLine[],
  { taxInclusive }: Pick<Priced, 'taxInclusive'>,
  currency: string,
  { bringing, tip: wanted }: Extras = {},
): Priced {
  const goods = menuPrice(lines, currency);
  const deliveryFee = bringing?.fee ?? zero(currency);
  const tip = tipOf(wanted, goods);
  const taxed: readonly Taxed[] = bringing ? [...lines, { ...bringing, net: bringing.fee }] : lines;
  const tax = sum(
    taxed.map((part) => part.tax),
    currency,
  );
  const nets = add(goods, deliveryFee);
  return {
    currency,
    lines,
    discounts: [],
    deliveryFee,
    ...(bringing ? { deliveryTax: { rateBp: bringing.taxRateBp, amount: bringing.tax } } : {}),
    tip,
    tax: taxByRate(taxed, taxInclusive, currency),
    total: add(taxInclusive ? nets : add(nets, tax), tip),
    taxInclusive,
  };
}

type Taxed = Pick<OrderLine, 'net' | 'tax' | 'taxRateBp'>;

/** The tax of each rate and what it is taken of, in the order in which the rates come first. */
function taxByRate(parts: readonly Taxed[], inclusive: boolean, currency: string): Priced['tax'] {
  const rates = [...new Set(parts.map(({ taxRateBp }) => taxRateBp))];
  return rates.map((rateBp) => {
    const taxed = parts.filter(({ taxRateBp }) => taxRateBp === rateBp);
    const nets = menuPrice(taxed, currency);
    const amount = sum(
      taxed.map(({ tax }) => tax),
      currency,
    );
    return { rateBp, base: inclusive ? subtract(nets, amount) : nets, amount };
  });
}
