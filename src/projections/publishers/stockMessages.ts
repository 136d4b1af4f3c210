import { available, type RegisteredStock, reservationOf, type StockEvent } from '../../domain/stock/index.js';
import type { Message } from './message.js';

/** What moves units that lie on the shelf, and what says that they become few. */
export const STOCK_FACTS = [
  'StockRegistered',
  'StockPolicyChanged',
  'StockAdjusted',
  'StockReceived',
  'TransferredOut',
  'TransferredIn',
  'StockReturned',
  'StockConsumed',
  'LowStockReached',
  'StockDepleted',
  'StockShortfallDetected',
] as const;
type StockFact = Extract<StockEvent, { type: (typeof STOCK_FACTS)[number] }>;

/** What an event of a stock item tells other services, given the item just after it. */
export function stockMessage(event: StockFact, state: RegisteredStock): Message {
  const { sku, locationId, onHand, reserved } = state;
  const block = { sku, locationId, onHand, reserved, available: available(state) };
  const subject = `${sku}@${locationId}`;
  switch (event.type) {
    case 'LowStockReached':
      return { type: 'stock.low.v1', subject, data: { ...block, threshold: event.data.threshold } };
    case 'StockDepleted':
      return { type: 'stock.depleted.v1', subject, data: block };
    case 'StockShortfallDetected': {
      const { missing, reservations } = event.data;
      const orders = [...new Set(reservations.flatMap((id) => reservationOf(state, id)?.orderId ?? []))];
      return { type: 'stock.shortfall.v1', subject, data: { ...block, missing, orders } };
    }
    default:
      return { type: 'stock.changed.v1', subject, data: block };
  }
}
