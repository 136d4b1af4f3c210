import { majorUnits } from '../kernel/currency.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition, notFound } from '../kernel/rejections.js';
import type { PaymentCommand } from './commands.js';
import type { PaymentEvent } from './events.js';
import { evolve } from './evolve.js';
import { hasGone } from './foreignRefunds.js';
import { endOfHold, neverCounted, otherMoneyOf, undecidedFrom } from './otherMoney.js';
import type { PaymentRejection } from './rejections.js';
import type { Capture, ExistingPayment, Payment, Refund } from './state.js';

type Command<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>;
type PaymentDecision = Decision<PaymentRejection, PaymentEvent>;

/** A capture and what of it can be given back, in minor units. */
export interface Refundable {
  readonly capture: Capture;
  readonly left: number;
}

/**
 * What was captured and is neither on its way back nor has gone back, by capture, the newest first. A refund that was made
 * elsewhere and names no capture of ours counts against the newest.
 */
export function refundableOf(payment: ExistingPayment): readonly Refundable[] {
  const { captures, refunds, foreignRefunds } = payment;
  const ours = refunds.filter(({ state }) => state !== 'failed' && state !== 'rejected');
  // money that never counted takes nothing along when it goes
  const gone = [...ours, ...foreignRefunds.filter(hasGone)].filter((one) => !neverCounted(payment, one.intentId));
  const newest = captures.at(-1)?.intentId;
  const known = new Set(captures.map(({ intentId }) => intentId));
  const takenFrom = (intentId: string): number =>
    gone.reduce((sum, { amount, intentId: from }) => {
      const under = from !== undefined && known.has(from) ? from : newest;
      return under === intentId ? sum + amount.amount : sum;
    }, 0);
  return captures
    .map((capture) => ({ capture, left: Math.max(0, capture.amount.amount - takenFrom(capture.intentId)) }))
    .reverse();
}

/**
 * The refund that a cause asks for: approved at once where no approval is needed. What came as another amount than was asked for,
 * and that nobody accepted, goes back in the same way.
 */
export function requestRefund(command: Command<'RequestRefund'>, payment: ExistingPayment): PaymentDecision {
  const { type: _, uncounted = false, ...wish } = command;
  const { refundId, intentId, amount, approval } = wish;
  if (refundIn(payment, refundId)) return alreadyTrue;
  const from = uncounted ? undecidedFrom(payment, intentId) : sourceOf(payment, intentId);
  if (!from) {
    const other = uncounted ? otherMoneyOf(payment).find((one) => one.intentId === intentId) : undefined;
    return refuse(illegalTransition(other?.state ?? payment.status, []));
  }
  const { currency } = from.amount;
  if (amount.currency !== currency)
    return refuse({ _tag: 'CurrencyMismatch', currencies: [currency, amount.currency] });
  if (!Number.isSafeInteger(amount.amount) || amount.amount <= 0) return refuse({ _tag: 'InvalidAmount', ...amount });
  if (amount.amount > from.left) {
    return refuse({ _tag: 'RefundExceedsCaptured', wanted: amount, refundable: { currency, amount: from.left } });
  }
  const requested: PaymentEvent = { type: 'RefundRequested', data: wish };
  if (approval === 'required') return withEndOfHold(payment, requested);
  const approved: PaymentEvent = {
    type: 'RefundApproved',
    data: { refundId, by: 'policy', approvedAt: wish.requestedAt },
  };
  return withEndOfHold(payment, requested, approved);
}

/** What a refund causes, and what follows of that for money which was held. */
function withEndOfHold(payment: ExistingPayment, ...events: readonly PaymentEvent[]): PaymentDecision {
  const after = events.reduce<Payment>(evolve, payment);
  return record<PaymentEvent>(...events, ...(after.status === 'none' ? [] : endOfHold(after)));
}

function sourceOf(payment: ExistingPayment, intentId: string): ReturnType<typeof undecidedFrom> {
  const counted = refundableOf(payment).find(({ capture }) => capture.intentId === intentId);
  return counted ? { amount: counted.capture.amount, left: counted.left } : undecidedFrom(payment, intentId);
}

