import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import type { LineId } from '../kernel/ids.js';
import { illegalTransition } from '../kernel/rejections.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { allowedActions, openQty } from './facets.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder, Stage } from './state.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type OrderDecision = Decision<OrderRejection, OrderEvent>;

const STAGES: readonly Stage[] = ['queued', 'preparing', 'ready', 'in_transit'];

const notNow = (order: ExistingOrder): OrderDecision => refuse(illegalTransition(order.status, allowedActions(order)));

/** The order is with the kitchen (tickets) or with the packers (lines to ship). */
export function startFulfilment(
  { tickets, shipLines }: Command<'StartFulfilment'>,
  order: ExistingOrder,
): OrderDecision {
  if (order.status === 'confirmed') return record({ type: 'FulfilmentStarted', data: { tickets, shipLines } });
  const started = order.status === 'in_fulfilment' || order.status === 'fulfilled' || order.status === 'completed';
  const known = new Set(order.tickets.map(({ ticketId }) => ticketId));
  return started && tickets.every(({ ticketId }) => known.has(ticketId)) ? alreadyTrue : notNow(order);
}

/** A stage reached. Stages only advance: a report of an earlier one comes late, and tells nothing new. */
export function recordProgress({ stage }: Command<'RecordProgress'>, order: ExistingOrder): OrderDecision {
  if (order.status === 'fulfilled' || order.status === 'completed') return alreadyTrue;
  if (order.status !== 'in_fulfilment') return notNow(order);
  return STAGES.indexOf(stage) > STAGES.indexOf(order.stage)
    ? record({ type: 'FulfilmentProgressed', data: { stage } })
    : alreadyTrue;
}

/** Units handed over by a ticket or shipment; the order is fulfilled when none is open any more. */
export function recordLinesFulfilled(
  { by, lines, how, at }: Command<'RecordLinesFulfilled'>,
  order: ExistingOrder,
): OrderDecision {
  const told = (lineId: LineId, qty: number): boolean =>
    order.handOvers.some((one) => one.by === by && one.lineId === lineId && one.qty === qty);
  if (lines.length > 0 && lines.every(({ lineId, qty }) => told(lineId, qty))) return alreadyTrue;
  if (order.status !== 'confirmed' && order.status !== 'in_fulfilment') return notNow(order);

  const wrong = lines.find(({ qty }) => !Number.isSafeInteger(qty) || qty < 1);
  if (wrong) {
    return refuse({ _tag: 'InvalidQuantity', quantity: wrong.qty, minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
  }
  const wanted = new Map<LineId, number>();
  for (const { lineId, qty } of lines) wanted.set(lineId, (wanted.get(lineId) ?? 0) + qty);
  const open = new Map(order.lines.map((line) => [line.lineId, openQty(line)]));
  const missing = [...wanted].filter(([lineId, qty]) => qty > (open.get(lineId) ?? 0));
  if (missing.length > 0) {
    return refuse({
      _tag: 'QuantityNotAvailable',
      lines: missing.map(([lineId, qty]) => ({ lineId, wanted: qty, available: open.get(lineId) ?? 0 })),
    });
  }
  if (lines.length === 0) return alreadyTrue;
  const left = order.lines.reduce((sum, line) => sum + openQty(line) - (wanted.get(line.lineId) ?? 0), 0);
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
