import { paymentStream } from '../../src/domain/kernel/streams.js';
import { payment } from '../../src/domain/payment/index.js';
import { anOrder, aPayment, dueAt, eur } from './fixtures.js';
import type { TestApi } from './inMemory/api.js';
import { contextFor } from './world/shop.js';

/** Opens a payment in the store of this API. */
export async function openPaymentIn({ executor }: Pick<TestApi, 'executor'>): Promise<void> {
  const stream = paymentStream(aPayment);
  const command = { type: 'OpenPayment', paymentId: aPayment, orderId: anOrder, amount: eur(900), dueAt } as const;
  await executor.execute(payment, stream, command, contextFor(stream, 'open'));
}
