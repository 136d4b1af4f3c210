import type { Either } from 'fp-ts/lib/Either.js';
import type { OrderId, PaymentId, RefundId } from '../../../domain/kernel/ids.js';
import type { Money } from '../../../domain/kernel/money.js';
import type { WebhookEvent } from './webhookEvent.js';

/** One thing that is paid for; `net` of a line is `unitPrice` × `quantity`. */
export interface SessionLine {
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

export interface SessionRequest {
  readonly paymentId: PaymentId;
  readonly orderId: OrderId;
  /** 1 for the first session of a payment; a session that replaces an expired one has the next number. */
  readonly attempt: number;
  /** RFC 3339; no session of this payment is older. Where the provider may have forgotten a first try, it is searched for from here. */
  readonly openedAt: string;
  readonly amount: Money;
  /** What the payer reads when the lines are not shown. */
  readonly description: string;
  /** Shown one by one if they add up to `amount`; otherwise one line with the description and the whole amount is shown. */
  readonly lines?: readonly SessionLine[];
  /** RFC 3339; a provider that demands more time than is left gives the session that (Stripe: 30 minutes). */
  readonly expiresAt: string;
  /** Where the payer's browser goes afterwards; that it came back proves nothing. */
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Manual: what is paid is only held. Absent: it is taken at once. */
  readonly captureMode?: 'automatic' | 'manual';
}

/** What the provider says of a checkout session now. */
export interface ProviderSession {
  readonly sessionId: string;
  /** The payment page, or undefined once the session is closed. */
  readonly url: string | undefined;
  readonly status: 'open' | 'complete' | 'expired';
  /** `complete` and `unpaid` together: an asynchronous method is still at work. */
  readonly paymentStatus: 'paid' | 'unpaid' | 'no_payment_required';
  readonly amount: Money;
  readonly intentId?: string;
  readonly chargeId?: string;
  /** The kind of method that paid, for example `card`. */
  readonly method?: string;
  /** What the provider does with the money of a session that is captured by hand: holds it, or let it go. */
  readonly held?: 'authorized' | 'released';
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
  /** What the session was created with; empty for a session that Comanda did not create. */
  readonly metadata: { readonly orderId?: string; readonly paymentId?: string };
  /** The last attempt that was declined; gone once another one succeeds. */
  readonly lastError?: { readonly code: string; readonly declineCode?: string; readonly attemptId?: string };
}

export interface RefundRequest {
  readonly refundId: RefundId;
  readonly paymentId: PaymentId;
  readonly orderId: OrderId;
  readonly intentId: string;
  /** RFC 3339; no refund with this id is older. */
  readonly requestedAt: string;
  readonly amount: Money;
}

/** What the provider says of a refund now. A refund that has succeeded can still fail later. */
export interface ProviderRefund {
  readonly providerRefundId: string;
  readonly status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
  readonly amount: Money;
  readonly intentId?: string;
  readonly chargeId?: string;
  readonly failureReason?: string;
  /** Empty for a refund that was made in the provider's dashboard. */
  readonly metadata: { readonly orderId?: string; readonly paymentId?: string; readonly refundId?: string };
}

/** What the provider says of a dispute now. */
export interface ProviderDispute {
  readonly disputeId: string;
  readonly intentId?: string;
  readonly amount: Money;
  /** The provider's own word, such as `needs_response`, `won` or `lost`. */
  readonly status: string;
  /** RFC 3339, UTC. */
  readonly evidenceDueBy?: string;
}

/** The provider said no, and will say so again: the amount is too small, there is no such session, the charge is refunded already. */
export interface ProviderRefused {
  readonly _tag: 'ProviderRefused';
  /** The provider's own code, for example `amount_too_small`, `resource_missing`, `charge_already_refunded`. */
  readonly code: string;
  readonly text: string;
  /** The HTTP status that it came with. */
  readonly status: number;
}

export type Asked<T> = Promise<Either<ProviderRefused, T>>;

/**
 * Who takes the money. A definite refusal is a `Left`; everything that says nothing about the request (network, timeout,
 * 5xx, too many requests, a wrong or missing key) is thrown as {@link ProviderUnavailable} and is worth another try.
 * Every method may be called again with the same arguments: nothing is created, charged or refunded twice.
 */
export interface PaymentProvider {
  /** Opens the payment page, or finds the one that the same payment and attempt opened before. */
  createSession(request: SessionRequest): Asked<ProviderSession>;
  getSession(sessionId: string): Asked<ProviderSession>;
  /** Closes the session and answers it as it is then: `expired`, or `complete` when the payer was faster. */
  expireSession(sessionId: string): Asked<ProviderSession>;
  /** Takes the money that is held. A refusal says that it is not held any more, or taken already: look at the session. */
  captureIntent(paymentId: PaymentId, intentId: string): Asked<void>;
  /** Lets the money go that is held. A refusal as with {@link captureIntent}. */
  releaseIntent(paymentId: PaymentId, intentId: string): Asked<void>;
  /** Every dispute about an intent, the newest first. */
  listDisputes(intentId: string): Asked<readonly ProviderDispute[]>;
  /** The newest session of a payment created at or after `since` (RFC 3339), or undefined; searches page by page. */
  findSessionByPayment(paymentId: PaymentId, since: string): Asked<ProviderSession | undefined>;
  /** The session that a payment intent belongs to, or undefined; for webhooks that name only the intent. */
  findSessionByIntent(intentId: string): Asked<ProviderSession | undefined>;
  refund(request: RefundRequest): Asked<ProviderRefund>;
  getRefund(providerRefundId: string): Asked<ProviderRefund>;
  /** Every refund of an intent, newest first, those made elsewhere too. */
  listRefunds(intentId: string): Asked<readonly ProviderRefund[]>;
  /**
   * Checks that the provider signed exactly these bytes within its tolerance and reads what they are about.
   * Throws {@link BadSignature}. The event is a hint: re-read the object before anything is recorded.
   */
  verifyWebhook(rawBody: Buffer, signature: string): WebhookEvent;
}

/** The provider did not answer, or answered nothing about the request; the outcome may be unknown. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
  readonly isSystemFault = true;

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
  }
}

/** A webhook that the provider did not sign, or signed too long ago, or that is no event. */
export class BadSignature extends Error {
  override readonly name = 'BadSignature';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
  }
}
