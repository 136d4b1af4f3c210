import { fraction, type Money, zero } from '../kernel/money.js';

/** What somebody gives on top, untaxed: so much, or so much of what the lines cost on the menu (basis points, rounded once). */
export type Tip = { readonly amount: Money } | { readonly rateBp: number };

/** How much that is. @param goods what the lines cost on the menu */
export function tipOf(tip: Tip | undefined, goods: Money): Money {
  if (tip === undefined) return zero(goods.currency);
  return 'amount' in tip ? tip.amount : fraction(goods, tip.rateBp, 10_000);
}
