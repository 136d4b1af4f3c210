/**
 * What the simulator keeps. Stripe's own shapes are far wider and are made from these when somebody asks (render.ts).
 * Times are whole seconds since 1970, amounts are in Stripe's units of the currency, currencies are in lower case: as in Stripe's API.
 */
export type Metadata = Readonly<Record<string, string>>;

interface Stored {
  readonly id: string;
  /** Grows with every new record: the order of lists, newest first. */
  readonly seq: number;
  readonly created: number;
}

export interface LineRecord {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly unitAmount: number;
  readonly quantity: number;
}

export interface SessionRecord extends Stored {
  readonly status: 'open' | 'complete' | 'expired';
  readonly paymentStatus: 'paid' | 'unpaid' | 'no_payment_required';
  readonly expiresAt: number;
  readonly currency: string;
  readonly amount: number;
  readonly lines: readonly LineRecord[];
  readonly successUrl: string;
  readonly cancelUrl?: string;
  readonly clientReferenceId?: string;
  readonly customerEmail?: string;
  readonly metadata: Metadata;
  readonly intentMetadata: Metadata;
  readonly intentDescription?: string;
  /** Manual: what is paid is held until somebody asks for it. Absent: it is taken at once. */
  readonly captureMethod?: 'manual';
  readonly intentId?: string;
}

export interface PaymentFailure {
  readonly code: string;
  readonly declineCode: string;
  readonly message: string;
  readonly chargeId: string;
}

export interface IntentRecord extends Stored {
  readonly sessionId: string;
  readonly status: 'requires_payment_method' | 'processing' | 'requires_capture' | 'succeeded' | 'canceled';
  readonly captureMethod?: 'manual';
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Metadata;
  readonly description?: string;
  readonly latestChargeId?: string;
  readonly lastFailure?: PaymentFailure;
  readonly canceledAt?: number;
}

export interface ChargeRecord extends Stored {
  readonly intentId: string;
  readonly status: 'succeeded' | 'pending' | 'failed';
  readonly amount: number;
  readonly amountRefunded: number;
  /** False: the money is held and not taken. Absent: taken, where the charge succeeded. */
  readonly captured?: boolean;
  readonly currency: string;
  readonly method: 'card' | 'sepa_debit';
  readonly metadata: Metadata;
  readonly description?: string;
  readonly failure?: PaymentFailure;
}

export interface RefundRecord extends Stored {
  readonly chargeId: string;
  readonly intentId: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly amount: number;
  readonly currency: string;
  readonly reason?: string;
  readonly failureReason?: string;
  readonly metadata: Metadata;
}

/** A payer who wants the money back by way of the bank. */
export interface DisputeRecord extends Stored {
  readonly chargeId: string;
  readonly intentId: string;
  readonly status: 'needs_response' | 'under_review' | 'won' | 'lost';
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
  readonly evidenceDueBy: number;
}

export const EVENT_TYPES = [
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'charge.captured',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What an event shows: the object as it was when the event happened. */
export type Snapshot =
  | { readonly kind: 'sessions'; readonly record: SessionRecord }
  | { readonly kind: 'intents'; readonly record: IntentRecord }
  | { readonly kind: 'charges'; readonly record: ChargeRecord }
  | { readonly kind: 'refunds'; readonly record: RefundRecord }
  | { readonly kind: 'disputes'; readonly record: DisputeRecord };

export interface EventRecord extends Stored {
  readonly type: EventType;
  readonly snapshot: Snapshot;
  /** The call that led to it; none for what the payer or the clock did. */
  readonly request?: { readonly id: string; readonly idempotencyKey?: string };
}

export interface Records {
  readonly sessions: SessionRecord;
  readonly intents: IntentRecord;
  readonly charges: ChargeRecord;
  readonly refunds: RefundRecord;
  readonly disputes: DisputeRecord;
  readonly events: EventRecord;
}
export type Kind = keyof Records;

/** An answer kept under an idempotency key. `body` is the JSON text as it was sent. */
export interface KeptAnswer {
  readonly endpoint: string;
  /** Of the parameters, to tell a repetition from another request. */
  readonly digest: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** A webhook that nobody has accepted yet. */
export interface PendingWebhook {
  readonly eventId: string;
  readonly seq: number;
  readonly attempts: number;
  /** Milliseconds since 1970, wall clock. */
  readonly dueAt: number;
}
