import { isId } from '../../domain/kernel/ids.js';
import type { ExistingPayment, PaymentEvent } from '../../domain/payment/index.js';
import type { Message } from './message.js';

export const PAYMENT_ENDS = ['PaymentFailed', 'PaymentClosed', 'DisputeOpened', 'DisputeClosed'] as const;
type PaymentEnd = Extract<PaymentEvent, { type: (typeof PAYMENT_ENDS)[number] }>;

/**
 * What an event of a payment tells of its end, or of a payer who wants the money back, given the payment just after it;
 * undefined where nobody knows whose order it is.
 */
export function paymentEnd({ type, data }: PaymentEnd, stream: string, state: ExistingPayment): Message | undefined {
  const paymentId = stream.slice('payment-'.length);
  const orderId = (state.opening ?? state.captures[0])?.orderId;
  if (orderId === undefined || !isId('payment', paymentId)) return undefined;
  const block = { paymentId, orderId };
  switch (type) {
    case 'PaymentFailed':
      return { type: 'payment.failed.v1', subject: paymentId, data: { ...block, code: data.code } };
    case 'PaymentClosed':
      return { type: 'payment.closed.v1', subject: paymentId, data: { ...block, why: data.why } };
    case 'DisputeOpened': {
      const { disputeId, amount, evidenceDueBy } = data;
      const due = evidenceDueBy === undefined ? {} : { dueBy: evidenceDueBy };
      const dispute = { ...block, disputeId, amount, ...due };
      return { type: 'payment.dispute_opened.v1', subject: paymentId, data: dispute };
    }
    case 'DisputeClosed': {
      const { disputeId, amount, outcome } = data;
      return { type: 'payment.dispute_closed.v1', subject: paymentId, data: { ...block, disputeId, amount, outcome } };
    }
  }
}
