import type Stripe from 'stripe';
import type {
  ProviderDispute,
  ProviderRefund,
  ProviderSession,
} from '../../consumers/payment/ports/paymentProvider.js';
import type { ProviderCharge } from '../../consumers/payment/ports/providerLists.js';
import { fromStripeAmount } from './amounts.js';

const SESSION_STATUSES = ['open', 'complete', 'expired'] as const;
const PAYMENT_STATUSES = ['paid', 'unpaid', 'no_payment_required'] as const;
const REFUND_STATUSES = ['pending', 'requires_action', 'succeeded', 'failed', 'canceled'] as const;

/** Whole seconds since 1970, as Stripe counts, in RFC 3339. */
export const timeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** A session as the port shows it; `payment_intent.latest_charge` must have been expanded to see charge, method and errors. */
export function toSession(session: Stripe.Checkout.Session): ProviderSession {
  const intent = typeof session.payment_intent === 'string' ? undefined : (session.payment_intent ?? undefined);
  const intentId = typeof session.payment_intent === 'string' ? session.payment_intent : intent?.id;
  const charge = objectIn(intent?.latest_charge);
  const chargeId = idOf(intent?.latest_charge);
  const method = charge?.payment_method_details?.type;
  const lastError = intent?.last_payment_error ?? undefined;
  const held = heldBy(intent);
  // a session whose money is captured by hand says nothing of the capture; what came in may be another amount than was asked for
  const taken = intent?.status === 'succeeded';
  const amount = taken ? intent.amount_received : (session.amount_total ?? 0);
  return {
    sessionId: session.id,
    url: session.url ?? undefined,
    status: known('session status', SESSION_STATUSES, session.status),
    paymentStatus: taken ? 'paid' : known('payment status', PAYMENT_STATUSES, session.payment_status),
    amount: fromStripeAmount(
      held === 'authorized' ? (intent?.amount_capturable ?? 0) : amount,
      (taken ? intent.currency : session.currency) ?? '',
    ),
    expiresAt: timeOf(session.expires_at),
    metadata: pick(session.metadata, 'orderId', 'paymentId'),
    ...(intentId === undefined ? {} : { intentId }),
    // a declined attempt leaves a charge behind that took no money
    ...(chargeId === undefined || charge?.status === 'failed' ? {} : { chargeId }),
    ...(method === undefined || charge?.status === 'failed' ? {} : { method }),
    ...(held === undefined ? {} : { held }),
    ...(lastError === undefined ? {} : { lastError: toLastError(lastError) }),
  };
}

/** Only money that is captured by hand is ever held; an intent that is cancelled for want of a payer held none. */
function heldBy(intent: Stripe.PaymentIntent | undefined): ProviderSession['held'] {
  if (intent?.capture_method !== 'manual') return undefined;
  if (intent.status === 'requires_capture') return 'authorized';
  return intent.status === 'canceled' ? 'released' : undefined;
}

/** A dispute as the port shows it. Stripe's statuses are told as they are: which of them end a dispute is the payment's to say. */
export function toDispute(dispute: Stripe.Dispute): ProviderDispute {
  const intentId = idOf(dispute.payment_intent);
  const due = dispute.evidence_details.due_by;
  return {
    disputeId: dispute.id,
    status: dispute.status,
    amount: fromStripeAmount(dispute.amount, dispute.currency),
    ...(intentId === undefined ? {} : { intentId }),
    ...(due === null ? {} : { evidenceDueBy: timeOf(due) }),
  };
}

/** A charge as the lists show it: what was taken, not what may have gone back since. */
export const toCharge = (charge: Stripe.Charge): Omit<ProviderCharge, 'paymentId'> => ({
  chargeId: charge.id,
  intentId: idOf(charge.payment_intent) ?? '',
  amount: fromStripeAmount(charge.amount_captured, charge.currency),
  at: timeOf(charge.created),
});

export function toRefund(refund: Stripe.Refund): ProviderRefund {
  const [intentId, chargeId] = [idOf(refund.payment_intent), idOf(refund.charge)];
  return {
    providerRefundId: refund.id,
    status: known('refund status', REFUND_STATUSES, refund.status),
    amount: fromStripeAmount(refund.amount, refund.currency),
    metadata: pick(refund.metadata, 'orderId', 'paymentId', 'refundId'),
    ...(intentId === undefined ? {} : { intentId }),
    ...(chargeId === undefined ? {} : { chargeId }),
    ...(refund.failure_reason === undefined ? {} : { failureReason: refund.failure_reason }),
  };
}

function toLastError(error: Stripe.PaymentIntent.LastPaymentError): NonNullable<ProviderSession['lastError']> {
  return {
    code: error.code ?? error.type,
    ...(error.decline_code === undefined ? {} : { declineCode: error.decline_code }),
    ...(error.charge === undefined ? {} : { attemptId: error.charge }),
  };
}

/** Stripe adds values to its enumerations; one that we do not know must not pass for one that we do. */
class UnknownValue extends Error {
  override readonly name = 'UnknownValue';

  constructor(what: string, value: unknown) {
    super(`Stripe answered a ${what} that is not known here: ${String(value)}`);
  }
}

function known<T extends string>(what: string, values: readonly T[], value: string | null): T {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw new UnknownValue(what, value);
  return found;
}

const idOf = (reference: string | { readonly id: string } | null | undefined): string | undefined =>
  typeof reference === 'string' ? reference : reference?.id;

const objectIn = <T extends object>(reference: string | T | null | undefined): T | undefined =>
  typeof reference === 'string' ? undefined : (reference ?? undefined);

/** Of the metadata only what Comanda put there, and only where it is there. */
export function pick<K extends string>(
  metadata: Readonly<Record<string, string>> | null,
  ...names: readonly K[]
): { readonly [name in K]?: string } {
  const found: { [name in K]?: string } = {};
  for (const name of names) {
    const value = metadata?.[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
