import type { LineId, OrderId, PaymentId, RefundId } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { PaymentEvent, RefundReason, SeenBy } from './events.js';

/** What the provider says of a payment's session now, read at `readAt`: a fact from outside, not a wish. */
export interface ProviderObservation {
  readonly sessionId: string;
  readonly sessionStatus: 'open' | 'complete' | 'expired';
  readonly paymentStatus: 'paid' | 'unpaid' | 'no_payment_required';
  readonly amount: Money;
  readonly intentId?: string;
  readonly chargeId?: string;
  readonly method?: string;
  /** What the provider does with the money: holds it until it is told, or let it go. Absent: neither. */
  readonly held?: 'authorized' | 'released';
  /** The last declined attempt, if the provider names one. */
  readonly lastError?: { readonly code: string; readonly declineCode?: string; readonly attemptId?: string };
  /** RFC 3339; when the object was re-read. Older observations than the last recorded one change nothing but sums. */
  readonly readAt: string;
}

/** Everything that may be asked of a payment. */
export type PaymentCommand =
  | {
      readonly type: 'OpenPayment';
      readonly paymentId: PaymentId;
      readonly orderId: OrderId;
      readonly amount: Money;
      readonly dueAt: string;
      /** Manual: the money is held until somebody asks for it. Absent: it is taken at once. */
      readonly captureMode?: 'automatic' | 'manual';
      /** Which payment of the order it is; absent: the first. */
      readonly ordinal?: number;
    }
  | {
      readonly type: 'AttachSession';
      readonly sessionId: string;
      readonly url: string;
      readonly providerExpiresAt: string;
    }
  | { readonly type: 'RecordSessionFailure'; readonly code: string; readonly text: string }
  | {
      readonly type: 'RecordProviderState';
      readonly orderId: OrderId;
      readonly observation: ProviderObservation;
      readonly seenBy: SeenBy;
      readonly providerEventId?: string;
    }
  | {
      readonly type: 'AcceptMismatch';
      readonly intentId: string;
      /** What whoever decided was shown. */
      readonly amount: Money;
      readonly by: string;
      readonly reason?: string;
    }
  | { readonly type: 'CapturePayment'; readonly by: string }
  | { readonly type: 'VoidPayment'; readonly by: string; readonly reason: string }
  | { readonly type: 'ClosePayment'; readonly why: Extract<PaymentEvent, { type: 'PaymentClosed' }>['data']['why'] }
  | {
      readonly type: 'RequestRefund';
      readonly refundId: RefundId;
      /** The capture that the money is to go back from. */
      readonly intentId: string;
      readonly amount: Money;
      readonly reason: RefundReason;
      readonly approval: 'auto' | 'required';
      readonly requestedBy: string;
      /** RFC 3339. */
      readonly requestedAt: string;
      readonly lines?: readonly { readonly lineId: LineId; readonly qty: number }[];
      readonly note?: string;
      /** What goes back in all, where this is a part of it; limits hold for that. */
      readonly due?: Money;
      /** Only what came as another amount than was asked for, and counts nowhere, is to go: not what somebody accepted meanwhile. */
      readonly uncounted?: true;
    }
  | {
      readonly type: 'ApproveRefund';
      readonly refundId: RefundId;
      readonly by: string;
      /** RFC 3339. */
      readonly at: string;
      /** In major units of the refund's currency; what is more takes two persons. */
      readonly secondPersonAbove: number;
    }
  | { readonly type: 'RejectRefund'; readonly refundId: RefundId; readonly by: string; readonly reason: string }
  | {
      readonly type: 'RecordRefundState';
      /** Ours, if the provider was told it. */
      readonly refundId?: RefundId;
      /** Absent where the provider refused to make one. */
      readonly providerRefundId?: string;
      readonly intentId?: string;
      readonly status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
      readonly amount: Money;
      /** Why it failed. */
      readonly code?: string;
    }
  | {
      readonly type: 'RecordDispute';
      readonly disputeId: string;
      readonly amount: Money;
      /** The provider's own word, such as `needs_response`, `won` or `lost`. */
      readonly status: string;
      /** RFC 3339. */
      readonly evidenceDueBy?: string;
    };

export type PaymentStatus =
  'none' | 'opened' | 'ready' | 'processing' | 'authorized' | 'captured' | 'failed' | 'voided' | 'closed';
