import type { InvalidQuantity } from '../kernel/rejections.js';
import type { StockEvent } from './events.js';
import type { RegisteredStock } from './state.js';

/** What is said when fewer units can be promised than before: all gone, or fewer than the threshold. */
export function lowered({ threshold }: RegisteredStock, before: number, after: number): readonly StockEvent[] {
  if (before > 0 && after <= 0) return [{ type: 'StockDepleted', data: {} }];
  return before > threshold && after <= threshold
    ? [{ type: 'LowStockReached', data: { available: after, threshold } }]
    : [];
}

export const isWhole = (quantity: number, minimum: number): boolean =>
  Number.isSafeInteger(quantity) && quantity >= minimum;

export const invalid = (quantity: number, minimum: number): InvalidQuantity => ({
  _tag: 'InvalidQuantity',
  quantity,
  minimum,
  maximum: Number.MAX_SAFE_INTEGER,
});
