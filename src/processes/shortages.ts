import type { LineQuantity, Shortage } from '../domain/order/index.js';
import type { StockRejection } from '../domain/stock/index.js';
import type { Refused } from './engine/outcome.js';
import type { CommandStep } from './engine/step.js';
import { type Line, type OrderDetails, reservationOf, toStockOf } from './orderLines.js';

/** Sets the units of a line aside; what other lines of the order give up for it need not be free. */
export const reserve = (details: OrderDetails, line: Line, from: readonly LineQuantity[] = []): CommandStep =>
  toStockOf(details, line, 'reserve', {
    type: 'ReserveStock',
    reservationId: reservationOf(details, line),
    orderId: details.orderId,
    qty: line.qty,
    ...(from.length === 0
      ? {}
      : { from: from.map(({ lineId, qty }) => ({ reservationId: reservationOf(details, { lineId }), qty })) }),
  });

/** How many units were free when a reservation was refused for want of stock; undefined when it was refused otherwise. */
export function freeUnits({ rejection }: Refused): number | undefined {
  const refusal = rejection as StockRejection;
  if (refusal._tag === 'InsufficientStock') return refusal.available;
  // nobody ever counted this item
  if (refusal._tag === 'NotFound' && refusal.what === 'stock') return 0;
  return undefined;
}

/** Of a line is less there than is wanted. */
export const shortageOf = ({ lineId, sku, name, qty }: Line, available: number): Shortage => ({
  lineId,
  sku,
  name,
  wanted: qty,
  available,
});

/** The same for people. */
export const textOf = ({ name, wanted, available }: Shortage): string =>
  `${name}: ${wanted} wanted, ${available} available`;
