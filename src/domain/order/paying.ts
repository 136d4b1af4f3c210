import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import { confirmIfCovered } from './accepting.js';
import { askedInstead, isPaidInPart, paymentsOf } from './awaiting.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { evolve } from './evolve.js';
import { allowedActions } from './allowed.js';
import { isDead } from './facets.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder } from './state.js';
import { outstanding, owedFor, refundOfExcess } from './sums.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type OrderDecision = Decision<OrderRejection, OrderEvent>;

/** Notes where the customer pays, for the first time or what was asked for later, so that the order is shown from its own stream alone. */
export function attachLink(command: Command<'AttachPaymentLink'>, order: ExistingOrder): OrderDecision {
  const { paymentId, url, expiresAt } = command;
  if (order.link?.paymentId === paymentId && order.link.url === url) return alreadyTrue;
  if (order.requested?.some((one) => one.paymentId === paymentId)) {
    const isPaid = order.applied.some((one) => one.paymentId === paymentId);
    if (isDead(order) || isPaid) return notNow(order);
    return record({ type: 'PaymentLinkAttached', data: { paymentId, url, expiresAt } });
  }
  const held = order.status === 'on_hold' && order.hold.resumeTo === 'awaiting_payment';
  if (order.status !== 'awaiting_payment' && !held) return notNow(order);
  const awaited = order.awaited?.paymentId ?? null;
  if (awaited !== paymentId) return refuse({ _tag: 'PaymentNotAwaited', paymentId, awaited });
  return record({ type: 'PaymentLinkAttached', data: { paymentId, url, expiresAt } });
}

/** Sends nobody to a page any more at which nobody can pay. */
export const detachLink = ({ paymentId }: Command<'DetachPaymentLink'>, order: ExistingOrder): OrderDecision =>
  order.link?.paymentId === paymentId ? record({ type: 'PaymentLinkDetached', data: { paymentId } }) : alreadyTrue;

/**
 * Counts captured money, in whatever status: money that came is never refused. What covers the total confirms the
 * order; what a dead order received, or what exceeds the total, is due back.
 */
export function applyPayment(command: Command<'ApplyPayment'>, order: ExistingOrder): OrderDecision {
  const { paymentId, intentId, amount, method } = command;
  const { total } = order.details;
  if (order.applied.some((one) => one.paymentId === paymentId && one.intentId === intentId)) return alreadyTrue;
  if (amount.currency !== total.currency) {
    return refuse({ _tag: 'CurrencyMismatch', currencies: [total.currency, amount.currency] });
  }
  if (amount.amount <= 0) return refuse({ _tag: 'InvalidAmount', ...amount });
  const capturedTotal = { ...total, amount: order.captured.amount + amount.amount };
  const applied: OrderEvent = {
    type: 'PaymentApplied',
    data: { paymentId, intentId, amount, capturedTotal, method },
  };
  const after = evolve(order, applied) as ExistingOrder;
  return record<OrderEvent>(
    applied,
    ...confirmIfCovered(after),
    ...refundOfExcess(after, amount.amount, {
      refundKey: `payment:${paymentId}:${intentId}`,
      reason: isDead(order) ? 'late_payment' : 'overpaid',
    }),
  );
}

/** The provider holds the money for us: the order is confirmed, and the money taken when the kitchen has it. */
export function confirmAuthorized(command: Command<'ConfirmAuthorized'>, order: ExistingOrder): OrderDecision {
  const { paymentId, authorized } = command;
  if (order.authorized !== undefined) return alreadyTrue;
  if (order.status !== 'awaiting_payment' || order.authorizationLost === true) return notNow(order);
  const awaited = order.awaited?.paymentId ?? null;
  if (awaited !== paymentId) return refuse({ _tag: 'PaymentNotAwaited', paymentId, awaited });
  const owed = owedFor(order);
  if (authorized.currency !== owed.currency) {
    return refuse({ _tag: 'CurrencyMismatch', currencies: [owed.currency, authorized.currency] });
  }
  if (order.captured.amount + authorized.amount < owed.amount) return refuse({ _tag: 'InvalidAmount', ...authorized });
  return record({ type: 'OrderConfirmed', data: { basis: 'authorized', paymentId, authorized } });
}

