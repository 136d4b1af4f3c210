import type { ExistingPayment, PaymentEvent } from '../../domain/payment/index.js';
import type { Message, Of } from './message.js';

type RefundFact = Of<
  PaymentEvent,
  'RefundRequested' | 'RefundApproved' | 'RefundRejected' | 'RefundSucceeded' | 'RefundFailed'
>;

/** What an event of a payment tells of one of its refunds; undefined where nobody knows whose order it is. */
export function refundMessage({ type, data }: RefundFact, state: ExistingPayment): Message | undefined {
  const wish = state.refunds.find(({ refundId }) => refundId === data.refundId);
  const opened = state.opening ?? state.captures[0];
  const paymentId = state.opening?.paymentId;
  if (!wish || !opened || paymentId === undefined) return undefined;
  const { refundId, amount, reason, approval, intentId, requestedAt } = wish;
  const block = { refundId, paymentId, orderId: opened.orderId, amount, reason };
  const subject = refundId;
  switch (type) {
    case 'RefundRequested':
      return { type: 'refund.requested.v1', subject, data: { ...block, approval } };
    case 'RefundApproved':
      return { type: 'refund.approved.v1', subject, data: { ...block, intentId, requestedAt } };
    case 'RefundSucceeded':
      return { type: 'refund.succeeded.v1', subject, data: block };
    case 'RefundFailed':
      return { type: 'refund.failed.v1', subject, data: { ...block, code: data.code } };
    case 'RefundRejected':
      return { type: 'refund.failed.v1', subject, data: { ...block, code: 'rejected' } };
  }
}

/** What an event of a payment tells of a refund that was made at the provider; undefined as above. */
export function foreignRefundMessage(
  { type, data }: Of<PaymentEvent, 'ForeignRefundRecorded' | 'ForeignRefundFailed'>,
  state: ExistingPayment,
): Message | undefined {
  const opened = state.opening ?? state.captures[0];
  const paymentId = state.opening?.paymentId;
  if (!opened || paymentId === undefined) return undefined;
  const { providerRefundId, amount } = data;
  const block = { providerRefundId, paymentId, orderId: opened.orderId, amount };
  const subject = providerRefundId;
  return type === 'ForeignRefundRecorded'
    ? { type: 'refund.foreign_recorded.v1', subject, data: block }
    : { type: 'refund.foreign_failed.v1', subject, data: { ...block, code: data.code } };
}
