import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream, paymentStream } from '../../../src/domain/kernel/streams.js';
import { order } from '../../../src/domain/order/index.js';
import { payment } from '../../../src/domain/payment/index.js';
import { at, dueAt, eur } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { contextFor } from '../../support/world/shop.js';

describe('asking for money while another amount waits for a decision, over HTTP', () => {
  let api: TestApi;
  let id: OrderId;
  beforeEach(async () => {
    api = await startTestApi();
    const soup = { name: 'Soup', price: { amount: 1_000, currency: 'EUR' }, trackStock: false };
    await api.request('PUT', '/v1/offers/soup', { body: soup });
    const placed = await api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }] },
      headers: { 'idempotency-key': 'k' },
    });
    id = placed.body['id'] as OrderId;
    await paysLess();
  });
  afterEach(() => api.close());

  /** Less than the first payment asked for. */
  async function paysLess(): Promise<void> {
    const paymentId = paymentIdOf(id, 1);
    const stream = paymentStream(paymentId);
    const opening = { paymentId, orderId: id, amount: eur(1_000), dueAt } as const;
    await api.executor.execute(payment, stream, { type: 'OpenPayment', ...opening }, contextFor(stream, 'open'));
    const observation = {
      sessionId: 'cs_1',
      sessionStatus: 'complete',
      paymentStatus: 'paid',
      amount: eur(700),
      intentId: 'pi_1',
      readAt: at,
    } as const;
    const said = { type: 'RecordProviderState', orderId: id, observation, seenBy: 'poll' } as const;
    await api.executor.execute(payment, stream, said, contextFor(stream, 'said'));
  }
  async function paidLater(): Promise<void> {
    const stream = orderStream(id);
    await api.executor.execute(order, stream, { type: 'ConfirmPayLater', allowed: true }, contextFor(stream, 'later'));
  }
  const ask = (key: string) =>
    api.request('POST', `/v1/orders/${id}/payments`, { headers: { 'idempotency-key': key } });
  const decide = (decision: 'accept' | 'reject') =>
    api.request('POST', `/v1/payments/${paymentIdOf(id, 1)}/mismatch/resolution`, {
      body: { decision },
      headers: { 'idempotency-key': decision },
    });

  it('is refused, and says where to decide: nobody knows what is due', async () => {
    await paidLater();
    const refused = await ask('early');
    expect([refused.status, refused.body['type']]).to.deep.equal([409, '/problems/illegal-transition']);
    expect(refused.body['detail']).to.include(`/v1/payments/${paymentIdOf(id, 1)}/mismatch/resolution`);
    expect(refused.body['current']).to.equal('confirmed');
  });

  it('is refused of an order that waits for its payment and is not held for it yet', async () => {
    const refused = await ask('early');
    expect([refused.status, refused.body['current']]).to.deep.equal([409, 'awaiting_payment']);
  });

  it('asks for all of it once that goes back, and by the same key for the same', async () => {
    await paidLater();
    expect((await ask('mine')).status).to.equal(409);
    const decided = await decide('reject');
    expect(decided.status, decided.text).to.equal(200);
    for (const _ of [1, 2]) {
      const asked = await ask('mine');
      expect([asked.status, asked.body['amount']]).to.deep.equal([201, eur(1_000)]);
      expect(asked.body['paymentId']).to.equal(paymentIdOf(id, 2));
    }
  });
});
