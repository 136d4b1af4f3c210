import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import type { LineQuantity, OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { allowedActions } from './allowed.js';
import { isDead, isWithKitchen, openQty, preparationHasBegun, stageOf } from './facets.js';
import { openOf, whyNotOpen } from './quantities.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder, Stage } from './state.js';
import { isMadeToOrder, isShipped } from './ways.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type OrderDecision = Decision<OrderRejection, OrderEvent>;

const STAGES: readonly Stage[] = ['queued', 'preparing', 'ready', 'in_transit'];

const notNow = (order: ExistingOrder): OrderDecision => refuse(illegalTransition(order.status, allowedActions(order)));

/** The order is with the kitchen (tickets) or with the packers (lines to ship). */
export function startFulfilment(
  { tickets, shipLines }: Command<'StartFulfilment'>,
  order: ExistingOrder,
): OrderDecision {
  if (isWithKitchen(order) && stageOf(order) === undefined) {
    return record({ type: 'FulfilmentStarted', data: { tickets, shipLines } });
  }
  const started = isWithKitchen(order) || order.status === 'fulfilled' || order.status === 'completed';
  const known = new Set(order.tickets.map(({ ticketId }) => ticketId));
  return started && tickets.every(({ ticketId }) => known.has(ticketId)) ? alreadyTrue : notNow(order);
}

/**
 * A stage reached. Stages advance: a report of an earlier one comes late, and tells nothing new. Only what was ready is not
 * any more when the kitchen says that it has taken it up again.
 */
export function recordProgress({ stage, again }: Command<'RecordProgress'>, order: ExistingOrder): OrderDecision {
  if (order.status === 'fulfilled' || order.status === 'completed') return alreadyTrue;
  const before = stageOf(order);
  if (before === undefined) return notNow(order);
  const back = again === true && before === 'ready' && stage === 'preparing';
  return back || STAGES.indexOf(stage) > STAGES.indexOf(before)
    ? record({ type: 'FulfilmentProgressed', data: { stage } })
    : alreadyTrue;
}

/** The kitchen promises it for another time. Nobody waits any more for what is over. */
export function recordPromise(
  { promisedAt, byKitchen }: Command<'RecordPromise'>,
  order: ExistingOrder,
): OrderDecision {
  const over = isDead(order) || order.status === 'fulfilled' || order.status === 'completed';
  return over || promisedAt === order.promisedAt
    ? alreadyTrue
    : record({ type: 'DeliveryChanged', data: { by: 'system', promisedAt, ...(byKitchen ? { byKitchen } : {}) } });
}

/** Its ticket has another number. Nobody calls out what is over, nor a ticket of which the order does not know. */
export function recordPickupNumber(
  { ticketId, pickupNo }: Command<'RecordPickupNumber'>,
  order: ExistingOrder,
): OrderDecision {
  const known = order.tickets.find((one) => one.ticketId === ticketId);
  const over = isDead(order) || order.status === 'fulfilled' || order.status === 'completed';
  return over || known === undefined || known.pickupNo === pickupNo
    ? alreadyTrue
    : record({ type: 'PickupNumberChanged', data: { ticketId, pickupNo } });
}

/**
 * It is wanted at another time by who fetches it, or eats it there: until somebody has begun to make it. Where it is brought to
 * somebody, that is one with when and where: see `changeDelivery`.
 */
export function changePromise({ promisedAt, by }: Command<'ChangePromise'>, order: ExistingOrder): OrderDecision {
  if (promisedAt === order.promisedAt) return alreadyTrue;
  const { mode } = order.details;
  const over = isDead(order) || order.status === 'fulfilled' || order.status === 'completed';
  if (over || !isMadeToOrder(mode) || isShipped(mode)) return notNow(order);
  if (preparationHasBegun(order)) {
    const lines = order.lines.map((line) => ({ lineId: line.lineId, wanted: openQty(line), available: 0 }));
    return refuse({ _tag: 'LineAlreadyStarted', lines: lines.filter(({ wanted }) => wanted > 0) });
  }
  return record({ type: 'DeliveryChanged', data: { by, promisedAt } });
}

/** Units handed over by a ticket or shipment; the order is fulfilled when none is open any more. */
export function recordLinesFulfilled(
  { by, lines: told, how, at, openOnly }: Command<'RecordLinesFulfilled'>,
  order: ExistingOrder,
): OrderDecision {
  const known = order.handOvers.filter((one) => one.by === by);
  const isKnown = ({ lineId, qty }: LineQuantity): boolean =>
    known.some((one) => one.lineId === lineId && one.qty === qty);
  if (openOnly ? known.length > 0 : told.length > 0 && told.every(isKnown)) return alreadyTrue;
  if (!isWithKitchen(order)) return notNow(order);

  const lines = openOnly ? openOf(told, order) : told;
  const rejection = whyNotOpen(lines, order);
  if (rejection) return refuse(rejection);
  if (lines.length === 0) return alreadyTrue;
  const left = [...order.lines.map(openQty), ...lines.map(({ qty }) => -qty)].reduce((sum, qty) => sum + qty, 0);
  return record<OrderEvent>(
    { type: 'LinesFulfilled', data: { by, lines, how } },
    ...(left === 0 ? [{ type: 'OrderFulfilled', data: { at } } as const] : []),
  );
}

/** The customer, the staff or the timer closes a fulfilled order. */
export function complete({ by }: Command<'CompleteOrder'>, order: ExistingOrder): OrderDecision {
  if (order.status === 'completed') return alreadyTrue;
  return order.status === 'fulfilled' ? record({ type: 'OrderCompleted', data: { by } }) : notNow(order);
}
