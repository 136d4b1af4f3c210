import * as E from 'fp-ts/lib/Either.js';
import type { PaymentCommand } from '../../domain/payment/index.js';
import { payment } from '../../domain/payment/index.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { causeOf, issuerFor } from '../runtime/issuer.js';
import type { PaymentConsumerParts } from './paymentConsumer.js';

/** Where approved refunds wait to be made. */
export const REFUND_QUEUE = { queue: 'payment.refund-approved', bindings: ['refund.approved.v1'] };

/**
 * Asks the provider to send money back, once by its idempotency key, and records what it says. A provider that refuses will
 * refuse again: the refund has failed, and somebody has to see to it.
 */
export function refundConsumer({
  executor,
  clock,
  provider,
}: Pick<PaymentConsumerParts, 'executor' | 'clock' | 'provider'>): ConsumeOptions {
  const issuer = issuerFor('refund', 'system', executor, clock);
  return {
    ...REFUND_QUEUE,
    prefetch: 32,
    handle: async ({ message }) => {
      const { reason: _, ...request } = decodeMessage('refund.approved.v1', message);
      const { refundId, paymentId, amount, intentId } = request;
      const answer = await provider.refund(request);
      const told: PaymentCommand = E.isRight(answer)
        ? {
            type: 'RecordRefundState',
            refundId,
            intentId,
            providerRefundId: answer.right.providerRefundId,
            status: answer.right.status,
            amount: answer.right.amount,
            ...(answer.right.failureReason === undefined ? {} : { code: answer.right.failureReason }),
          }
        : { type: 'RecordRefundState', refundId, intentId, status: 'failed', amount, code: answer.left.code };
      // refused only where the payment does not exist, which asked for it
      await issuer(causeOf(message)).issue(payment, paymentStream(paymentId), 'refund', told);
    },
  };
}
