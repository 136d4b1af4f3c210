import type { Sku } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { CurrencyMismatch, InvalidQuantity } from '../kernel/rejections.js';

/** These cannot be ordered: nobody offers them, or not yet. */
export interface OfferUnavailable {
  readonly _tag: 'OfferUnavailable';
  readonly items: readonly { readonly sku: Sku; readonly why: 'unknown' | 'not_on_sale' }[];
}

/** The order costs more than one order may. */
export interface TotalTooLarge {
  readonly _tag: 'TotalTooLarge';
  readonly maximum: Money;
}

/** Why lines have no price. */
export type PricingRejection = OfferUnavailable | CurrencyMismatch | TotalTooLarge | InvalidQuantity;
