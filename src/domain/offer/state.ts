import type { Sku } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { OfferDetails } from './events.js';

/** An offer of the catalogue. Only what is on sale can be ordered, and it always has a price. */
export type Offer =
  | { readonly status: 'none' }
  | { readonly status: 'draft'; readonly sku: Sku; readonly details: OfferDetails; readonly price: Money | undefined }
  | { readonly status: 'on_sale'; readonly sku: Sku; readonly details: OfferDetails; readonly price: Money };
export type ExistingOffer = Exclude<Offer, { status: 'none' }>;
