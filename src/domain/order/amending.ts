import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import { allowedActions } from './allowed.js';
import type { LineQuantity, OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { evolve } from './evolve.js';
import { isAmendable, openQty, preparationHasBegun } from './facets.js';
import { MAXIMUM_LINES } from './limits.js';
import { merged, whyNotLoose } from './quantities.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder } from './state.js';
import { costOfLine, outstanding, owedFor, priceOf, refundOfExcess } from './sums.js';

type Command = Extract<OrderCommand, { type: 'AmendOrder' }>;
type Amended = Extract<OrderEvent, { type: 'OrderAmended' }>;

/**
 * Lines come and go after the order was confirmed. What costs more is asked for at once, by a payment of its own, unless
 * something was still to be paid before: then it joins that. What costs less goes back where that is wished.
 */
export function amendOrder(command: Command, order: ExistingOrder): Decision<OrderRejection, OrderEvent> {
  const { amendmentId, add, payment, settlement } = command;
  if (order.amendments?.some((one) => one.amendmentId === amendmentId)) return alreadyTrue;
  // nothing comes after what has left altogether
  const gone = add.length > 0 && order.status === 'in_fulfilment' && order.stage === 'in_transit';
  if (!isAmendable(order) || gone) return refuse(illegalTransition(order.status, allowedActions(order)));
  const rejection = whyNot(command, order);
  if (rejection) return refuse(rejection);

  const drop = merged(command.drop);
  const amended = amendment(command, drop, order);
  const after = evolve(order, amended) as ExistingOrder;
  const { totalBefore, totalAfter } = amended.data;
  const difference = totalAfter.amount - totalBefore.amount;
  const due = outstanding(after);
  if (difference > 0 && due > 0 && outstanding(order) <= 0) {
    return record<OrderEvent>(settledBy('payment', amended), {
      type: 'PaymentRequested',
      data: { ...payment, amount: { ...totalAfter, amount: due }, purpose: 'additional' },
    });
  }
  const refund =
    settlement === 'refund' && difference < 0
      ? refundOfExcess(after, -difference, { refundKey: `amendment:${amendmentId}`, reason: 'amendment', lines: drop })
      : [];
  return refund.length > 0 ? record<OrderEvent>(settledBy('refund', amended), ...refund) : record<OrderEvent>(amended);
}

function whyNot({ add, drop, by, maximum }: Command, order: ExistingOrder): OrderRejection | undefined {
  if (add.length === 0 && drop.length === 0) return { _tag: 'NoLines' };
  const { currency } = order.details.total;
  const strange = add.find(({ net }) => net.currency !== currency);
  if (strange) return { _tag: 'CurrencyMismatch', currencies: [currency, strange.net.currency] };
  const notLoose = drop.length === 0 ? undefined : whyNotLoose(drop, order);
  if (notLoose) return wasStarted(notLoose, order);
  if (by === 'customer' && drop.length > 0 && preparationHasBegun(order)) {
    return {
      _tag: 'LineAlreadyStarted',
      lines: merged(drop).map(({ lineId, qty }) => ({ lineId, wanted: qty, available: 0 })),
    };
  }
  const lines = order.lines.length + add.length;
  const open = order.lines.reduce((sum, line) => sum + openQty(line), 0);
  const nothingLeft = add.length === 0 && drop.reduce((sum, { qty }) => sum + qty, 0) >= open;
  // whoever wants nothing of it any more cancels it
  if (nothingLeft || lines > MAXIMUM_LINES) {
    return { _tag: 'LineCountOutOfRange', count: nothingLeft ? 0 : lines, minimum: 1, maximum: MAXIMUM_LINES };
  }
  const cost = add.reduce((sum, line) => sum + costOfLine(order.details, line), owedFor(order).amount);
  return add.length > 0 && cost > maximum.amount ? { _tag: 'TotalTooLarge', maximum } : undefined;
}

/** Units that are not cancelled, and still are not to be had, have gone their way. */
function wasStarted(rejection: OrderRejection, order: ExistingOrder): OrderRejection {
  if (rejection._tag !== 'QuantityNotAvailable') return rejection;
  const wanted = new Map(order.lines.map(({ lineId, qty, cancelled }) => [lineId, qty - cancelled]));
  return rejection.lines.every((line) => line.wanted <= (wanted.get(line.lineId) ?? 0))
    ? { _tag: 'LineAlreadyStarted', lines: rejection.lines }
    : rejection;
}

function amendment({ amendmentId, add, by }: Command, drop: readonly LineQuantity[], order: ExistingOrder): Amended {
  const totalBefore = owedFor(order);
  const dropped = drop.flatMap(({ lineId, qty }) => {
    const line = order.lines.find((one) => one.lineId === lineId);
    if (!line) return [];
    const before = line.qty - line.cancelled;
    const amount = priceOf(order, line, line.cancelled, qty);
    return [{ op: 'drop', lineId, before, after: before - qty, amount } as const];
  });
  const more = add.reduce((sum, line) => sum + costOfLine(order.details, line), 0);
  const less = dropped.reduce((sum, { amount }) => sum + amount.amount, 0);
  return {
    type: 'OrderAmended',
    data: {
      amendmentId,
      changes: [...dropped, ...add.map((after) => ({ op: 'add', lineId: after.lineId, after }) as const)],
      totalBefore,
      totalAfter: { ...totalBefore, amount: totalBefore.amount + more - less },
      settlement: 'none',
      by,
    },
  };
}

const settledBy = (settlement: Amended['data']['settlement'], { type, data }: Amended): Amended => ({
  type,
  data: { ...data, settlement },
});