/** The provider has let go of the money that it held: an order that counts on it, or was about to, is to be paid otherwise. */
export function loseAuthorization(
  { paymentId }: Command<'RecordAuthorizationLost'>,
  order: ExistingOrder,
): OrderDecision {
  const countsOnIt = order.authorized !== undefined || !order.wasConfirmed;
  if (isDead(order) || order.authorizationLost === true || !countsOnIt) return alreadyTrue;
  const awaited = order.awaited?.paymentId ?? null;
  if (awaited !== paymentId) return refuse({ _tag: 'PaymentNotAwaited', paymentId, awaited });
  return record({ type: 'AuthorizationLost', data: { paymentId } });
}

/**
 * Asks for what is still due of an order that goes on, by a payment of its own. While one of them can still be paid there is
 * no second one beside it. An order that waits for its payment is asked for another one only in place of that: see
 * {@link askedInstead}.
 */
export function requestPayment(command: Command<'RequestPayment'>, order: ExistingOrder): OrderDecision {
  const { paymentId, ordinal, dueAt, at, requestKey, insteadOf } = command;
  if (requestOfKey(order, requestKey)) return alreadyTrue;
  const open = openRequest(order, at);
  // whoever asks knows that nobody can pay that one any more
  if (open !== undefined && open.paymentId !== insteadOf) return alreadyTrue;
  const due = outstanding(order);
  const named = requestKey === undefined ? {} : { requestKey };
  switch (order.status) {
    case 'confirmed':
    case 'in_fulfilment':
    case 'fulfilled':
    case 'completed':
      // a process that heard of it late asks in the place of what the order waited for: it has moved on, and waits for nothing
      if (isInPlaceOfTheFirst(command, order)) return alreadyTrue;
      if (due <= 0) return refuse({ _tag: 'NothingDue' });
      if (paymentsOf(order).includes(paymentId)) return alreadyTrue;
      return record({
        type: 'PaymentRequested',
        data: {
          paymentId,
          ordinal,
          amount: { ...order.captured, amount: due },
          purpose: 'additional',
          dueAt,
          ...named,
        },
      });
    case 'awaiting_payment':
      return record(...askedInstead(command, order));
    case 'placed':
    case 'on_hold':
      return notNow(order);
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return refuse({ _tag: 'NothingDue' });
    default:
      return assertNever(order);
  }
}

/**
 * A wish without a name, in the place of a payment that was to confirm the order: of one that had another in its place before the order
 * moved on, or of the last one. The rest of what that one brought is asked for all the same.
 */
const isInPlaceOfTheFirst = ({ insteadOf, requestKey }: Command<'RequestPayment'>, order: ExistingOrder): boolean =>
  requestKey === undefined &&
  insteadOf !== undefined &&
  (order.formerPayments?.includes(insteadOf) === true ||
    (insteadOf === order.awaited?.paymentId && !isPaidInPart(order)));

/** The payment that a request of this name asked for; undefined: there was none, or the request has no name. */
export const requestOfKey = (order: ExistingOrder, requestKey: string | undefined) =>
  requestKey === undefined
    ? undefined
    : [...(order.requested ?? []), ...(order.awaited ? [order.awaited] : [])].find(
        (one) => one.requestKey === requestKey,
      );

/** The payment that was asked for last, while it is neither paid nor out of time. */
export function openRequest(order: ExistingOrder, at: string) {
  const last = order.requested?.at(-1);
  if (last === undefined || last.dueAt <= at) return undefined;
  return order.applied.some((one) => one.paymentId === last.paymentId) ? undefined : last;
}

/** The customer pays afterwards. The link that was given stays good for it. */
export function confirmPayLater({ allowed }: Command<'ConfirmPayLater'>, order: ExistingOrder): OrderDecision {
  if (order.status !== 'awaiting_payment') return order.confirmedLater ? alreadyTrue : notNow(order);
  if (!allowed) return refuse({ _tag: 'PayLaterNotOffered' });
  return record({ type: 'OrderConfirmed', data: { basis: 'pay_later' } });
}

const notNow = (order: ExistingOrder): OrderDecision => refuse(illegalTransition(order.status, allowedActions(order)));
