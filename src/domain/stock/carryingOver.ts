import { alreadyTrue, type Decision, record } from '../kernel/decision.js';
import type { OrderId, ReservationId } from '../kernel/ids.js';
import type { StockCommand } from './commands.js';
import type { StockEvent } from './events.js';
import { change, hold } from './reservations.js';
import type { StockRejection } from './rejections.js';
import { isOpen, reservationOf, type Stock } from './state.js';

type Command<Type extends StockCommand['type']> = Extract<StockCommand, { type: Type }>;
type CarriedOver = Extract<StockEvent, { type: 'ReservationCarriedOver' }>;

/** What other reservations of the same order give up for a new one: what they hold, and no more than is wanted of it. */
export function givenUp(
  { reservationId: to, orderId, qty, from = [] }: Command<'ReserveStock'>,
  stock: Stock,
): readonly CarriedOver[] {
  const carried: CarriedOver[] = [];
  let [state, left] = [stock, qty];
  for (const { reservationId, qty: most } of from) {
    const units = Math.min(left, most, heldFor(orderId, reservationId, state));
    if (reservationId === to || units < 1) continue;
    const event: CarriedOver = {
      type: 'ReservationCarriedOver',
      data: { from: reservationId, to, orderId, qty: units },
    };
    carried.push(event);
    state = carryOver(state, event.data);
    left -= units;
  }
  return carried;
}

const heldFor = (orderId: OrderId, id: ReservationId, stock: Stock): number => {
  const reservation = reservationOf(stock, id);
  return reservation?.orderId === orderId && isOpen(reservation) ? reservation.qty : 0;
};

/**
 * Takes that back. Who gave units up gets what is still wanted there; one that is over by now, because its units were used or its
 * order ended, gets none. The reservation is over, whether it was ever made or not.
 */
export function restore(
  { reservationId, orderId, to, why }: Command<'RestoreReservation'>,
  stock: Stock,
): Decision<StockRejection, StockEvent> {
  const reservation = reservationOf(stock, reservationId);
  if (reservation && !isOpen(reservation)) return alreadyTrue;
  const back: CarriedOver[] = [];
  let state = stock;
  for (const { reservationId: its, keep } of to) {
    const giver = reservationOf(state, its);
    if (its === reservationId || giver === undefined || !isOpen(giver)) continue;
    const qty = Math.min(unitsOf(state, reservationId), keep - (giver.used ?? 0) - giver.qty);
    if (qty < 1) continue;
    const event: CarriedOver = {
      type: 'ReservationCarriedOver',
      data: { from: reservationId, to: its, orderId, qty },
    };
    back.push(event);
    state = carryOver(state, event.data);
  }
  return record<StockEvent>(...back, {
    type: 'ReservationReleased',
    data: { reservationId, orderId, qty: unitsOf(state, reservationId), why },
  });
}

const unitsOf = (stock: Stock, id: ReservationId): number => reservationOf(stock, id)?.qty ?? 0;

/** The item after units passed from one reservation to another; how many are reserved in all stays as it is. */
export function carryOver(stock: Stock, { from, to, orderId, qty }: CarriedOver['data']): Stock {
  const giver = reservationOf(stock, from);
  const taker = reservationOf(stock, to);
  if (from === to || giver === undefined || giver.qty < qty || (taker && !isOpen(taker))) return stock;
  // it may be given back, so it is not over, even if it holds nothing
  const given = change(stock.reservations, from, { ...giver, qty: giver.qty - qty });
  return {
    ...stock,
    reservations: taker ? change(given, to, { ...taker, qty: taker.qty + qty }) : hold(given, to, orderId, qty),
  };
}
