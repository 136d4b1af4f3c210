import { location, type LocationView, representLocation } from '../../domain/location/index.js';
import { offer, type OfferView, representOffer } from '../../domain/offer/index.js';
import { typesOf } from '../documents/document.js';
import type { ReadModel } from '../documents/documentTable.js';
import { storedDocuments } from '../documents/storedDocuments.js';
import { CATALOGUE, LOCATION_TABLE, OFFER_TABLE } from './schema.js';

export interface CatalogueProjectionOptions {
  /** How many states are kept in memory; default as {@link storedDocuments} has it. */
  readonly maxStates?: number;
}

/** What can be ordered and where: offers and locations. */
export function catalogueProjection({ maxStates }: CatalogueProjectionOptions = {}): ReadModel {
  const offers = storedDocuments({
    folding: offer,
    stateVersion: 1,
    table: OFFER_TABLE,
    idOf: (stream) => stream,
    represent: (state, revision): OfferView | undefined => representOffer(state, revision),
    columns: [{ name: 'sku', type: 'text' }],
    ...(maxStates === undefined ? {} : { maxStates }),
    columnsOf: ({ sku }) => ({ sku }),
  });
  const locations = storedDocuments({
    folding: location,
    stateVersion: 1,
    table: LOCATION_TABLE,
    idOf: (stream) => stream,
    represent: (state, revision): LocationView | undefined => representLocation(state, revision),
    columns: [{ name: 'location_id', type: 'text' }],
    ...(maxStates === undefined ? {} : { maxStates }),
    columnsOf: ({ locationId }) => ({ location_id: locationId }),
  });
  const isOffer = typesOf(offer);
  const isLocation = typesOf(location);
  return {
    name: CATALOGUE,
    tables: [offers.table, locations.table],
    wants: (type) => isOffer(type) || isLocation(type),
    project: async (events, transaction) => {
      const offerEvents = events.filter(({ event }) => isOffer(event.type));
      const locationEvents = events.filter(({ event }) => isLocation(event.type));
      if (offerEvents.length > 0) await offers.project(offerEvents, transaction);
      if (locationEvents.length > 0) await locations.project(locationEvents, transaction);
    },
    committed: () => {
      offers.committed();
      locations.committed();
    },
  };
}
