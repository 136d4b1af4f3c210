import { assertNever } from '../kernel/assertNever.js';
import type { OfferDetails, OfferEvent } from './events.js';
import { pricedAt } from './prices.js';
import type { ExistingOffer, Offer, Suspension } from './state.js';

/** The offer after an event. Total: a fact that fits nothing changes nothing. */
export function evolve(offer: Offer, event: OfferEvent): Offer {
  switch (event.type) {
    case 'OfferDrafted': {
      if (offer.status !== 'none') return offer;
      const { sku, ...details } = event.data;
      return { status: 'draft', sku, details: detailsOf(details), price: undefined };
    }
    case 'OfferPublished':
      return offer.status === 'draft' && offer.price ? { ...offer, status: 'on_sale', price: offer.price } : offer;
    case 'OfferChanged':
      return offer.status === 'none' ? offer : { ...offer, details: detailsOf(event.data) };
    case 'PriceSet': {
      const { price, locationId } = event.data;
      if (offer.status !== 'none' && locationId !== undefined) return pricedAt(offer, locationId, price);
      return offer.status === 'none' || offer.status === 'retired' ? offer : { ...offer, price };
    }
    case 'PriceDropped':
      return offer.status === 'none' ? offer : pricedAt(offer, event.data.locationId, undefined);
    case 'OfferSuspended':
      return offer.status === 'none' ? offer : { ...offer, suspensions: [...others(offer, event.data), event.data] };
    case 'OfferResumed': {
      if (offer.status === 'none') return offer;
      const { suspensions: _, ...rest } = offer;
      const left = others(offer, event.data);
      return left.length === 0 ? rest : { ...rest, suspensions: left };
    }
    case 'OfferRetired':
      return offer.status === 'none' ? offer : { ...offer, status: 'retired' };
    default:
      return assertNever(event);
  }
}

/** The suspensions of other places. */
const others = (
  { suspensions = [] }: ExistingOffer,
  { locationId }: Pick<Suspension, 'locationId'>,
): readonly Suspension[] => suspensions.filter((one) => one.locationId !== locationId);

const detailsOf = ({
  name,
  trackStock,
  taxClass,
  station,
  prepSeconds,
  options,
  allergens,
  weight,
  modes,
}: OfferDetails): OfferDetails => ({
  name,
  trackStock,
  taxClass,
  ...(station === undefined ? {} : { station }),
  ...(prepSeconds === undefined ? {} : { prepSeconds }),
  ...(options === undefined ? {} : { options }),
  ...(allergens === undefined ? {} : { allergens }),
  ...(weight === undefined ? {} : { weight }),
  ...(modes === undefined ? {} : { modes }),
});
