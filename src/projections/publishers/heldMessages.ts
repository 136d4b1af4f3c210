import type { MessageData } from '../../consumers/contracts/index.js';
import { payment, type PaymentEvent } from '../../domain/payment/index.js';
import type { Folds } from '../../subscriptions/contract.js';
import type { Message, Of } from './message.js';

type HeldFact = Of<PaymentEvent, 'PaymentAuthorized' | 'CaptureRequested' | 'VoidRequested' | 'PaymentVoided'>;

/** What an event of a payment tells of money that the provider holds. */
export async function heldMessage(
  { type }: HeldFact,
  stream: string,
  revision: number,
  folds: Folds,
): Promise<Message | undefined> {
  // once the money is let go the payment does not say any more what was held
  const state = await folds.at(payment, stream, type === 'PaymentVoided' ? revision - 1 : revision);
  if (state.status !== 'authorized') return undefined;
  const paymentId = stream.slice('payment-'.length) as MessageData<'payment.captured.v1'>['paymentId'];
  const { orderId, amount, intentId, method } = state.authorization;
  const data = { paymentId, orderId, amount, intentId };
  switch (type) {
    case 'PaymentAuthorized':
      return { type: 'payment.authorized.v1', subject: paymentId, data: { ...data, method: method.kind } };
    case 'CaptureRequested':
      return { type: 'payment.capture_requested.v1', subject: paymentId, data };
    case 'VoidRequested':
      return { type: 'payment.void_requested.v1', subject: paymentId, data };
    case 'PaymentVoided':
      return { type: 'payment.voided.v1', subject: paymentId, data: { paymentId, orderId, intentId } };
  }
}
