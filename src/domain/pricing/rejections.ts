import type { Sku } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { CurrencyMismatch, InvalidQuantity } from '../kernel/rejections.js';

/** These cannot be ordered: nobody offers them, not yet, or not now (`until`, RFC 3339, where it is known). */
export interface OfferUnavailable {
  readonly _tag: 'OfferUnavailable';
  readonly items: readonly {
    readonly sku: Sku;
    readonly why: 'unknown' | 'not_on_sale' | 'suspended' | 'not_in_this_mode';
    readonly until?: string;
  }[];
}

/** The order costs more than one order may. */
export interface TotalTooLarge {
  readonly _tag: 'TotalTooLarge';
  readonly maximum: Money;
}

/** What is ordered costs too little to be brought there: `missing` more would do. */
export interface OrderBelowMinimum {
  readonly _tag: 'OrderBelowMinimum';
  readonly minimum: Money;
  readonly missing: Money;
}

/** A choice that the offer does not have, or too few or too many of an option. */
export interface InvalidChoice {
  readonly _tag: 'InvalidChoice';
  readonly sku: Sku;
  readonly option: string;
  readonly problem: string;
}

/** Why lines have no price. */
export type PricingRejection =
  OfferUnavailable | CurrencyMismatch | TotalTooLarge | InvalidQuantity | InvalidChoice | OrderBelowMinimum;
