import * as E from 'fp-ts/lib/Either.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import { payment } from '../../domain/payment/index.js';
import type { PaymentCaptureRequestedV1 } from '../contracts/index.js';
import { SystemFault } from '../ports/faults.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { causeOf, issuerFor } from '../runtime/issuer.js';
import { observationOf } from './observation.js';
import type { PaymentConsumerParts } from './paymentConsumer.js';

/** Where wishes about money that is held wait for the provider. */
export const HOLD_QUEUE = {
  queue: 'payment.money-held',
  bindings: ['payment.capture_requested.v1', 'payment.void_requested.v1'],
};

/**
 * Asks the provider to take, or to let go, the money that it holds, and records what became of it. Its refusal says that
 * the money is not held any more, or taken already: either way what the session says then is what counts.
 */
export function holdConsumer(parts: Pick<PaymentConsumerParts, 'executor' | 'clock' | 'provider'>): ConsumeOptions {
  const { executor, clock, provider } = parts;
  const issuer = issuerFor('payment-hold', 'system', executor, clock);
  return {
    ...HOLD_QUEUE,
    prefetch: 32,
    handle: async ({ message }) => {
      const capture = message.type === 'payment.capture_requested.v1';
      const held: PaymentCaptureRequestedV1 = capture
        ? decodeMessage('payment.capture_requested.v1', message)
        : decodeMessage('payment.void_requested.v1', message);
      const { paymentId, orderId, intentId } = held;
      const answer = await (capture
        ? provider.captureIntent(paymentId, intentId)
        : provider.releaseIntent(paymentId, intentId));

      const readAt = clock.now();
      const session = await provider.findSessionByIntent(intentId);
      if (E.isLeft(session) || session.right === undefined) {
        throw new SystemFault(`the payment provider does not show the session of ${intentId}`, {
          cause: E.isLeft(answer) ? answer.left : undefined,
        });
      }
      await issuer(causeOf(message)).issue(payment, paymentStream(paymentId), 'observe', {
        type: 'RecordProviderState',
        orderId,
        observation: observationOf(session.right, readAt),
        seenBy: 'poll',
      });
    },
  };
}
