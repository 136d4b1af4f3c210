import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { alreadyExists, notFound } from '../kernel/rejections.js';
import { givenUp, restore } from './carryingOver.js';
import type { StockCommand } from './commands.js';
import type { StockEvent } from './events.js';
import { evolve } from './evolve.js';
import { invalid, isWhole, lowered } from './levels.js';
import { receive, send, takeIn } from './moving.js';
import { setPolicy } from './policy.js';
import { reduce } from './reducing.js';
import { affectedBy } from './reservations.js';
import { restock } from './restocking.js';
import type { StockRejection } from './rejections.js';
import { available, happened, isOpen, type RegisteredStock, reservationOf, type Stock, USUAL_UNIT } from './state.js';

type Command<Type extends StockCommand['type']> = Extract<StockCommand, { type: Type }>;
type StockDecision = Decision<StockRejection, StockEvent>;

/** Which events a command leads to in a state of the stock item, or why it is refused. */
export function decide(command: StockCommand, stock: Stock): StockDecision {
  switch (command.type) {
    case 'RegisterStock':
      return register(command, stock);
    case 'ReleaseReservation':
      return release(command, stock);
    case 'AdjustStock':
      return stock.status === 'none' ? refuse(notFound('stock')) : adjust(command, stock);
    case 'SetPolicy':
      return stock.status === 'none' ? refuse(notFound('stock')) : setPolicy(command, stock);
    case 'ReceiveStock':
      return stock.status === 'none' ? refuse(notFound('stock')) : receive(command, stock);
    case 'SendTransfer':
      return stock.status === 'none' ? refuse(notFound('stock')) : send(command, stock);
    case 'TakeInTransfer':
      return stock.status === 'none' ? refuse(notFound('stock')) : takeIn(command, stock);
    case 'RestockReturn':
      return stock.status === 'none' ? refuse(notFound('stock')) : restock(command, stock);
    case 'ReserveStock':
      return reserve(command, stock);
    case 'RestoreReservation':
      return restore(command, stock);
    case 'ConfirmReservation':
      return confirm(command, stock);
    case 'ReduceReservation':
      return reduce(command, stock);
    case 'ConsumeReservation':
      return stock.status === 'none' ? refuse(notFound('stock')) : consume(command, stock);
    default:
      return assertNever(command);
  }
}

function register(command: Command<'RegisterStock'>, stock: Stock): StockDecision {
  if (stock.status !== 'none') return refuse(alreadyExists('stock', stock.sku));
  const { sku, locationId, onHand, threshold = 0, safety = 0, backorderLimit = 0, unit = USUAL_UNIT } = command;
  const wrong = [onHand, threshold, safety, backorderLimit].find((quantity) => !isWhole(quantity, 0));
  if (wrong !== undefined) return refuse(invalid(wrong, 0));
  return record({
    type: 'StockRegistered',
    data: { sku, locationId, onHand, threshold, safety, backorderLimit, unit },
  });
}

/** The shelf was counted. Fewer than are promised is a shortfall: it names whom it would hit. */
function adjust(command: Command<'AdjustStock'>, stock: RegisteredStock): StockDecision {
  const { reason, adjustmentId } = command;
  if (adjustmentId !== undefined && happened(stock, adjustmentId)) return alreadyTrue;
  const { onHand } = stock;
  const to = 'counted' in command ? command.counted : onHand + command.delta;
  if (!isWhole(to, 0)) return refuse('counted' in command ? invalid(to, 0) : invalid(command.delta, -onHand));
  if (reason.trim() === '') return refuse({ _tag: 'ReasonRequired' });
  // one that has a name is remembered also where it was right: said again later, it would undo what happened since
  if (to === onHand && adjustmentId === undefined) return alreadyTrue;
  const missing = stock.reserved - to;
  const before = available(stock);
  return record<StockEvent>(
    {
      type: 'StockAdjusted',
      data: { from: onHand, to, reason, ...(adjustmentId === undefined ? {} : { adjustmentId }) },
    },
    ...lowered(stock, before, before + to - onHand),
    ...(missing > 0 && to !== onHand ? [shortfall(missing, stock)] : []),
  );
}

