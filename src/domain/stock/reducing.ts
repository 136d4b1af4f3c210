import { alreadyTrue, record } from '../kernel/decision.js';
import type { StockCommand } from './commands.js';
import type { StockEvent } from './events.js';
import { reservationOf, type Stock } from './state.js';

/**
 * Some units of an order's line are not wanted any more: what is set aside beyond those that are, and beyond what was used
 * already, is free again. A reservation that is over, or never was, holds nothing to give back.
 */
export function reduce(
  { reservationId, orderId, keep, why }: Extract<StockCommand, { type: 'ReduceReservation' }>,
  stock: Stock,
) {
  const reservation = reservationOf(stock, reservationId);
  if (!reservation) return alreadyTrue;
  const left = Math.max(0, keep - (reservation.used ?? 0));
  if (left >= reservation.qty) return alreadyTrue;
  if (left > 0) {
    return record<StockEvent>({
      type: 'ReservationReduced',
      data: { reservationId, orderId, qty: reservation.qty - left },
    });
  }
  return record<StockEvent>({
    type: 'ReservationReleased',
    data: { reservationId, orderId, qty: reservation.qty, why },
  });
}
