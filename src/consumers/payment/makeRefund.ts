import * as E from 'fp-ts/lib/Either.js';
import type { PaymentCommand } from '../../domain/payment/index.js';
import type { PaymentProvider, RefundRequest } from './ports/paymentProvider.js';

type RecordRefundState = Extract<PaymentCommand, { type: 'RecordRefundState' }>;

/**
 * Asks the provider to send money back, once by its idempotency key, and answers what the payment is to record. A provider that
 * refuses will refuse again: the refund has failed. Throws ProviderUnavailable.
 */
export async function makeRefund(
  provider: Pick<PaymentProvider, 'refund'>,
  request: RefundRequest,
): Promise<RecordRefundState> {
  const { refundId, intentId, amount } = request;
  const answer = await provider.refund(request);
  if (E.isLeft(answer)) {
    return { type: 'RecordRefundState', refundId, intentId, status: 'failed', amount, code: answer.left.code };
  }
  const { providerRefundId, status, amount: made, failureReason } = answer.right;
  return {
    type: 'RecordRefundState',
    refundId,
    intentId,
    providerRefundId,
    status,
    amount: made,
    ...(failureReason === undefined ? {} : { code: failureReason }),
  };
}
