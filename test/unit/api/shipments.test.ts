import { expect } from 'chai';
import { freshCommandId } from '../../../src/commands/identity.js';
import type { ShipmentId } from '../../../src/domain/kernel/ids.js';
import { orderStream, shipmentStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { anOrder, at, idOf } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { placeToShip } from './toShip.js';

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
    await ask(placeToShip(3));
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

  it('are made of the order as their maker knows it, and of no other units under the same key', async () => {
    const withMatch = (tag: string, qty = 1) =>
      api.request('POST', `/v1/orders/${anOrder}/shipments`, {
        body: { lines: [{ lineId, qty }] },
        headers: { 'Idempotency-Key': 'a', 'If-Match': tag },
      });
    const stale = await withMatch('"r0"');
    expect([stale.status, stale.body.type]).to.deep.equal([412, '/problems/revision-mismatch']);
    expect((await withMatch('*')).status).to.equal(201);
    const other = await withMatch('*', 2);
    expect([other.status, other.body.type]).to.deep.equal([422, '/problems/idempotency-key-reused']);
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

  it('carry a label that a carrier is asked for, once under one key, to where the order goes', async () => {
    const address = { name: 'Ada', street: 'Via Breve 1', city: 'Genova', postalCode: '16100', country: 'IT' };
    await api.request('PUT', `/v1/orders/${anOrder}/delivery`, { body: { address }, headers: { 'If-Match': '*' } });
    const id = await made();
    const wish = { carrier: 'post', parcels: [{ weight: 1200 }] };
    const asked = await post(`${id}/label`, wish, { 'Idempotency-Key': 'l' });
    expect(asked.body.label).to.include({ state: 'requested', carrier: 'post' });
    expect((await post(`${id}/label`, wish, { 'Idempotency-Key': 'l' })).body.revision).to.equal(asked.body.revision);
    const another = await post(`${id}/label`, wish, { 'Idempotency-Key': 'm' });
    expect([another.status, another.body.type]).to.deep.equal([409, '/problems/illegal-transition']);
    const stored = JSON.stringify(api.store.events(shipmentStream(id as ShipmentId)).map(({ data }) => data));
    expect(stored).to.include('"name":"Main"').and.not.to.include('Via Breve');
    expect((await post(`${id}/courier`, { courier: 'staff/7' })).status).to.equal(409);
  });

  it('are fetched where the location says that it stands', async () => {
    const { body: location } = await api.request('GET', '/v1/locations/main');
    const { locationId: _, revision, ...said } = location;
    const house = { name: 'Main', street: 'Market 1', city: 'Genova', country: 'IT' };
    const headers = { 'If-Match': `"r${String(revision)}"` };
    const wrong = await api.request('PUT', '/v1/locations/main', {
      body: { ...said, address: { ...house, country: 'Italy' }, reason: 'moved' },
      headers,
    });
    expect([wrong.status, (wrong.body.errors as { pointer: string }[])[0]?.pointer]).to.deep.equal([
      422,
      '/address/country',
    ]);
    const moved = { body: { ...said, address: house, reason: 'moved' }, headers };
    expect((await api.request('PUT', '/v1/locations/main', moved)).body.address).to.deep.equal(house);
    const address = { ...house, name: 'Ada', street: 'Via Breve 1' };
    await api.request('PUT', `/v1/orders/${anOrder}/delivery`, { body: { address }, headers: { 'If-Match': '*' } });
    const id = await made();
    await post(`${id}/label`, { carrier: 'post', parcels: [{ weight: 1200 }] });
    const event = api.store.events(shipmentStream(id as ShipmentId)).at(-1);
    expect((event?.data as { from: unknown }).from).to.deep.equal({ locationId: 'main', name: 'Main', address: house });
  });

  it('are asked for no label where nobody knows where they go, and name what is wrong with the wish', async () => {
    const id = await made();
    const wish = { carrier: 'post', parcels: [{ weight: 1200 }] };
    const nowhere = await post(`${id}/label`, wish);
    expect([nowhere.status, nowhere.body.detail]).to.deep.equal([
      409,
      'nobody has said where it goes: PUT the delivery of its order first',
    ]);
    const wrong = await post(`${id}/label`, { carrier: '', parcels: [{ weight: 0.5, height: 0 }], to: 'Ada' });
    expect(wrong.status).to.equal(422);
    expect((wrong.body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort()).to.deep.equal([
      '/carrier',
      '/parcels/0/height',
      '/parcels/0/weight',
      '/to',
    ]);
    expect((await post(`${id}/label`, { carrier: 'post', parcels: [] })).status).to.equal(422);
    expect(api.store.events(shipmentStream(id as ShipmentId))).to.have.length(1);
  });

  it('are brought by one of ours, who is named by an id, and leave without anybody saying so again', async () => {
    const id = await made();
    const unsaid = await post(`${id}/dispatch`);
    expect([unsaid.status, (unsaid.body.errors as { pointer: string }[])[0]?.pointer]).to.deep.equal([422, '/carrier']);
    expect((await post(`${id}/courier`, { courier: 'Ada Lovelace' })).status).to.equal(422);
    expect((await post(`${id}/courier`, { courier: 'staff/7' })).body.courier).to.equal('staff/7');
    expect((await post(`${id}/dispatch`)).body).to.include({ state: 'in_transit', carrier: 'courier' });
    expect((await post(`${id}/courier`, { courier: 'staff/9' })).body.courier).to.equal('staff/9');
    await post(`${id}/deliver`);
    expect((await post(`${id}/courier`, { courier: 'staff/7' })).status).to.equal(409);
  });

  it('say no where it cannot be, and say what can', async () => {
    const id = await made();
    const early = await post(`${id}/deliver`);
    expect(early.body).to.deep.include({
      status: 409,
      current: 'pending',
      allowed: ['pack', 'dispatch', 'cancel', 'assign_courier'],
    });
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
