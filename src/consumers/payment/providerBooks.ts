import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import type { Clock } from '../../commands/ports/clock.js';
import { OrderIdCodec, PaymentIdCodec, RefundIdCodec } from '../../domain/kernel/ids.js';
import { observationOf } from './observation.js';
import type { ProviderLists } from './ports/providerLists.js';

/** The provider's lists as the reconciliation compares them with our payments: in the words of the payment's own commands. */
export function providerBooks(lists: ProviderLists, clock: Clock) {
  return {
    async *sessions(since: string) {
      const readAt = clock.now();
      for await (const session of lists.listSessions(since)) {
        const paymentId = PaymentIdCodec.decode(session.metadata.paymentId);
        const orderId = OrderIdCodec.decode(session.metadata.orderId);
        if (isLeft(paymentId) || isLeft(orderId)) continue;
        yield {
          paymentId: paymentId.right,
          orderId: orderId.right,
          observation: observationOf(session, readAt),
        };
      }
    },
    async *refunds(since: string) {
      for await (const { paymentId, providerRefundId, ...refund } of lists.listAllRefunds(since)) {
        const { status, amount, intentId, failureReason, metadata } = refund;
        const ours = RefundIdCodec.decode(metadata.refundId);
        yield {
          paymentId,
          providerRefundId,
          status,
          amount,
          ...(isRight(ours) ? { refundId: ours.right } : {}),
          ...(intentId === undefined ? {} : { intentId }),
          ...(failureReason === undefined ? {} : { code: failureReason }),
        };
      }
    },
    async *disputes(since: string) {
      for await (const { intentId: _, ...dispute } of lists.listAllDisputes(since)) yield dispute;
    },
  };
}
