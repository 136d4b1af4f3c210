import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { LineId, OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order } from '../../../src/domain/order/index.js';
import { eur, idOf } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { contextFor } from '../../support/world/shop.js';

describe('what somebody wants back, over HTTP', () => {
  let api: TestApi;
  let id: OrderId;
  let lineId: LineId;
  beforeEach(async () => {
    api = await startTestApi();
    const soup = { name: 'Soup', price: { amount: 450, currency: 'EUR' }, trackStock: false };
    await api.request('PUT', '/v1/offers/soup', { body: soup });
    const placed = await api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 2 }] },
      headers: { 'idempotency-key': 'k' },
    });
    id = placed.body['id'] as OrderId;
    lineId = (placed.body['lines'] as readonly { readonly lineId: LineId }[])[0]?.lineId ?? idOf('line', 1);
    const paid = {
      type: 'ApplyPayment',
      paymentId: paymentIdOf(id, 1),
      intentId: 'pi_1',
      amount: eur(900),
      method: 'card',
    } as const;
    const stream = orderStream(id);
    expect(E.isRight(await api.executor.execute(order, stream, paid, contextFor(stream, 'pay')))).to.equal(true);
  });
  afterEach(() => api.close());

  let key = 0;
  const refund = (body: object) =>
    api.request('POST', `/v1/orders/${id}/refunds`, {
      body: { reason: 'it was cold', ...body },
      headers: { 'idempotency-key': `r${(key += 1)}` },
    });
  const faults = (body: Readonly<Record<string, unknown>>): readonly unknown[] =>
    (body['errors'] as readonly { pointer: string; code: string }[]).map(({ pointer, code }) => [pointer, code]);

  it('is some money, in the currency that was paid: what is wrong is named by its field', async () => {
    const nothing = await refund({ amount: eur(0) });
    expect([nothing.status, faults(nothing.body)]).to.deep.equal([422, [['/amount/amount', 'out-of-range']]]);
    const dollars = await refund({ amount: { amount: 100, currency: 'USD' } });
    expect([dollars.status, dollars.body['type']]).to.deep.equal([422, '/problems/currency-mismatch']);
    expect(faults(dollars.body)).to.deep.equal([['/amount/currency', 'other-currency']]);
    expect(dollars.body['detail']).to.equal('the order is paid in EUR, not in USD');
    const both = await refund({ amount: eur(1), lines: [{ lineId, qty: 1 }] });
    expect([both.status, faults(both.body)]).to.deep.equal([422, [['', 'one-of']]]);
  });

  it('is what some units cost: a line of which there are fewer is named by its place', async () => {
    const unknown = idOf('line', 99);
    const refused = await refund({
      lines: [
        { lineId, qty: 1 },
        { lineId: unknown, qty: 1 },
      ],
    });
    expect([refused.status, refused.body['type']]).to.deep.equal([409, '/problems/quantity-not-available']);
    expect(refused.body['errors']).to.deep.equal([
      { pointer: '/lines/1/qty', code: 'not-available', detail: '1 wanted, 0 open' },
    ]);
    const granted = await refund({ lines: [{ lineId, qty: 1 }] });
    expect([granted.status, granted.body['refunds']]).to.deep.equal([
      202,
      { status: 'pending', due: eur(450), refunded: eur(0) },
    ]);
  });

  it('is no more than was paid and is not on its way back', async () => {
    expect((await refund({ amount: eur(600) })).status).to.equal(202);
    const rest = await refund({ amount: eur(301) });
    expect([rest.status, rest.body['refundable']]).to.deep.equal([409, eur(300)]);
  });

  it('is another wish under another key: a key belongs to the body that came with it', async () => {
    const ask = (body: object, path = `/v1/orders/${id}/refunds`) =>
      api.request('POST', path, { body: { reason: 'it was cold', ...body }, headers: { 'idempotency-key': 'mine' } });
    const first = await ask({ amount: eur(100) });
    expect([first.status, (await ask({ amount: eur(100) })).status]).to.deep.equal([202, 202]);
    for (const other of [{ amount: eur(200) }, { lines: [{ lineId, qty: 1 }] }]) {
      const refused = await ask(other);
      expect([refused.status, refused.body['type']]).to.deep.equal([422, '/problems/idempotency-key-reused']);
    }
    const now = await api.request('GET', `/v1/orders/${id}`);
    expect((now.body['refunds'] as { due: unknown }).due).to.deep.equal(eur(100));
    // it is another key elsewhere
    const called = await ask({ lines: [{ lineId, qty: 1 }] }, `/v1/orders/${id}/cancellations`);
    expect(called.status, called.text).to.equal(200);
  });

  it('is refused units by their place where lines are called off, too', async () => {
    const refused = await api.request('POST', `/v1/orders/${id}/cancellations`, {
      body: { reason: 'no', lines: [{ lineId, qty: 3 }] },
      headers: { 'idempotency-key': 'off' },
    });
    expect([refused.status, faults(refused.body)]).to.deep.equal([409, [['/lines/0/qty', 'not-available']]]);
  });
});
