import { assertNever } from '../kernel/assertNever.js';
import type { PaymentEvent } from './events.js';
import type { Dispute, ExistingPayment, Mismatch, Payment, PaymentFacts, Refund } from './state.js';
import { isTakenOf } from './takenOf.js';

const nothingKnown: PaymentFacts = {
  opening: undefined,
  session: undefined,
  sessionFailure: undefined,
  captures: [],
  mismatches: [],
  refunds: [],
  foreignRefunds: [],
  disputes: [],
  lastAttempt: undefined,
  observedAt: undefined,
};

/** The payment after an event. Total: a fact that fits nothing changes nothing. */
export function evolve(payment: Payment, event: PaymentEvent): Payment {
  if (payment.status === 'none') {
    if (event.type === 'PaymentOpened') return { ...nothingKnown, status: 'opened', opening: event.data };
    if (event.type === 'PaymentClosed') return { ...nothingKnown, status: 'closed', why: event.data.why };
    return payment;
  }
  const { opening } = payment;
  switch (event.type) {
    case 'PaymentOpened':
      return payment;
    case 'CheckoutSessionCreated':
      return payment.status === 'opened'
        ? { ...facts(payment), status: 'ready', opening: payment.opening, session: event.data }
        : { ...payment, session: event.data };
    case 'CheckoutSessionFailed':
      return { ...payment, sessionFailure: event.data };
    case 'PaymentProcessing':
      return opening ? { ...observed(payment, event), status: 'processing', opening } : payment;
    case 'PaymentAttemptFailed': {
      const { observedAt } = observed(payment, event);
      const known: ExistingPayment = { ...payment, observedAt, lastAttempt: event.data };
      if (known.status !== 'processing') return known;
      const { session } = known;
      return session ? { ...known, status: 'ready', session } : { ...known, status: 'opened' };
    }
    case 'PaymentCaptured':
      return { ...observed(payment, event), status: 'captured', captures: [...payment.captures, event.data] };
    case 'PaymentAuthorized':
      return {
        ...observed(payment, event),
        status: 'authorized',
        authorization: event.data,
        wish: undefined,
        mismatches: payment.mismatches.map((told) =>
          isTakenOf(event.data, told) ? { ...told, afterHeld: true } : told,
        ),
      };
    case 'CaptureRequested':
      return payment.status === 'authorized' ? { ...payment, wish: 'capture' } : payment;
    case 'VoidRequested':
      return payment.status === 'authorized' ? { ...payment, wish: 'void' } : payment;
    case 'PaymentVoided':
      return { ...observed(payment, event), status: 'voided' };
    case 'PaymentFailed':
      return opening ? { ...observed(payment, event), status: 'failed', opening, code: event.data.code } : payment;
    case 'PaymentClosed':
      return { ...observed(payment, event), status: 'closed', why: event.data.why };
    case 'ProviderMismatchDetected':
      return { ...payment, mismatches: [...payment.mismatches, mismatchOf(payment, event.data)] };
    case 'RefundRequested':
      return { ...payment, refunds: [...payment.refunds, { ...event.data, state: 'requested' }] };
    case 'RefundApproved': {
      const { refundId, by: approvedBy, approvedAt } = event.data;
      const when = approvedAt === undefined ? {} : { approvedAt };
      return refundBecomes(payment, refundId, { state: 'approved', approvedBy, ...when });
    }
    case 'RefundRejected':
      return refundBecomes(payment, event.data.refundId, { state: 'rejected', code: event.data.reason });
    case 'RefundSubmitted': {
      const { refundId, providerRefundId } = event.data;
      return refundBecomes(payment, refundId, { state: 'submitted', providerRefundId });
    }
    case 'RefundSucceeded':
      return refundBecomes(payment, event.data.refundId, { state: 'succeeded' });
    case 'RefundFailed':
      return refundBecomes(payment, event.data.refundId, { state: 'failed', code: event.data.code });
    case 'ForeignRefundRecorded':
      return { ...payment, foreignRefunds: [...payment.foreignRefunds, event.data] };
    case 'ForeignRefundFailed': {
      const { providerRefundId, code } = event.data;
      return {
        ...payment,
        foreignRefunds: payment.foreignRefunds.map((one) =>
          one.providerRefundId === providerRefundId ? { ...one, code } : one,
        ),
      };
    }
    case 'DisputeOpened':
      return { ...payment, disputes: [...payment.disputes, event.data] };
    case 'DisputeUpdated':
      return disputeBecomes(payment, event.data.disputeId, { status: event.data.status });
    case 'DisputeClosed': {
      const { disputeId, outcome } = event.data;
      return disputeBecomes(payment, disputeId, { status: outcome, outcome });
    }
    default:
      return assertNever(event);
  }
}

/** Told after money was held it is what was taken of that. */
const mismatchOf = ({ status }: ExistingPayment, told: Mismatch): Mismatch =>
  status === 'authorized' ? { ...told, afterHeld: true } : told;

const refundBecomes = (payment: ExistingPayment, refundId: string, change: Partial<Refund>): Payment => ({
  ...payment,
  refunds: payment.refunds.map((refund) => (refund.refundId === refundId ? { ...refund, ...change } : refund)),
});
const disputeBecomes = (payment: ExistingPayment, disputeId: string, change: Partial<Dispute>): Payment => ({
  ...payment,
  disputes: payment.disputes.map((one) => (one.disputeId === disputeId ? { ...one, ...change } : one)),
});

/** The facts with the time of the newest observation: it never goes back. */
function observed(payment: ExistingPayment, { data }: { readonly data: { readonly readAt?: string } }): PaymentFacts {
  const known = facts(payment);
  const newer = data.readAt !== undefined && (known.observedAt === undefined || data.readAt > known.observedAt);
  return newer ? { ...known, observedAt: data.readAt } : known;
}

/** What outlives a change of status, without what belonged to the old one. */
function facts(payment: ExistingPayment): PaymentFacts {
  if (payment.status === 'failed') {
    const { code: _, ...known } = payment;
    return known;
  }
  if (payment.status === 'authorized') {
    const { authorization: _, wish: __, ...known } = payment;
    return known;
  }
  if (payment.status === 'closed') {
    const { why: _, ...known } = payment;
    return known;
  }
  return payment;
}
