import type { StockCommand, StockEvent } from '../../../../src/domain/stock/index.js';
import type { LocationId } from '../../../../src/domain/kernel/ids.js';
import { anOrder, aReservation, idOf, main, sku } from '../../../support/fixtures.js';

type Command<Type extends StockCommand['type']> = Extract<StockCommand, { type: Type }>;
type Data<Type extends StockEvent['type']> = Extract<StockEvent, { type: Type }>['data'];

export const registered = (change: Partial<Data<'StockRegistered'>> = {}): StockEvent => ({
  type: 'StockRegistered',
  data: {
    sku: sku('soup'),
    locationId: main,
    onHand: 10,
    threshold: 0,
    safety: 0,
    backorderLimit: 0,
    unit: 'piece',
    ...change,
  },
});
export const reserved = (qty = 3, number = 1): StockEvent => ({
  type: 'StockReserved',
  data: { reservationId: idOf('reservation', number), orderId: anOrder, qty },
});
export const confirmed = (number = 1): StockEvent => ({
  type: 'ReservationConfirmed',
  data: { reservationId: idOf('reservation', number) },
});
export const released = (qty = 3, number = 1): StockEvent => ({
  type: 'ReservationReleased',
  data: { reservationId: idOf('reservation', number), orderId: anOrder, qty, why: 'cancelled' },
});
export const reduced = (qty: number): StockEvent => ({
  type: 'ReservationReduced',
  data: { reservationId: aReservation, orderId: anOrder, qty },
});
export const carriedOver = (qty = 3, from = 1, to = 2): StockEvent => ({
  type: 'ReservationCarriedOver',
  data: { from: idOf('reservation', from), to: idOf('reservation', to), orderId: anOrder, qty },
});
export const consumed = (qty = 3, number = 1, by = 'tkt_1'): StockEvent => ({
  type: 'StockConsumed',
  data: { reservationId: idOf('reservation', number), orderId: anOrder, qty, by },
});

const unreserved = [registered()];

/** How a stock item comes to know of one reservation in each of its states. */
export const histories = {
  none: [],
  'none, released before': [released(0)],
  'registered, nothing reserved': unreserved,
  'reservation held': [...unreserved, reserved()],
  'reservation confirmed': [...unreserved, reserved(), confirmed()],
  'reservation consumed': [...unreserved, reserved(), confirmed(), consumed()],
  'reservation partly consumed': [...unreserved, reserved(4), consumed(1, 1, 'tkt_0')],
  'reservation released': [...unreserved, reserved(), released()],
  'released before it was reserved': [...unreserved, released(0)],
  'reservation carried over': [...unreserved, reserved(3, 1), confirmed(), carriedOver()],
  'sold out': [registered({ onHand: 2 }), reserved(2, 9)],
} as const satisfies Record<string, readonly StockEvent[]>;

export const reserve = (qty = 3, number = 1): Command<'ReserveStock'> => ({
  type: 'ReserveStock',
  reservationId: idOf('reservation', number),
  orderId: anOrder,
  qty,
});
export const consume = (qty = 3, number = 1, by = 'tkt_1'): Command<'ConsumeReservation'> => ({
  type: 'ConsumeReservation',
  reservationId: idOf('reservation', number),
  orderId: anOrder,
  qty,
  by,
});
export const restore = (number = 2, keep = 3): Command<'RestoreReservation'> => ({
  type: 'RestoreReservation',
  reservationId: idOf('reservation', number),
  orderId: anOrder,
  to: [{ reservationId: aReservation, keep }],
  why: 'short',
});
export const release = (number = 1): Command<'ReleaseReservation'> => ({
  type: 'ReleaseReservation',
  reservationId: idOf('reservation', number),
  orderId: anOrder,
  why: 'cancelled',
});

/** One of each command. */
export const commands: { readonly [Type in StockCommand['type']]: Command<Type> } = {
  RegisterStock: { type: 'RegisterStock', sku: sku('soup'), locationId: main, onHand: 10 },
  AdjustStock: { type: 'AdjustStock', counted: 7, reason: 'counted' },
  SetPolicy: { type: 'SetPolicy', threshold: 1, safety: 0, backorderLimit: 2 },
  ReceiveStock: { type: 'ReceiveStock', receiptId: 'r-1', qty: 5, ref: 'note 1' },
  SendTransfer: { type: 'SendTransfer', transferId: 't-1', to: 'other' as LocationId, qty: 2 },
  TakeInTransfer: { type: 'TakeInTransfer', transferId: 't-2', from: 'other' as LocationId, qty: 2 },
  RestockReturn: { type: 'RestockReturn', returnId: 'ret-1', orderId: anOrder, qty: 2, condition: 'sellable' },
  ReserveStock: reserve(),
  ConfirmReservation: { type: 'ConfirmReservation', reservationId: aReservation },
  ReleaseReservation: release(),
  ReduceReservation: {
    type: 'ReduceReservation',
    reservationId: aReservation,
    orderId: anOrder,
    keep: 2,
    why: 'cancelled',
  },
  ConsumeReservation: consume(),
  RestoreReservation: restore(2),
};
