import { assertNever } from '../kernel/assertNever.js';
import type { StockEvent } from './events.js';
import { carryOver } from './carryingOver.js';
import { change, closeUnseen, finish, hold } from './reservations.js';
import { isOpen, MOVED_KEPT, type RegisteredStock, reservationOf, type Stock } from './state.js';

type Data<Type extends StockEvent['type']> = Extract<StockEvent, { type: Type }>['data'];

/** The stock item after an event. Total: a fact that fits nothing changes nothing. */
export function evolve(stock: Stock, event: StockEvent): Stock {
  switch (event.type) {
    case 'StockRegistered':
      return stock.status === 'none'
        ? { ...event.data, status: 'registered', reserved: 0, reservations: stock.reservations }
        : stock;
    case 'StockAdjusted':
      return stock.status === 'none' ? stock : adjusted(stock, event.data);
    case 'StockPolicyChanged':
      return stock.status === 'none' ? stock : { ...stock, ...event.data };
    case 'StockReceived':
      return moved(stock, event.data.receiptId, event.data.qty);
    case 'TransferredOut':
      return moved(stock, event.data.transferId, -event.data.qty);
    case 'TransferredIn':
      return moved(stock, event.data.transferId, event.data.qty);
    case 'StockReturned':
      return moved(stock, event.data.returnId, event.data.qty);
    case 'StockWrittenOff':
      return moved(stock, event.data.returnId, 0);
    case 'StockReserved':
      return stock.status === 'none' ? stock : reserved(stock, event.data);
    case 'ReservationConfirmed': {
      const { reservationId } = event.data;
      const reservation = reservationOf(stock, reservationId);
      return reservation?.status === 'held'
        ? { ...stock, reservations: change(stock.reservations, reservationId, { ...reservation, status: 'confirmed' }) }
        : stock;
    }
    case 'ReservationReleased':
      return released(stock, event.data);
    case 'ReservationReduced': {
      const { reservationId, qty } = event.data;
      const reservation = reservationOf(stock, reservationId);
      if (stock.status === 'none' || !reservation || reservation.qty <= qty) return stock;
      const left = { ...reservation, qty: reservation.qty - qty };
      return {
        ...stock,
        reserved: stock.reserved - qty,
        reservations: change(stock.reservations, reservationId, left),
      };
    }
    case 'ReservationCarriedOver':
      return carryOver(stock, event.data);
    case 'StockConsumed':
      return stock.status === 'none' ? stock : consumed(stock, event.data);
    case 'StockShortfallDetected':
    case 'LowStockReached':
    case 'StockDepleted':
      return stock;
    default:
      return assertNever(event);
  }
}

function adjusted(stock: RegisteredStock, { to: onHand, adjustmentId }: Data<'StockAdjusted'>): Stock {
  return { ...stock, onHand, ...(adjustmentId === undefined ? {} : { moved: remembering(stock, adjustmentId) }) };
}

/** Units came or went by a receipt, a return or a transfer, each of which counts once. */
function moved(stock: Stock, id: string, qty: number): Stock {
  if (stock.status === 'none' || stock.moved?.includes(id)) return stock;
  return {
    ...stock,
    onHand: Math.max(0, stock.onHand + qty),
    moved: remembering(stock, id),
  };
}

const remembering = ({ moved: known = [] }: RegisteredStock, id: string): readonly string[] => [
  ...known.slice(1 - MOVED_KEPT),
  id,
];

function reserved(stock: RegisteredStock, { reservationId, orderId, qty }: Data<'StockReserved'>): Stock {
  if (reservationOf(stock, reservationId)) return stock;
  return {
    ...stock,
    reserved: stock.reserved + qty,
    reservations: hold(stock.reservations, reservationId, orderId, qty),
  };
}

function released(stock: Stock, { reservationId, orderId }: Data<'ReservationReleased'>): Stock {
  const reservation = reservationOf(stock, reservationId);
  if (!reservation) return { ...stock, reservations: closeUnseen(stock.reservations, reservationId, orderId) };
  if (!isOpen(reservation)) return stock;
  const reservations = finish(stock.reservations, reservationId, { ...reservation, status: 'released' });
  return stock.status === 'none'
    ? { ...stock, reservations }
    : { ...stock, reserved: stock.reserved - reservation.qty, reservations };
}

/** Units leave the shelf. What is taken although it is not there cannot make the shelf hold less than nothing. */
function consumed(stock: RegisteredStock, { reservationId, qty, by }: Data<'StockConsumed'>): Stock {
  const onHand = Math.max(0, stock.onHand - qty);
  const reservation = reservationOf(stock, reservationId);
  if (!reservation) return { ...stock, onHand };
  const consumedBy = [...reservation.consumedBy, by];
  if (!isOpen(reservation)) {
    return {
      ...stock,
      onHand,
      reservations: change(stock.reservations, reservationId, { ...reservation, consumedBy }),
    };
  }
  const taken = Math.min(qty, reservation.qty);
  const left = {
    ...reservation,
    qty: reservation.qty - taken,
    used: (reservation.used ?? 0) + taken,
    consumedBy,
  };
  return {
    ...stock,
    onHand,
    reserved: stock.reserved - taken,
    reservations:
      left.qty === 0
        ? finish(stock.reservations, reservationId, { ...left, status: 'consumed' })
        : change(stock.reservations, reservationId, { ...left, status: 'confirmed' }), // a confirm that comes later finds it done
  };
}
