import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import type { StockView } from '../../domain/stock/commands.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Freshness, freshnessOf } from '../freshness.js';
import { STOCK_LEVEL } from './schema.js';

/** The place of a stock item in the list, by sku and location. */
export interface StockListKey {
  readonly sku: Sku;
  readonly locationId: LocationId;
}

export interface StockPageRequest {
  readonly sku?: Sku;
  readonly locationId?: LocationId;
  readonly limit: number;
  readonly cursor?: StockListKey;
}

export interface StockPage extends Freshness {
  readonly items: readonly StockView[];
  readonly next?: StockListKey;
}

export interface StockQueries {
  /** What is kept, by sku and then by location. */
  stockPage(request: StockPageRequest): Promise<StockPage>;
  /** The stock of one sku at one location with the revision that the view stands at; undefined when there is none. */
  stockLevel(sku: Sku, location: LocationId): Promise<StockView | undefined>;
}

/** Reads the stock levels. Every method throws DatabaseUnavailable. */
export const stockQueries = (database: Queryable): StockQueries => ({
  stockLevel: async (sku, location) => {
    const { rows } = await database.query<{ view: StockView }>(
      `SELECT view FROM ${STOCK_LEVEL} WHERE sku = $1 AND location_id = $2`,
      [sku, location],
    );
    return rows[0]?.view;
  },
  stockPage: async ({ sku, locationId, limit, cursor }) => {
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const conditions = ['true'];
    if (sku !== undefined) conditions.push(`sku = ${param(sku)}`);
    if (locationId !== undefined) conditions.push(`location_id = ${param(locationId)}`);
    if (cursor) conditions.push(`(sku, location_id) > (${param(cursor.sku)}, ${param(cursor.locationId)})`);
    const freshness = await freshnessOf(database, STOCK_LEVEL);
    const { rows } = await database.query<{ view: StockView }>(
      `SELECT view FROM ${STOCK_LEVEL} WHERE ${conditions.join(' AND ')}
       ORDER BY sku, location_id LIMIT ${param(limit + 1)}`,
      params,
    );
    const items = rows.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, ...(more ? { next: { sku: last.sku, locationId: last.locationId } } : {}), ...freshness };
  },
});
