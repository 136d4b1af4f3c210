import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import type { LocationView } from '../../domain/location/state.js';
import type { OfferView } from '../../domain/offer/commands.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Freshness, freshnessOf } from '../freshness.js';
import { CATALOGUE, LOCATION_TABLE, OFFER_TABLE } from './schema.js';

export interface OffersPageRequest {
  /** How many at most; 1 or more. */
  readonly limit: number;
  /** The page after this sku; absent: the first page. */
  readonly cursor?: { readonly sku: Sku };
}

export interface OffersPage extends Freshness {
  readonly items: readonly OfferView[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: { readonly sku: Sku };
}

export interface LocationsPage extends Freshness {
  readonly items: readonly LocationView[];
  /** After which one the next page begins; absent on the last one. */
  readonly next?: LocationId;
}

export interface CatalogueQueries {
  offerBySku(sku: Sku): Promise<OfferView | undefined>;
  /** Offers by sku, in the order of their bytes. */
  offersPage(request: OffersPageRequest): Promise<OffersPage>;
  /** Locations by id, in the order of its bytes. */
  locationsPage(request: { readonly limit: number; readonly after?: LocationId }): Promise<LocationsPage>;
  locationById(id: LocationId): Promise<LocationView | undefined>;
}

/** Reads the catalogue. Every method throws DatabaseUnavailable. */
export const catalogueQueries = (database: Queryable): CatalogueQueries => ({
  offerBySku: async (sku) => {
    const { rows } = await database.query<{ view: OfferView }>(`SELECT view FROM ${OFFER_TABLE} WHERE sku = $1`, [sku]);
    return rows[0]?.view;
  },

  offersPage: async ({ limit, cursor }) => {
    const freshness = await freshnessOf(database, CATALOGUE);
    const { rows } = await database.query<{ view: OfferView }>(
      `SELECT view FROM ${OFFER_TABLE} WHERE $1::text IS NULL OR sku > $1 ORDER BY sku LIMIT $2`,
      [cursor?.sku ?? null, limit + 1],
    );
    const items = rows.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last ? { next: { sku: last.sku } } : {}), ...freshness };
  },

  locationsPage: async ({ limit, after }) => {
    const freshness = await freshnessOf(database, CATALOGUE);
    const { rows } = await database.query<{ view: LocationView }>(
      `SELECT view FROM ${LOCATION_TABLE} WHERE $1::text IS NULL OR location_id > $1 ORDER BY location_id LIMIT $2`,
      [after ?? null, limit + 1],
    );
    const items = rows.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last ? { next: last.locationId } : {}), ...freshness };
  },

  locationById: async (id) => {
    const { rows } = await database.query<{ view: LocationView }>(
      `SELECT view FROM ${LOCATION_TABLE} WHERE location_id = $1`,
      [id],
    );
    return rows[0]?.view;
  },
});
