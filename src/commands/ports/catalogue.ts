import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import type { LocationView } from '../../domain/location/state.js';
import type { OfferView } from '../../domain/offer/commands.js';

/** Offers and locations held in memory, so that pricing an order reads nothing. */
export interface Catalogue {
  /** The offer, or undefined; an sku that memory does not know is read from its stream once before it is refused. */
  offer(sku: Sku): OfferView | undefined | Promise<OfferView | undefined>;
  location(id: LocationId): LocationView | undefined | Promise<LocationView | undefined>;
}
