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
  refunds(since: string): AsyncIterable<BookedRefund>;
  /** Every refund of one intent of a payment, whenever it was made. */
  refundsOf(paymentId: PaymentId, intentId: string): Promise<readonly BookedRefund[]>;
  disputes(since: string): AsyncIterable<BookedDispute>;
  /** Makes a refund, or finds the one that was made for the same id: how it stands then; refused is failed. */
  makeRefund(refund: RefundToMake): Promise<BookedRefund>;
}
