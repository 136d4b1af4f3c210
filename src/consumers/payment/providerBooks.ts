import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import type { Clock } from '../../commands/ports/clock.js';
import { OrderIdCodec, type PaymentId, PaymentIdCodec, RefundIdCodec } from '../../domain/kernel/ids.js';
import { SystemFault } from '../ports/faults.js';
import { observationOf } from './observation.js';
import { makeRefund } from './makeRefund.js';
import type { PaymentProvider, ProviderRefund, RefundRequest } from './ports/paymentProvider.js';
import type { ProviderLists } from './ports/providerLists.js';

type Books = ProviderLists & Pick<PaymentProvider, 'listRefunds' | 'refund'>;

/** The provider's lists as the reconciliation compares them with our payments: in the words of the payment's own commands. */
export function providerBooks(lists: Books, clock: Clock) {
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
    charges: (since: string, until: string) => lists.listCharges(since, until),
    async *refunds(since: string, until?: string) {
      for await (const { paymentId, ...refund } of lists.listAllRefunds(since, until)) yield booked(paymentId, refund);
    },
    async refundsOf(paymentId: PaymentId, intentId: string) {
      const answer = await lists.listRefunds(intentId);
      if (isLeft(answer)) {
        // of what it has never heard of it has no refund
        if (answer.left.code === 'resource_missing') return [];
        throw new SystemFault(`the payment provider refused to list the refunds of ${intentId}: ${answer.left.text}`, {
          cause: answer.left,
        });
      }
      return answer.right.map((refund) => booked(paymentId, refund));
    },
    async *disputes(since: string) {
      for await (const { intentId: _, ...dispute } of lists.listAllDisputes(since)) yield dispute;
    },
    async makeRefund(request: RefundRequest) {
      const { type: _, ...told } = await makeRefund(lists, request);
      return { paymentId: request.paymentId, ...told };
    },
  };
}

function booked(paymentId: PaymentId, refund: ProviderRefund) {
  const { providerRefundId, status, amount, intentId, failureReason, metadata } = refund;
  const ours = RefundIdCodec.decode(metadata.refundId);
  return {
    paymentId,
    providerRefundId,
    status,
    amount,
    ...(isRight(ours) ? { refundId: ours.right } : {}),
    ...(intentId === undefined ? {} : { intentId }),
    ...(failureReason === undefined ? {} : { code: failureReason }),
  };
}
