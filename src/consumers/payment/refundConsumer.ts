import { payment } from '../../domain/payment/index.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { causeOf, issuerFor } from '../runtime/issuer.js';
import { makeRefund } from './makeRefund.js';
import type { PaymentConsumerParts } from './paymentConsumer.js';

/** Where approved refunds wait to be made. */
export const REFUND_QUEUE = { queue: 'payment.refund-approved', bindings: ['refund.approved.v1'] };

/** Asks the provider to send money back, and records what it says: where it refuses, somebody has to see to it. */
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
      const told = await makeRefund(provider, request);
      // refused only where the payment does not exist, which asked for it
      await issuer(causeOf(message)).issue(payment, paymentStream(request.paymentId), 'refund', told);
    },
  };
}
