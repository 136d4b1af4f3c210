import { refundIdOf } from '../commands/identity.js';
import type { PaymentId, RefundId } from '../domain/kernel/ids.js';

/**
 * The refund by which a capture of a payment gives back what is due; the payment's only capture needs no name.
 * @param due the id of the event that says so
 */
export const refundOfCapture = (due: string, paymentId: PaymentId, intentId: string, isOnly: boolean): RefundId =>
  refundIdOf(paymentId, isOnly ? due : `${due}/${intentId}`);

/** What stands for the part of it that no payment can give back. */
export const refundOfRest = (due: string, paymentId: PaymentId): RefundId => refundIdOf(paymentId, `${due}/rest`);
