import type { StockView } from './commands.js';
import { available, type RegisteredStock, type Stock, USUAL_UNIT } from './state.js';

/** The stock item as clients see it, at the given revision; undefined before it is registered. */
export function representStock(stock: RegisteredStock, revision: number): StockView;
export function representStock(stock: Stock, revision: number): StockView | undefined;
export function representStock(stock: Stock, revision: number): StockView | undefined {
  if (stock.status === 'none') return undefined;
  const { sku, locationId, onHand, reserved, unit } = stock;
  const named = unit === USUAL_UNIT ? {} : { unit };
  return { sku, locationId, onHand, reserved, available: available(stock), ...named, revision };
}
