import type { Money } from '../kernel/money.js';
import type { OfferView } from './commands.js';
import type { ExistingOffer, Offer } from './state.js';

/** ISO 4217 "XXX", no currency involved: what a draft shows until its first price is set. */
const NO_PRICE_YET: Money = { amount: 0, currency: 'XXX' };

/** The offer as clients see it, at the given revision; undefined when there is none. */
export function representOffer(offer: ExistingOffer, revision: number): OfferView;
export function representOffer(offer: Offer, revision: number): OfferView | undefined;
export function representOffer(offer: Offer, revision: number): OfferView | undefined {
  if (offer.status === 'none') return undefined;
  const { name, trackStock, taxClass, station, prepSeconds, options, allergens, weight, modes } = offer.details;
  return {
    sku: offer.sku,
    name,
    price: offer.price ?? NO_PRICE_YET,
    trackStock,
    taxClass,
    ...(station === undefined ? {} : { station }),
    ...(prepSeconds === undefined ? {} : { prepSeconds }),
    ...(options === undefined ? {} : { options }),
    ...(allergens === undefined ? {} : { allergens }),
    ...(weight === undefined ? {} : { weight }),
    ...(modes === undefined ? {} : { modes }),
    ...(offer.locationPrices === undefined ? {} : { locationPrices: offer.locationPrices }),
    ...(offer.suspensions === undefined ? {} : { suspensions: offer.suspensions }),
    status: offer.status,
    revision,
  };
}