/** Somebody lets the money go; above a limit, which parts of one refund reach together, it is not whoever asked for it. */
export function approveRefund(command: Command<'ApproveRefund'>, payment: ExistingPayment): PaymentDecision {
  const { refundId, by, at, secondPersonAbove } = command;
  const refund = refundIn(payment, refundId);
  if (!refund) return refuse(notFound('refund', refundId));
  if (refund.state === 'rejected') return refuse(illegalTransition(refund.state, []));
  if (refund.state !== 'requested') return alreadyTrue;
  const { amount, currency } = refund.due ?? refund.amount;
  if (amount > majorUnits(secondPersonAbove, currency) && refund.requestedBy === by) {
    return refuse({ _tag: 'SecondPersonRequired', refundId });
  }
  return record({ type: 'RefundApproved', data: { refundId, by, approvedAt: at } });
}

/** Somebody does not let the money go. */
export function rejectRefund(
  { refundId, by, reason }: Command<'RejectRefund'>,
  payment: ExistingPayment,
): PaymentDecision {
  const refund = refundIn(payment, refundId);
  if (!refund) return refuse(notFound('refund', refundId));
  if (refund.state === 'rejected') return alreadyTrue;
  if (refund.state !== 'requested') return refuse(illegalTransition(refund.state, []));
  return record({ type: 'RefundRejected', data: { refundId, by, reason } });
}

/**
 * What the provider says of a refund now. Of ours each step is recorded once, and none is taken back but by a failure, which
 * may come after it looked good. One that we did not ask for counts as well, until it fails.
 */
export function recordRefundState(command: Command<'RecordRefundState'>, payment: ExistingPayment): PaymentDecision {
  const { refundId } = command;
  const refund = refundId === undefined ? undefined : refundIn(payment, refundId);
  return refund ? ours(command, refund) : foreign(command, payment);
}

function ours({ status, providerRefundId, code }: Command<'RecordRefundState'>, refund: Refund): PaymentDecision {
  const { refundId, amount, state } = refund;
  // nobody has asked the provider for it yet, or it is over
  if (state === 'requested' || state === 'rejected' || state === 'failed') return alreadyTrue;
  const submitted: readonly PaymentEvent[] =
    state === 'approved' && providerRefundId !== undefined
      ? [{ type: 'RefundSubmitted', data: { refundId, providerRefundId } }]
      : [];
  switch (status) {
    case 'pending':
    case 'requires_action':
      return record(...submitted);
    case 'succeeded':
      return state === 'succeeded'
        ? alreadyTrue
        : record<PaymentEvent>(...submitted, { type: 'RefundSucceeded', data: { refundId, amount } });
    case 'failed':
    case 'canceled':
      return record<PaymentEvent>(...submitted, {
        type: 'RefundFailed',
        data: { refundId, amount, code: code ?? status },
      });
  }
}

function foreign(command: Command<'RecordRefundState'>, payment: ExistingPayment): PaymentDecision {
  const { providerRefundId, amount, status, intentId, code } = command;
  if (providerRefundId === undefined) return alreadyTrue;
  const known = payment.foreignRefunds.find((one) => one.providerRefundId === providerRefundId);
  if (status === 'failed' || status === 'canceled') {
    // what nobody had told us of moved nothing here
    if (known === undefined || !hasGone(known)) return alreadyTrue;
    return record({
      type: 'ForeignRefundFailed',
      data: { providerRefundId, amount: known.amount, code: code ?? status },
    });
  }
  if (known !== undefined) return alreadyTrue;
  return withEndOfHold(payment, {
    type: 'ForeignRefundRecorded',
    data: { providerRefundId, amount, ...(intentId === undefined ? {} : { intentId }) },
  });
}

const refundIn = (payment: ExistingPayment, refundId: string): Refund | undefined =>
  payment.refunds.find((refund) => refund.refundId === refundId);
