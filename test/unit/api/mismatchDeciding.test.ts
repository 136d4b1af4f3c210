import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { cancellationIdOf, lineIdOf, paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId, PaymentId } from '../../../src/domain/kernel/ids.js';
import { orderStream, paymentStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { payment, type PaymentCommand } from '../../../src/domain/payment/index.js';
import { at, dueAt, eur } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { contextFor } from '../../support/world/shop.js';

describe('a decision on another amount than was asked for, over HTTP', () => {
  let api: TestApi;
  let id: OrderId;
  let paymentId: PaymentId;
  beforeEach(async () => {
    api = await startTestApi();
    const soup = { name: 'Soup', price: { amount: 900, currency: 'EUR' }, trackStock: false };
    await api.request('PUT', '/v1/offers/soup', { body: soup });
    const body = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }] };
    const placed = await api.request('POST', '/v1/orders', { body, headers: { 'idempotency-key': 'k' } });
    id = placed.body['id'] as OrderId;
    paymentId = paymentIdOf(id, 1);
    await ofOrder({ type: 'ConfirmPayLater', allowed: true });
    await ofPayment({ type: 'OpenPayment', paymentId, orderId: id, amount: eur(900), dueAt });
    await comes('pi_1', 700);
  });
  afterEach(() => api.close());

  async function ofOrder(command: OrderCommand): Promise<void> {
    const stream = orderStream(id);
    const done = await api.executor.execute(order, stream, command, contextFor(stream, command.type));
    expect(E.isLeft(done) ? done.left : undefined).to.equal(undefined);
  }
  async function ofPayment(command: PaymentCommand, step: string = command.type): Promise<void> {
    const stream = paymentStream(paymentId);
    const done = await api.executor.execute(payment, stream, command, contextFor(stream, step));
    expect(E.isLeft(done) ? done.left : undefined).to.equal(undefined);
  }
  const comes = (intentId: string, amount: number): Promise<void> => {
    const paid = { sessionId: 'cs_1', sessionStatus: 'complete', paymentStatus: 'paid' } as const;
    const observation = { ...paid, intentId, amount: eur(amount), readAt: at };
    return ofPayment({ type: 'RecordProviderState', orderId: id, observation, seenBy: 'webhook' }, intentId);
  };
  const decide = (decision: 'accept' | 'reject', headers: Readonly<Record<string, string>>) =>
    api.request('POST', `/v1/payments/${paymentId}/mismatch/resolution`, { body: { decision }, headers });
  const count = (type: string): number =>
    api.store.events(paymentStream(paymentId)).filter((event) => event.type === type).length;

  it('is found made by whoever repeats the request, and is told so, whatever became of the payment by that', async () => {
    const headers = { 'idempotency-key': 'mine', 'if-match': '"r1"' };
    expect((await decide('accept', headers)).status).to.equal(200);
    const again = await decide('accept', headers);
    expect([again.status, again.headers.get('idempotent-replayed')]).to.deep.equal([200, 'true']);
    expect(count('PaymentCaptured')).to.equal(1);
    const late = await decide('accept', { 'idempotency-key': 'another', 'if-match': '"r1"' });
    expect(late.status, 'somebody else looked at what is no more').to.equal(412);
  });

  it('is made of one sum: a repeat does not decide on the next, which its sender may never have seen', async () => {
    await comes('pi_2', 500);
    const headers = { 'idempotency-key': 'mine' };
    for (const _ of [1, 2]) expect((await decide('reject', headers)).status).to.equal(200);
    expect(count('RefundRequested')).to.equal(1);
    expect((await decide('reject', { 'idempotency-key': 'next' })).status).to.equal(200);
    expect(count('RefundRequested')).to.equal(2);
  });

  it('cannot be made of what was decided the other way, and says what became of that', async () => {
    expect((await decide('accept', { 'idempotency-key': 'mine' })).status).to.equal(200);
    const other = await decide('reject', { 'idempotency-key': 'other' });
    expect([other.status, other.body['current'], other.body['detail']]).to.deep.equal([
      409,
      'counted',
      `there is nothing to decide on: what came by ${paymentId} counts already`,
    ]);
  });

  it('is found made also where its order is over by then', async () => {
    const headers = { 'idempotency-key': 'mine' };
    expect((await decide('accept', headers)).status).to.equal(200);
    await ofOrder({
      type: 'RequestCancellation',
      cancellationId: cancellationIdOf(id, 'off'),
      reason: 'no soup',
      by: 'staff',
    });
    await ofOrder({
      type: 'SettleCancellation',
      cancellationId: cancellationIdOf(id, 'off'),
      stopped: [{ lineId: lineIdOf(id, 0), qty: 1 }],
      cause: '',
      at,
    });
    expect((await decide('accept', headers)).status).to.equal(200);
  });
});
