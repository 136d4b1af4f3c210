import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import type { CancellationId } from '../kernel/ids.js';
import { illegalTransition, notFound } from '../kernel/rejections.js';
import type { CancellationEnd } from '../settings/settings.js';
import type { By, LineQuantity, OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { evolve } from './evolve.js';
import { allowedActions } from './allowed.js';
import { dispatchedUnits, isWithKitchen, openQty, preparationHasBegun } from './facets.js';
import { anyFulfilled, merged, openLines, unitsByLine, whyNotLoose } from './quantities.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder } from './state.js';
import { priceOf, refundOfExcess, refundOfWhatWasPaid } from './sums.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type OrderDecision = Decision<OrderRejection, OrderEvent>;

/** Why something is called off, and by whom. */
interface Cause {
  readonly reason: string;
  readonly by: By;
  readonly cancellationId?: CancellationId;
  /** RFC 3339. */
  readonly at: string;
}

/** Before it is confirmed an order is cancelled at once; afterwards the kitchen has a word in it. */
export function requestCancellation(command: Command<'RequestCancellation'>, order: ExistingOrder): OrderDecision {
  const { cancellationId, reason, by, force, customersUntil } = command;
  if (order.cancellation?.cancellationId === cancellationId) return alreadyTrue;
  if (isWithKitchen(order)) {
    if (order.cancellation?.state === 'pending') return alreadyTrue;
    if (by === 'customer' && isTooLate(order, customersUntil)) return refuse(windowClosed(order));
    const forced = force === true && by === 'staff';
    return record({
      type: 'CancellationRequested',
      data: { cancellationId, reason, by, ...(forced ? { force: true } : {}) },
    });
  }
  switch (order.status) {
    case 'placed':
    case 'on_hold':
    case 'awaiting_payment':
      return record<OrderEvent>(
        { type: 'OrderCancelled', data: { reason, by, cancellationId } },
        ...refundOfWhatWasPaid(order, 'cancelled'),
      );
    case 'confirmed':
    case 'in_fulfilment':
    case 'fulfilled':
    case 'completed':
      return refuse(windowClosed(order));
    case 'cancelled':
      return alreadyTrue;
    case 'rejected':
    case 'expired':
      return refuse(illegalTransition(order.status, allowedActions(order)));
    default:
      return assertNever(order);
  }
}

/**
 * The end of a requested cancellation, by what could be stopped: all of it, a part, or nothing. What was stopped is never
 * begun again, so a part that was stopped stays cancelled when the rest is declined.
 */
export function settleCancellation(command: Command<'SettleCancellation'>, order: ExistingOrder): OrderDecision {
  const { cancellationId, cause, at } = command;
  const asked = order.cancellation;
  if (asked?.cancellationId !== cancellationId) return refuse(notFound('cancellation', cancellationId));
  if (asked.state !== 'pending') return alreadyTrue;
  const declined: OrderEvent = { type: 'CancellationDeclined', data: { cancellationId, cause } };
  if (!isWithKitchen(order)) return record(declined);

  const stopped = looseAmong(command.stopped, order);
  if (stopped.length === 0) return record(declined);
  const left = openUnits(order) - units(stopped);
  const events = takeOut(order, stopped, { ...asked, at });
  return left === 0 ? record(...events) : record(...events, declined);
}

/** Of these units, those that are still open and in no shipment that has left. */
function looseAmong(lines: readonly LineQuantity[], order: ExistingOrder): readonly LineQuantity[] {
  const named = unitsByLine(lines);
  return openLines(order).flatMap(({ lineId, qty }) => {
    const loose = Math.min(qty - dispatchedUnits(order, lineId), named.get(lineId) ?? 0);
    return loose > 0 ? [{ lineId, qty: loose }] : [];
  });
}

/** Some units are called off; the kitchen is told, and has to acknowledge what it had begun. */
export function cancelLines(command: Command<'CancelLines'>, order: ExistingOrder): OrderDecision {
  const { cancellationId, by, customersUntil } = command;
  if (order.lineCancellations.includes(cancellationId)) return alreadyTrue;
  if (!isWithKitchen(order)) {
    return order.status === 'fulfilled' || order.status === 'completed'
      ? refuse(windowClosed(order))
      : refuse(illegalTransition(order.status, allowedActions(order)));
  }
  if (command.lines.length === 0) return refuse({ _tag: 'NoLines' });
  if (by === 'customer' && isTooLate(order, customersUntil)) return refuse(windowClosed(order));
  const lines = command.upTo === true ? looseAmong(command.lines, order) : command.lines;
  if (lines.length === 0) return alreadyTrue;
  const rejection = whyNotLoose(lines, order);
  return rejection ? refuse(rejection) : record(...takeOut(order, merged(lines), command));
}

/** Everything that is still open is called off: the order ends, cancelled, or fulfilled where a part was handed over. */
export const cancelWhatIsOpen = (order: ExistingOrder, cause: Cause): readonly OrderEvent[] =>
  takeOut(order, openLines(order), cause);

/**
 * Takes open units out of an order, with the money for them. With nothing left it is cancelled, or fulfilled where a part
 * was handed over before.
 */
export function takeOut(order: ExistingOrder, lines: readonly LineQuantity[], cause: Cause): readonly OrderEvent[] {
  const { reason, by, cancellationId, at } = cause;
  const named = cancellationId === undefined ? {} : { cancellationId };
  const nothingLeft = openUnits(order) === units(lines);
  if (nothingLeft && !anyFulfilled(order) && !order.lines.some(({ cancelled }) => cancelled > 0)) {
    return [{ type: 'OrderCancelled', data: { reason, by, ...named } }, ...refundOfWhatWasPaid(order, 'cancelled')];
  }
  const cancelled = linesCancelled(order, lines, { reason, by, ...named });
  if (nothingLeft && !anyFulfilled(order)) {
    return [
      cancelled,
      { type: 'OrderCancelled', data: { reason, by, ...named } },
      ...refundOfWhatWasPaid(order, 'cancelled'),
    ];
  }
  return [
    cancelled,
    ...refundOfLines(order, cancelled),
    ...(nothingLeft ? [{ type: 'OrderFulfilled', data: { at } } as const] : []),
  ];
}

type LinesCancelled = Extract<OrderEvent, { type: 'LinesCancelled' }>;

function linesCancelled(
  order: ExistingOrder,
  lines: readonly LineQuantity[],
  cause: Omit<LinesCancelled['data'], 'lines'>,
): LinesCancelled {
  const byId = new Map(order.lines.map((line) => [line.lineId, line]));
  return {
    type: 'LinesCancelled',
    data: {
      lines: lines.flatMap(({ lineId, qty }) => {
        const line = byId.get(lineId);
        return line ? [{ lineId, qty, amount: priceOf(order, line, line.cancelled, qty) }] : [];
      }),
      ...cause,
    },
  };
}

/** What was paid for these lines goes back, as far as it was paid. */
function refundOfLines(order: ExistingOrder, cancelled: LinesCancelled): readonly OrderEvent[] {
  const { lines, cancellationId } = cancelled.data;
  const after = evolve(order, cancelled);
  if (after.status === 'none') return [];
  const limit = lines.reduce((sum, { amount }) => sum + amount.amount, 0);
  // without a name of its own the cause is what the line stands at: the same units are never cancelled twice
  const cause = cancellationId ?? after.lines.map(({ cancelled: all }) => all).join('.');
  return refundOfExcess(after, limit, {
    refundKey: `lines:${cause}`,
    reason: 'lines_cancelled',
    lines: lines.map(({ lineId, qty }) => ({ lineId, qty })),
  });
}

const units = (lines: readonly LineQuantity[]): number => lines.reduce((sum, { qty }) => sum + qty, 0);
const openUnits = (order: ExistingOrder): number => order.lines.reduce((sum, line) => sum + openQty(line), 0);

/** Whether customers may not cancel an order by themselves any more that is with the kitchen. */
const isTooLate = (order: ExistingOrder, until: CancellationEnd = 'preparation'): boolean =>
  until === 'confirmation' || preparationHasBegun(order);

const windowClosed = ({ status }: ExistingOrder): OrderRejection => ({ _tag: 'CancellationWindowClosed', status });
