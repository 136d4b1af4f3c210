import type { LocationId, Sku } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { OfferDetails, OfferEvent } from './events.js';

/** Where (absent: everywhere), why and until when (absent: until it is resumed) an offer is not to be had. */
export type Suspension = Extract<OfferEvent, { type: 'OfferSuspended' }>['data'];

/** What it costs at one location. */
export interface LocationPrice {
  readonly locationId: LocationId;
  readonly price: Money;
}

interface Facts {
  readonly sku: Sku;
  readonly details: OfferDetails;
  /** One a location, and one for all of them; absent: none. */
  readonly suspensions?: readonly Suspension[];
  /** Where it costs something else; absent: nowhere. */
  readonly locationPrices?: readonly LocationPrice[];
}

/** An offer of the catalogue. Only what is on sale can be ordered, and it always has a price. */
export type Offer =
  | { readonly status: 'none' }
  | ({ readonly status: 'draft'; readonly price: Money | undefined } & Facts)
  | ({ readonly status: 'on_sale'; readonly price: Money } & Facts)
  /** It was on sale, or meant to be. */
  | ({ readonly status: 'retired'; readonly price: Money | undefined } & Facts);
export type ExistingOffer = Exclude<Offer, { status: 'none' }>;
