import { additionalPayment } from '../commands/order/requestPayment.js';
import type { RecordedEvent } from '../domain/events.js';
import type { PaymentId } from '../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, isDead, isPaidInPart, order, outstanding } from '../domain/order/index.js';
import { endedUnpaid, payment, type Payment } from '../domain/payment/index.js';
import type { Folds } from '../subscriptions/contract.js';
import type { Outcome } from './engine/outcome.js';
import type { Related } from './engine/related.js';
import { type Step, toOrder } from './engine/step.js';
import { paymentIdIn } from './orderLines.js';
import { endPayment } from './paymentEnding.js';
import { orderIdOf } from './paymentState.js';

/** After these nobody can pay a payment any more. */
export const ENDS_OF_PAYMENTS = ['PaymentFailed', 'PaymentClosed', 'PaymentVoided'] as const;

export const isEndOfPayment = ({ event }: RecordedEvent): boolean =>
  (ENDS_OF_PAYMENTS as readonly string[]).includes(event.type);

/** An order, and the payment that it waits (or waited) for; absent: nothing is to be done about them. */
export interface Waiting {
  readonly order?: ExistingOrder;
  readonly payment?: Payment;
  /** Somebody accepted less by the payment that the order counted last than that asked for, and the order goes on without the rest. */
  readonly lacksRest?: boolean;
}

/** The order of a payment that ended, as it is now. */
export async function waitingFor(recorded: RecordedEvent, folds: Folds, related: Related): Promise<Waiting> {
  const orderId = orderIdOf(await folds.at(payment, recorded.stream, recorded.revision));
  const its = orderId && (await related.latest(order, orderStream(orderId)));
  if (!its || its.status === 'none') return {};
  return { order: its, payment: await related.latest(payment, paymentStream(paymentIdIn(recorded))) };
}

/** An order just after an event of its own, with its payment where something may have to become of that. */
export async function withPayment(its: ExistingOrder, { event }: RecordedEvent, related: Related): Promise<Waiting> {
  const { awaited } = its;
  if (awaited === undefined || !matters(its, event)) return { order: its };
  return { order: its, payment: await related.latest(payment, paymentStream(awaited.paymentId)) };
}

/** Whether something may have to become of the payment that the order waits for. Of an order that only went its way, nothing has. */
function matters(its: ExistingOrder, event: RecordedEvent['event']): boolean {
  if (event.type === 'OrderConfirmed') return isUnneeded(event.data.basis, its);
  if (its.status !== 'awaiting_payment') return false;
  return event.type !== 'PaymentLinkAttached' || its.cancelledAmount.amount > 0;
}

/**
 * What nobody can pay any more is asked for by another payment, while the order waits for it and there is time. Whichever comes
 * last, the end of the hold or that of the payment, finds the other one: both look at what is stored by now.
 */
export function askAnew(recorded: RecordedEvent, { order: its, payment: ended }: Waiting): readonly Step[] {
  if (its?.status !== 'awaiting_payment' || its.awaited === undefined || ended === undefined) return [];
  const insteadOf = its.awaited.paymentId;
  const isItsOwn = !isEndOfPayment(recorded) || paymentIdIn(recorded) === insteadOf;
  if (!isItsOwn || !(endedUnpaid(ended) || isPaidInPart(its))) return [];
  const { orderId } = its.details;
  const { at } = recorded.meta;
  return [
    toOrder(orderId, 'ask-anew', { type: 'RequestPayment', ...additionalPayment(orderId, its, at), at, insteadOf }),
  ];
}

/**
 * An order that goes on without its money (it is paid later, or owes a difference) sends nobody to a page that is closed; the next
 * one is there when somebody asks for it. One that waits for its payment has another one, or ends.
 */
export function withoutItsPage(recorded: RecordedEvent, { order: its }: Waiting): readonly Step[] {
  if (its === undefined || !its.wasConfirmed || isDead(its)) return [];
  const paymentId = paymentIdIn(recorded);
  if (its.link?.paymentId !== paymentId) return [];
  return [toOrder(its.details.orderId, 'link-gone', { type: 'DetachPaymentLink', paymentId })];
}

/**
 * The rest of what an order costs whose payment brought less, as somebody accepted: there is another payment for it, and the same
 * time to pay where the order waits for it. Held meanwhile, it is asked for when it goes on.
 */
export function askForTheRest({ meta: { at } }: RecordedEvent, { order: its, lacksRest }: Waiting): readonly Step[] {
  if (its === undefined) return [];
  const { orderId } = its.details;
  const ask = (instead: { readonly insteadOf?: PaymentId }): readonly Step[] => [
    toOrder(orderId, 'ask-rest', { type: 'RequestPayment', ...additionalPayment(orderId, its, at), at, ...instead }),
  ];
  if (its.status === 'awaiting_payment') {
    const { awaited } = its;
    return awaited === undefined || !isPaidInPart(its) ? [] : ask({ insteadOf: awaited.paymentId });
  }
  return lacksRest && its.status !== 'on_hold' ? ask({}) : [];
}

/** An order that goes on, and whether the rest of what it counted last is to be asked for. */
export async function withRest(its: ExistingOrder, related: Related): Promise<Waiting> {
  const last = its.applied.at(-1);
  if (last === undefined || !its.wasConfirmed || isDead(its) || outstanding(its) <= 0) return { order: its };
  const paid = await related.latest(payment, paymentStream(last.paymentId));
  if (paid.status === 'none' || paid.opening === undefined) return { order: its };
  const { amount } = paid.opening;
  // less counts only as somebody accepted: as it came, or while it was held
  const lacksRest = paid.captures.some((one) => one.intentId === last.intentId && one.amount.amount < amount.amount);
  return { order: its, lacksRest };
}

/**
 * An order that was paid by a payment which it had given up needs no other: nobody is to pay it twice. One that goes on with less
 * than it was held with is not paid by a page that asks for all of it: that ends, and its end asks for the rest. The page may be
 * there only after that was decided, for it was asked for before.
 */
export function endUnneeded(
  { event }: RecordedEvent,
  { order: its, payment: open }: Waiting,
  outcomes: readonly Outcome[],
): readonly Step[] {
  if (its?.awaited === undefined || open === undefined) return [];
  const mayBeTooMuch = event.type === 'OrderHoldResolved' || event.type === 'PaymentLinkAttached';
  const isOver = event.type === 'OrderConfirmed' || (mayBeTooMuch && asksForTooMuch(open, its));
  if (!isOver) return [];
  const { paymentId } = its.awaited;
  const ending = { orderId: its.details.orderId, paymentId, why: 'superseded', withoutProvider: false } as const;
  const progress = endPayment(ending, open, outcomes);
  if ('steps' in progress) return progress.steps;
  return progress.result === 'silent'
    ? [{ kind: 'later', reason: 'the provider does not close the session', error: progress.error }]
    : [];
}

const asksForTooMuch = (open: Payment, its: ExistingOrder): boolean =>
  open.status !== 'none' &&
  // its page is used where another amount was paid there
  open.mismatches.length === 0 &&
  !endedUnpaid(open) &&
  open.opening !== undefined &&
  open.opening.amount.amount > outstanding(its);

const isUnneeded = (basis: string, { awaited, applied, formerPayments }: ExistingOrder): boolean =>
  basis === 'captured' &&
  formerPayments !== undefined &&
  !applied.some(({ paymentId }) => paymentId === awaited?.paymentId);
