import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import type { StockView } from '../../domain/stock/commands.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { STOCK_LEVEL } from './schema.js';

export interface StockQueries {
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
});