function reserve(command: Command<'ReserveStock'>, stock: Stock): StockDecision {
  const { reservationId, orderId, qty } = command;
  const known = reservationOf(stock, reservationId);
  if (known) return known.status === 'released' ? refuse({ _tag: 'ReservationClosed', reservationId }) : alreadyTrue;
  if (stock.status === 'none') return refuse(notFound('stock'));
  if (!isWhole(qty, 1)) return refuse(invalid(qty, 1));
  const carried = givenUp(command, stock);
  const held = carried.reduce((sum, { data }) => sum + data.qty, 0);
  const more = qty - held;
  if (more === 0) return record<StockEvent>(...carried);
  const before = available(stock);
  const after = before - more;
  if (after < -stock.backorderLimit) {
    const promisable = held + Math.max(0, before + stock.backorderLimit);
    return refuse({ _tag: 'InsufficientStock', sku: stock.sku, wanted: qty, available: promisable });
  }
  return record<StockEvent>(
    { type: 'StockReserved', data: { reservationId, orderId, qty: more } },
    ...carried,
    ...lowered(stock, before, after),
  );
}

function confirm({ reservationId }: Command<'ConfirmReservation'>, stock: Stock): StockDecision {
  const reservation = reservationOf(stock, reservationId);
  if (!reservation) return refuse(stock.status === 'none' ? notFound('stock') : notFound('reservation', reservationId));
  switch (reservation.status) {
    case 'held':
      return record({ type: 'ReservationConfirmed', data: { reservationId } });
    case 'confirmed':
    case 'consumed':
      return alreadyTrue;
    case 'released':
      return refuse({ _tag: 'ReservationClosed', reservationId });
    default:
      return assertNever(reservation.status);
  }
}

/** Gives back what is still set aside. A reservation never seen is closed, since the release may overtake its reserve. */
function release({ reservationId, orderId, why }: Command<'ReleaseReservation'>, stock: Stock): StockDecision {
  const reservation = reservationOf(stock, reservationId);
  if (reservation && !isOpen(reservation)) return alreadyTrue;
  return record({
    type: 'ReservationReleased',
    data: { reservationId, orderId, qty: reservation?.qty ?? 0, why },
  });
}

/**
 * Units are used. That is a fact, and the kitchen is never held up: what it takes beyond what is still set aside, because
 * units were called off too late, comes out of what is free. What is not there, or was promised to others, is a shortfall.
 */
function consume(command: Command<'ConsumeReservation'>, stock: RegisteredStock): StockDecision {
  const { reservationId, orderId, qty, by } = command;
  const reservation = reservationOf(stock, reservationId);
  if (!reservation) return refuse(notFound('reservation', reservationId));
  if (reservation.consumedBy.includes(by)) return alreadyTrue;
  if (!isWhole(qty, 1)) return refuse(invalid(qty, 1));
  const consumed: StockEvent = { type: 'StockConsumed', data: { reservationId, orderId, qty, by } };
  const missing = qty - stock.onHand;
  if (missing > 0) {
    return record<StockEvent>(consumed, {
      type: 'StockShortfallDetected',
      data: { missing, reservations: [reservationId] },
    });
  }
  const left = evolve(stock, consumed) as RegisteredStock;
  const promised = left.reserved - left.onHand;
  return record<StockEvent>(
    consumed,
    ...lowered(stock, available(stock), available(left)),
    ...(qty > reservation.qty && promised > 0 ? [shortfall(promised, left)] : []),
  );
}

const shortfall = (missing: number, stock: RegisteredStock): StockEvent => ({
  type: 'StockShortfallDetected',
  data: { missing, reservations: affectedBy(missing, stock.reservations.byId) },
});
