import type { PaymentEvent } from './events.js';

type Data<Type extends PaymentEvent['type']> = Extract<PaymentEvent, { type: Type }>['data'];

export type Opening = Data<'PaymentOpened'>;
export type Session = Data<'CheckoutSessionCreated'>;
export type Capture = Data<'PaymentCaptured'>;
export type Authorization = Data<'PaymentAuthorized'>;
export type Mismatch = Data<'ProviderMismatchDetected'> & {
  /** It is what somebody took at the provider's desk of the money that was held. Absent: it came, or is held, as it was paid. */
  readonly afterHeld?: true;
};

/** Money that goes back, from the wish to its end. */
export interface Refund extends Data<'RefundRequested'> {
  readonly state: 'requested' | 'approved' | 'submitted' | 'succeeded' | 'failed' | 'rejected';
  readonly approvedBy?: string;
  /** RFC 3339; absent where it was not written down yet. */
  readonly approvedAt?: string;
  readonly providerRefundId?: string;
  /** Why it failed, or was rejected. */
  readonly code?: string;
}

/** Money that went back by somebody's hand at the provider. */
export interface ForeignRefund extends Data<'ForeignRefundRecorded'> {
  /** Why it failed after all; absent: it went. */
  readonly code?: string;
}

export interface Dispute {
  readonly disputeId: string;
  readonly amount: Data<'DisputeOpened'>['amount'];
  readonly status: string;
  readonly evidenceDueBy?: string;
  readonly outcome?: Data<'DisputeClosed'>['outcome'];
}

/** What is known of a payment in whatever status. */
export interface PaymentFacts {
  /** Undefined when the payment was closed before anybody opened it. */
  readonly opening: Opening | undefined;
  readonly session: Session | undefined;
  readonly sessionFailure: Data<'CheckoutSessionFailed'> | undefined;
  /** One for each intent; there is never a second one for the same. */
  readonly captures: readonly Capture[];
  /** Told whenever another amount came, or is held, than was asked for. */
  readonly mismatches: readonly Mismatch[];
  readonly refunds: readonly Refund[];
  /** Made at the provider and not by us. */
  readonly foreignRefunds: readonly ForeignRefund[];
  readonly disputes: readonly Dispute[];
  /** The last failed attempt, so that it is not told twice. */
  readonly lastAttempt: Data<'PaymentAttemptFailed'> | undefined;
  /** When the last recorded observation was read; older ones count for captures only. */
  readonly observedAt: string | undefined;
}

interface Opened extends PaymentFacts {
  readonly opening: Opening;
}

/** A payment of one amount, one case a status. */
export type Payment =
  | { readonly status: 'none' }
  | ({ readonly status: 'opened' } & Opened)
  | ({ readonly status: 'ready'; readonly session: Session } & Opened)
  | ({ readonly status: 'processing' } & Opened)
  | ({
      readonly status: 'authorized';
      readonly authorization: Authorization;
      /** What the provider was asked to do with the money; undefined: nothing yet. */
      readonly wish: 'capture' | 'void' | undefined;
    } & PaymentFacts)
  | ({ readonly status: 'voided' } & PaymentFacts)
  | ({ readonly status: 'captured' } & PaymentFacts)
  | ({ readonly status: 'failed'; readonly code: string } & Opened)
  | ({ readonly status: 'closed'; readonly why: Data<'PaymentClosed'>['why'] } & PaymentFacts);
export type ExistingPayment = Exclude<Payment, { status: 'none' }>;
