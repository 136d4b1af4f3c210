import { assertNever } from '../kernel/assertNever.js';
import type { PaymentEvent } from './events.js';
import type { ExistingPayment, Payment, PaymentFacts } from './state.js';

const nothingKnown: PaymentFacts = {
  opening: undefined,
  session: undefined,
  sessionFailure: undefined,
  captures: [],
  mismatches: [],
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
    case 'PaymentFailed':
      return opening ? { ...observed(payment, event), status: 'failed', opening, code: event.data.code } : payment;
    case 'PaymentClosed':
      return { ...observed(payment, event), status: 'closed', why: event.data.why };
    case 'ProviderMismatchDetected':
      return { ...payment, mismatches: [...payment.mismatches, event.data] };
    default:
      return assertNever(event);
  }
}

/** The facts with the time of the newest observation: it never goes back. */
function observed(payment: ExistingPayment, { data }: { readonly data: { readonly readAt?: string } }): PaymentFacts {
  const known = facts(payment);
  const newer = data.readAt !== undefined && (known.observedAt === undefined || data.readAt > known.observedAt);
  return newer ? { ...known, observedAt: data.readAt } : known;
}

/** What outlives a change of status, without what belonged to the old one. */
function facts(payment: ExistingPayment): PaymentFacts {
  const { opening, session, sessionFailure, captures, mismatches, lastAttempt, observedAt } = payment;
  return { opening, session, sessionFailure, captures, mismatches, lastAttempt, observedAt };
}
