import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import type { PaymentId } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import { illegalTransition, notFound } from '../kernel/rejections.js';
import { allowedActions } from './allowed.js';
import { askedAmendment, wasAmended } from './amendments.js';
import { paymentsOf } from './awaiting.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent, OrderLine } from './events.js';
import { evolve } from './evolve.js';
import { isAmendable, mayChange, openQty, preparationHasBegun } from './facets.js';
import { MAXIMUM_LINES } from './limits.js';
import { merged, whyNotLoose } from './quantities.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder } from './state.js';
import { costOfLine, outstanding, owedFor, priceOf, refundOfExcess } from './sums.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type AmendedEvent = Extract<OrderEvent, { type: 'OrderAmended' }>;
type Amended = AmendedEvent['data'];
type OrderDecision = Decision<OrderRejection, OrderEvent>;
type Wish = Pick<Command<'AmendOrder'>, 'amendmentId' | 'add' | 'drop' | 'settlement' | 'by' | 'payments'>;

/**
 * Lines come and go after the order was confirmed. What comes and has to be in stock is asked for there first: until the
 * answer the order is what it was, and so are its price and what it owes. Else it is done at once.
 */
export function amendOrder(command: Command<'AmendOrder'>, order: ExistingOrder): OrderDecision {
  const { amendmentId, add, settlement, by } = command;
  if (wasAmended(order, amendmentId) || askedAmendment(order, amendmentId)) return alreadyTrue;
  if (!isAmendable(order) || comesTooLate(add, order)) return notNow(order);
  const rejection = whyNot(command, order);
  if (rejection) return refuse(rejection);
  const drop = merged(command.drop);
  return add.some(({ track }) => track)
    ? record({ type: 'AmendmentRequested', data: { amendmentId, add, drop, settlement, by } })
    : record<OrderEvent>(...carriedOut({ ...command, drop }, order));
}

/** What an amendment needs is set aside: it is carried out, as far as the order still allows it. */
export function settleAmendment(command: Command<'SettleAmendment'>, order: ExistingOrder): OrderDecision {
  const { amendmentId, payments } = command;
  if (wasAmended(order, amendmentId)) return alreadyTrue;
  const asked = askedAmendment(order, amendmentId);
  if (asked === undefined) return refuse(notFound('amendment', amendmentId));
  if (asked.state !== 'pending' || !mayChange(order) || comesTooLate(asked.add, order)) return notNow(order);
  const reserved = new Set(command.reserved);
  const missing = asked.add.filter(({ track, lineId }) => track && !reserved.has(lineId));
  if (missing.length > 0) return refuse({ _tag: 'LinesNotReserved', lineIds: missing.map(({ lineId }) => lineId) });
  const rejection = whyNot(asked, order);
  return rejection ? refuse(rejection) : record<OrderEvent>(...carriedOut({ ...asked, payments }, order));
}

/** Nothing comes of an amendment: what was set aside for it may be given back once this is recorded. */
export function declineAmendment(command: Command<'DeclineAmendment'>, order: ExistingOrder): OrderDecision {
  const { type: _, ...data } = command;
  if (wasAmended(order, data.amendmentId)) return notNow(order);
  const asked = askedAmendment(order, data.amendmentId);
  if (asked === undefined) return refuse(notFound('amendment', data.amendmentId));
  return asked.state === 'declined' ? alreadyTrue : record({ type: 'AmendmentDeclined', data });
}

/** Nothing comes after what has left altogether. */
const comesTooLate = (add: readonly OrderLine[], order: ExistingOrder): boolean =>
  add.length > 0 && order.status === 'in_fulfilment' && order.stage === 'in_transit';

const notNow = (order: ExistingOrder): OrderDecision => refuse(illegalTransition(order.status, allowedActions(order)));

/**
 * The amendment, with what follows from it for the money. What costs more is asked for at once, by a payment of its own, unless
 * something was still to be paid before: then it joins that. What costs less goes back where that is wished.
 */
function carriedOut(wish: Wish, order: ExistingOrder): readonly OrderEvent[] {
  const amended = amendment(wish, order);
  const after = evolve(order, amended) as ExistingOrder;
  const { totalBefore, totalAfter } = amended.data;
  const difference = totalAfter.amount - totalBefore.amount;
  const due = outstanding(after);
  const payment = wish.payments.find(({ paymentId }) => isNew(paymentId, order));
  if (payment !== undefined && difference > 0 && due > 0 && outstanding(order) <= 0) {
    return [
      settledBy('payment', amended),
      { type: 'PaymentRequested', data: { ...payment, amount: { ...totalAfter, amount: due }, purpose: 'additional' } },
    ];
  }
  const { amendmentId, drop: lines, settlement } = wish;
  const refund =
    settlement === 'refund' && difference < 0
      ? refundOfExcess(after, -difference, { refundKey: `amendment:${amendmentId}`, reason: 'amendment', lines })
      : [];
  return refund.length > 0 ? [settledBy('refund', amended), ...refund] : [amended];
}

const isNew = (paymentId: PaymentId, order: ExistingOrder): boolean =>
  !paymentsOf(order).includes(paymentId) && !order.applied.some((one) => one.paymentId === paymentId);

function whyNot(
  { add, drop, by, maximum }: Pick<Wish, 'add' | 'drop' | 'by'> & { readonly maximum?: Money },
  order: ExistingOrder,
): OrderRejection | undefined {
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
  // what it may cost was asked when somebody wished for it
  if (maximum === undefined) return undefined;
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

function amendment({ amendmentId, add, drop, by }: Wish, order: ExistingOrder): AmendedEvent {
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

const settledBy = (settlement: Amended['settlement'], { type, data }: AmendedEvent): AmendedEvent => ({
  type,
  data: { ...data, settlement },
});
