import { expect } from 'chai';
import { freshCommandId } from '../../../src/commands/identity.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, orderLine, placedOrder } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

describe('Shipments over HTTP', () => {
  let api: TestApi;
  const lineId = idOf('line', 1);
  const ask = (command: OrderCommand) =>
    api.executor.execute(order, orderStream(anOrder), command, {
      commandId: freshCommandId(),
      correlationId: 'test',
      causationId: null,
      actor: { kind: 'system', id: 'system/test' },
      tenant: 'main',
      at,
    });
  const create = (qty: number, key: string) =>
    api.request('POST', `/v1/orders/${anOrder}/shipments`, {
      body: { lines: [{ lineId, qty }] },
      headers: { 'Idempotency-Key': key },
    });
  const post = (path: string, body?: unknown, headers = {}) =>
    api.request('POST', `/v1/shipments/${path}`, { headers, ...(body === undefined ? {} : { body }) });
  const made = async (qty = 2, key = 'a'): Promise<string> => (await create(qty, key)).body.id as string;

  beforeEach(async () => {
    api = await startTestApi();
    await ask({
      type: 'PlaceOrder',
      order: placedOrder({
        mode: 'shipping',
        lines: [orderLine(1, { qty: 3, track: false })],
        total: eur(0),
        paymentMode: 'free',
        gates: { check: 'skipped', stock: 'skipped', discounts: 'skipped' },
      }),
      acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
      allowedModes: ['shipping'],
    });
    await ask({ type: 'StartFulfilment', tickets: [], shipLines: [lineId] });
  });
  afterEach(() => api.close());

  it('are made of open units, once under one key', async () => {
    const { status, body, headers } = await create(2, 'a');
    expect([status, body.state, headers.get('etag')]).to.deep.equal([201, 'pending', '"r0"']);
    expect(headers.get('location')).to.equal(`/v1/shipments/${body.id as string}`);
    expect(body.lines).to.deep.equal([{ lineId, sku: 'sku-1', name: 'Thing 1', quantity: 2 }]);
    expect((await create(2, 'a')).body.id).to.equal(body.id);
    const listed = await api.request('GET', `/v1/orders/${anOrder}/shipments`);
    expect((listed.body.items as { id: string }[]).map(({ id }) => id)).to.deep.equal([body.id]);
  });

  it('never have a unit twice, whoever asks at the same time', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((key) => create(1, key)));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 201, 201, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).to.deep.include({ lines: [{ lineId, wanted: 1, available: 0 }] });
    expect(refused?.body.type).to.match(/quantity-not-available$/);
  });

  it('are packed, dispatched, brought in vain and delivered', async () => {
    const id = await made();
    expect((await post(`${id}/pack`)).body.state).to.equal('packed');
    const sent = await post(`${id}/dispatch`, { carrier: 'post', trackingNo: 'RR1' });
    expect(sent.body).to.include({ state: 'in_transit', carrier: 'post', trackingNo: 'RR1' });
    const key = { 'Idempotency-Key': 'ring' };
    expect((await post(`${id}/attempts`, { reason: 'nobody there' }, key)).body.state).to.equal('delivery_failed');
    const again = await post(`${id}/attempts`, { reason: 'nobody there' }, key);
    expect(again.body.attempts).to.have.length(1);
    const { status, body } = await post(`${id}/deliver`, { proof: 'photo/1' });
    expect([status, body.state, body.allowed]).to.deep.equal([200, 'delivered', []]);
    expect((await api.request('GET', `/v1/shipments/${id}`)).body).to.deep.equal(body);
  });

  it('are dispatched or taken back, and never both', async () => {
    const id = await made();
    const [sent, taken] = await Promise.all([
      post(`${id}/dispatch`, { carrier: 'post' }),
      post(`${id}/cancellation`, { reason: 'changed my mind' }),
    ]);
    expect([sent.status, taken.status].sort()).to.deep.equal([200, 409]);
    const { body } = await api.request('GET', `/v1/shipments/${id}`);
    expect(body.state).to.equal(sent.status === 200 ? 'in_transit' : 'cancelled');
  });

  it('come back or get lost, with a reason', async () => {
    const back = await made(1, 'a');
    await post(`${back}/dispatch`, { carrier: 'post' });
    expect((await post(`${back}/return`, { reason: 'refused' })).body).to.include({
      state: 'returned',
      reason: 'refused',
    });
    const lost = await made(1, 'b');
    await post(`${lost}/dispatch`, { carrier: 'post' });
    expect((await post(`${lost}/loss`, {})).status).to.equal(422);
    expect((await post(`${lost}/loss`, { reason: 'gone' })).body.state).to.equal('lost');
    const found = await post(`${lost}/deliver`);
    expect([found.status, (found.body.errors as { pointer: string }[])[0]?.pointer]).to.deep.equal([422, '/reason']);
    expect((await post(`${lost}/deliver`, { reason: 'a neighbour had it' })).body.state).to.equal('delivered');
  });

  it('say no where it cannot be, and say what can', async () => {
    const id = await made();
    const early = await post(`${id}/deliver`);
    expect(early.body).to.deep.include({ status: 409, current: 'pending', allowed: ['pack', 'dispatch', 'cancel'] });
    expect((await post(`${id}/pack`, undefined, { 'If-Match': '"r7"' })).status).to.equal(412);
    await post(`${id}/dispatch`, { carrier: 'post' });
    const late = await post(`${id}/cancellation`, { reason: 'changed my mind' });
    expect(late.body.type).to.match(/already-dispatched$/);
  });

  it('that do not exist are not found, and nothing is remembered of them', async () => {
    const nobody = idOf('shipment', 9);
    for (const verb of ['pack', 'cancellation']) {
      expect((await post(`${nobody}/${verb}`, verb === 'pack' ? undefined : { reason: 'no' })).status).to.equal(404);
    }
    expect(api.store.names('shipment')).to.deep.equal([]);
    expect((await api.request('GET', `/v1/orders/${idOf('order', 9)}/shipments`)).status).to.equal(404);
  });
});
