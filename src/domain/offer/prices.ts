import type { LocationId } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { OfferView } from './commands.js';
import type { ExistingOffer, LocationPrice } from './state.js';

/** What one unit costs at a location, without what is chosen of its options; without a location: elsewhere. */
export const priceAt = (
  { price, locationPrices = [] }: Pick<OfferView, 'price' | 'locationPrices'>,
  at: LocationId | undefined,
): Money => locationPrices.find(({ locationId }) => locationId === at)?.price ?? price;

/** The offer with another price at a location; without one: with none of its own there. */
export function pricedAt(offer: ExistingOffer, locationId: LocationId, price: Money | undefined): ExistingOffer {
  const { locationPrices: before = [], ...rest } = offer;
  const others = before.filter((one) => one.locationId !== locationId);
  const locationPrices: readonly LocationPrice[] = price === undefined ? others : [...others, { locationId, price }];
  return locationPrices.length === 0 ? rest : { ...rest, locationPrices };
}
