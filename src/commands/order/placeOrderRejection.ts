import type { LocationId, OrderId, Sku } from '../../domain/kernel/ids.js';
import type { OrderingRejection } from '../../domain/location/index.js';
import type { OrderRejection } from '../../domain/order/index.js';
import type { Money } from '../../domain/kernel/money.js';
import type { PricingRejection } from '../../domain/pricing/index.js';
import type { ExecutorRejection } from '../executor/contract.js';
import type { SignedQuote } from './quoteToken.js';

/** Something in the order is not on sale. `lines` are the places in the request. */
export interface OfferUnavailable {
  readonly _tag: 'OfferUnavailable';
  readonly items: readonly {
    readonly sku: Sku;
    readonly lines: readonly number[];
    readonly why: 'unknown' | 'not_on_sale' | 'suspended' | 'not_in_this_mode';
    readonly until?: string;
  }[];
}

/** The key came before, with another body. */
export interface IdempotencyKeyReused {
  readonly _tag: 'IdempotencyKeyReused';
}

/** Another request, under another key, placed an order with this number. */
export interface DuplicateMerchantOrderNumber {
  readonly _tag: 'DuplicateMerchantOrderNumber';
  readonly existing: OrderId;
}

/** There is no location of this name to place an order at. */
export interface UnknownLocation {
  readonly _tag: 'UnknownLocation';
  readonly locationId: LocationId;
}

/** It would come to something else than the customer was told. */
export interface PriceChanged {
  readonly _tag: 'PriceChanged';
  /** What it comes to now. */
  readonly quote: SignedQuote;
  /** What it was to come to, where the order names its quote. */
  readonly quoted?: { readonly total: Money; readonly validUntil: string };
}

/** What came as the token of a quote is none of ours, or is for another order. */
export interface QuoteNotForThis {
  readonly _tag: 'QuoteNotForThis';
  readonly why: 'altered' | 'other-order';
}

/** The kitchen has too much to do to make it by then; `next` (RFC 3339, UTC) is when it could be ready. */
export interface KitchenFull {
  readonly _tag: 'KitchenFull';
  readonly promisedAt: string;
  readonly next: string;
}

export type PlaceOrderRejection =
  | OrderRejection
  | ExecutorRejection
  | Exclude<PricingRejection, { _tag: 'OfferUnavailable' }>
  | OfferUnavailable
  | IdempotencyKeyReused
  | DuplicateMerchantOrderNumber
  | UnknownLocation
  | PriceChanged
  | QuoteNotForThis
  | KitchenFull
  | OrderingRejection;
