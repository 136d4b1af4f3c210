import type { OrderId, PaymentId, RefundId } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import type { PaymentCommand, ProviderObservation } from '../../domain/payment/commands.js';

type Command<Type extends PaymentCommand['type']> = Omit<Extract<PaymentCommand, { type: Type }>, 'type'>;

/** A session as the provider has it in its list. */
export interface BookedSession {
  readonly paymentId: PaymentId;
  readonly orderId: OrderId;
  readonly observation: ProviderObservation;
}

/** A charge that took money, as the provider has it in its list. */
export interface BookedCharge {
  readonly paymentId: PaymentId;
  readonly chargeId: string;
  readonly intentId: string;
  /** What was taken. */
  readonly amount: Money;
  /** RFC 3339; when it was made. */
  readonly at: string;
}

/** A refund or a dispute as the provider has it in its list; the payment is the one whose money it is about. */
export interface BookedRefund extends Command<'RecordRefundState'> {
  readonly paymentId: PaymentId;
}
export interface BookedDispute extends Command<'RecordDispute'> {
  readonly paymentId: PaymentId;
}

/** A refund that is to be made. */
export interface RefundToMake {
  readonly refundId: RefundId;
  readonly paymentId: PaymentId;
  readonly orderId: OrderId;
  readonly intentId: string;
  /** RFC 3339. */
  readonly requestedAt: string;
  readonly amount: Money;
}

/**
 * What the payment provider has in its books, from a moment on (RFC 3339), newest first; only what names a payment of ours.
 * Every one throws what the provider throws.
 */
export interface ProviderBooks {
  sessions(since: string): AsyncIterable<BookedSession>;
  /** Charges that took money, made before `until`. */
  charges(since: string, until: string): AsyncIterable<BookedCharge>;
  /** @param until only those that were made before; absent: all since */
  refunds(since: string, until?: string): AsyncIterable<BookedRefund>;
  /** Every refund of one intent of a payment, whenever it was made. */
  refundsOf(paymentId: PaymentId, intentId: string): Promise<readonly BookedRefund[]>;
  disputes(since: string): AsyncIterable<BookedDispute>;
  /** Makes a refund, or finds the one that was made for the same id: how it stands then; refused is failed. */
  makeRefund(refund: RefundToMake): Promise<BookedRefund>;
}
