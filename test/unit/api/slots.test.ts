import { expect } from 'chai';
import { ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId, TicketId } from '../../../src/domain/kernel/ids.js';
import { orderStream, pickupCounterStream } from '../../../src/domain/kernel/streams.js';
import { order as orderAggregate, type OrderCommand } from '../../../src/domain/order/index.js';
import { pickupCounter, type PickupCommand } from '../../../src/domain/pickup/index.js';
import { idOf } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

const NOW = '2026-05-04T10:07:00.000Z';
const DAY = '2026-05-04';
const CAPACITY = 10;

describe('Slots over HTTP, and orders for later', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi(() => ({ clock: { now: () => NOW } }));
    const offer = { name: 'Soup', price: { amount: 500, currency: 'EUR' }, trackStock: false, prepSeconds: 600 };
    await api.request('PUT', '/v1/offers/soup', { body: offer });
  });
  afterEach(() => api.close());

  const limit = async (kitchenCapacity: number | undefined, more: object = {}) => {
    const { body } = await api.request('GET', '/v1/locations/main');
    const { locationId: _, revision, ...said } = body;
    const { status } = await api.request('PUT', '/v1/locations/main', {
      body: {
        ...said,
        ...more,
        ...(kitchenCapacity === undefined ? {} : { kitchenCapacity }),
        reason: 'a small kitchen',
      },
      headers: { 'if-match': `"r${String(revision)}"` },
    });
    expect(status).to.equal(200);
  };
  let commands = 0;
  const ask = (command: PickupCommand) =>
    api.executor.execute(pickupCounter, pickupCounterStream('main' as LocationId, DAY), command, {
      commandId: `command-${(commands += 1)}`,
      correlationId: 'correlation-1',
      causationId: null,
      actor: { kind: 'system', id: 'system/test' },
      tenant: 'main',
      at: NOW,
    });
  const take = (n: number, units: number, from: string): Promise<unknown> =>
    ask({ type: 'GivePickupNumber', ticketId: idOf('ticket', n), load: { units, from, capacity: CAPACITY } });
  const free = (ticketId: TicketId) => ask({ type: 'ChangeKitchenLoad', ticketId, units: 0 });
  const slots = async (query = '') => {
    const { status, body } = await api.request('GET', `/v1/locations/main/slots${query}`);
    return { status, body, items: (body['items'] ?? []) as readonly { from: string; to: string; free?: number }[] };
  };
  const order = (key: string, promisedAt: string | undefined, quantity = 4) =>
    api.request('POST', '/v1/orders', {
      body: {
        locationId: 'main',
        mode: 'pickup',
        lines: [{ sku: 'soup', quantity }],
        ...(promisedAt === undefined ? {} : { promisedAt }),
      },
      headers: { 'idempotency-key': key },
    });

  it('say how much the kitchen can still make, and it is free again for what is called off', async () => {
    await limit(CAPACITY);
    await take(1, 6, '2026-05-04T10:20:00.000Z');
    const first = await slots();
    expect([first.body['date'], first.body['mode'], first.items.length]).to.deep.equal([DAY, 'pickup', 56]);
    expect(first.items.slice(0, 2)).to.deep.equal([
      { from: '2026-05-04T10:00:00.000Z', to: '2026-05-04T10:15:00.000Z', free: CAPACITY },
      { from: '2026-05-04T10:15:00.000Z', to: '2026-05-04T10:30:00.000Z', free: 4 },
    ]);
    await free(idOf('ticket', 1));
    expect((await slots()).items[1]?.free).to.equal(CAPACITY);
  });

  it('have no number where the kitchen makes whatever comes', async () => {
    expect((await slots(`?date=2026-05-05`)).items[0]).to.deep.equal({
      from: '2026-05-05T00:00:00.000Z',
      to: '2026-05-05T00:15:00.000Z',
    });
  });

  it('name what is wrong with what they are asked', async () => {
    for (const [query, parameter] of [
      ['?mode=shipping', 'mode'],
      ['?mode=flying', 'mode'],
      ['?date=tomorrow', 'date'],
      ['?day=2026-05-05', 'day'],
    ] as const) {
      const { status, body } = await slots(query);
      expect([status, body['parameter']], query).to.deep.equal([400, parameter]);
    }
    expect((await api.request('GET', '/v1/locations/nowhere/slots')).status).to.equal(404);
  });

  it('are taken by an order for when there is room, also by one that fills it up', async () => {
    await limit(CAPACITY);
    await take(1, 6, '2026-05-04T10:30:00.000Z');
    // ten minutes to make: begun at 10:30
    expect((await order('fits', '2026-05-04T10:40:00Z')).status).to.equal(201);
  });

  it('refuse an order for when there is none, and say when it could be ready', async () => {
    await limit(CAPACITY);
    await take(1, 7, '2026-05-04T10:30:00.000Z');
    await take(2, 10, '2026-05-04T10:45:00.000Z');
    const before = api.store.size;
    const { status, body } = await order('full', '2026-05-04T10:40:00Z');
    expect([status, body['type'], body['next']]).to.deep.equal([
      409,
      '/problems/kitchen-full',
      '2026-05-04T11:10:00.000Z',
    ]);
    expect(body['errors']).to.have.nested.property('[0].pointer', '/promisedAt');
    expect(api.store.size).to.equal(before);
    expect((await order('full-then', String(body['next']))).status).to.equal(201);
    await free(idOf('ticket', 1));
    expect((await order('full', '2026-05-04T10:40:00Z')).status).to.equal(201);
  });

  it('are found again by the same request once they are full', async () => {
    await limit(CAPACITY);
    const first = await order('same', '2026-05-04T10:40:00Z');
    await take(1, 10, '2026-05-04T10:30:00.000Z');
    const again = await order('same', '2026-05-04T10:40:00Z');
    expect([again.status, again.body['id']]).to.deep.equal([201, first.body['id']]);
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
  });

  it('hold up nobody who wants it as soon as may be', async () => {
    await limit(CAPACITY);
    await take(1, 10, '2026-05-04T10:07:00.000Z');
    expect((await order('now', undefined)).status).to.equal(201);
  });

  describe('and another time for an order that somebody fetches', () => {
    let id: string;
    beforeEach(async () => {
      await limit(CAPACITY);
      const placed = await order('fetched', '2026-05-04T12:10:00Z');
      expect(placed.status, placed.text).to.equal(201);
      id = String(placed.body['id']);
    });
    const move = (promisedAt: string, headers: Readonly<Record<string, string>> = { 'if-match': '*' }) =>
      api.request('PUT', `/v1/orders/${id}/promise`, { body: { promisedAt }, headers });
    const shown = async () => {
      const { state } = await api.executor.load(orderAggregate, orderStream(id as OrderId), { fresh: true });
      return state.status === 'none' ? undefined : state.promisedAt;
    };

    it('is had where the kitchen has room then, and else it is said when', async () => {
      await take(1, 10, '2026-05-04T10:30:00.000Z');
      const full = await move('2026-05-04T10:40:00Z');
      expect([full.status, full.body['type']]).to.deep.equal([409, '/problems/kitchen-full']);
      expect(full.body['errors']).to.have.nested.property('[0].pointer', '/promisedAt');
      const moved = await move(String(full.body['next']));
      expect([moved.status, moved.body['promisedAt']], moved.text).to.deep.equal([200, full.body['next']]);
      expect(await shown()).to.equal(full.body['next']);
    });

    it('is kept by whoever says the time again that it has', async () => {
      const before = api.store.size;
      expect((await move('2026-05-04T12:10:00Z')).status).to.equal(200);
      expect(api.store.size).to.equal(before);
    });

    it('is not had while no orders are taken, nor in the past, nor by somebody who does not say of which revision', async () => {
      const wrong = await move('2026-05-04T13:10:00Z', { 'if-match': '"r7"' });
      expect(wrong.status, wrong.text).to.equal(412);
      expect((await move('2026-05-04T13:10:00Z', {})).status).to.equal(428);
      const past = await move('2026-05-04T09:00:00Z');
      expect([past.status, past.body['type']]).to.deep.equal([422, '/problems/validation-failed']);
      await api.request('PUT', '/v1/locations/main/pause', { body: { reason: 'the oven is out' } });
      const paused = await move('2026-05-04T13:10:00Z');
      expect([paused.status, paused.body['type']]).to.deep.equal([409, '/problems/ordering-paused']);
      expect(await shown()).to.equal('2026-05-04T12:10:00.000Z');
    });
  });

  describe('and another time for an order that is there', () => {
    const FULL = '2026-05-04T10:40:00Z';
    let id: string;
    beforeEach(async () => {
      await limit(CAPACITY, { modes: ['pickup', 'delivery'] });
      const placed = await api.request('POST', '/v1/orders', {
        body: {
          locationId: 'main',
          mode: 'delivery',
          lines: [{ sku: 'soup', quantity: 4 }],
          promisedAt: '2026-05-04T12:10:00Z',
        },
        headers: { 'idempotency-key': 'brought' },
      });
      expect(placed.status, placed.text).to.equal(201);
      id = String(placed.body['id']);
    });
    const move = (promisedAt: string) =>
      api.request('PUT', `/v1/orders/${id}/delivery`, { body: { promisedAt }, headers: { 'if-match': '*' } });
    const orderState = async () => {
      const { state } = await api.executor.load(orderAggregate, orderStream(id as OrderId), { fresh: true });
      if (state.status === 'none') throw new Error('there is no order');
      return state;
    };

    it('are asked for as for a new one: none where the kitchen is full, and then when it could be ready', async () => {
      await take(1, 7, '2026-05-04T10:30:00.000Z');
      const before = api.store.size;
      const { status, body } = await move(FULL);
      expect([status, body['type'], body['next']]).to.deep.equal([
        409,
        '/problems/kitchen-full',
        '2026-05-04T10:55:00.000Z',
      ]);
      expect(body['errors']).to.have.nested.property('[0].pointer', '/promisedAt');
      expect(api.store.size).to.equal(before);
      expect((await move(String(body['next']))).status).to.equal(200);
      expect((await orderState()).promisedAt).to.equal('2026-05-04T10:55:00.000Z');
    });

    it('are not refused because of the very order that moves within its own quarter', async () => {
      const ticketId = ticketIdOf(id as OrderId, 'main' as LocationId);
      await take(1, 6, '2026-05-04T12:00:00.000Z');
      await ask({
        type: 'GivePickupNumber',
        ticketId,
        load: { units: 4, from: '2026-05-04T12:00:00.000Z', capacity: CAPACITY },
      });
      const moved = await move('2026-05-04T12:20:00Z');
      expect(moved.status, moved.text).to.equal(200);
    });

    it('are kept by whoever says the time again that it has, however full it is by then', async () => {
      await take(1, 10, '2026-05-04T12:00:00.000Z');
      expect((await move('2026-05-04T12:10:00Z')).status).to.equal(200);
    });

    it('are asked of nobody once the kitchen has begun', async () => {
      await take(1, 10, '2026-05-04T10:30:00.000Z');
      const tell = (command: OrderCommand) =>
        api.executor.execute(orderAggregate, orderStream(id as OrderId), command, {
          commandId: `order-${(commands += 1)}`,
          correlationId: 'correlation-1',
          causationId: null,
          actor: { kind: 'system', id: 'system/test' },
          tenant: 'main',
          at: NOW,
        });
      const placed = await orderState();
      const payment = { paymentId: idOf('payment', 1), intentId: 'pi_1', amount: placed.details.total, method: 'card' };
      await tell({ type: 'ApplyPayment', ...payment });
      await tell({ type: 'StartFulfilment', tickets: [], shipLines: [] });
      await tell({ type: 'RecordProgress', stage: 'preparing' });
      const moved = await move(FULL);
      expect(moved.status, moved.text).to.equal(200);
    });

    it('are not to be had while no orders are taken', async () => {
      const until = '2026-05-04T11:07:00Z';
      const paused = await api.request('PUT', '/v1/locations/main/pause', {
        body: { reason: 'the oven is out', until },
      });
      expect(paused.status, paused.text).to.be.oneOf([200, 204]);
      const { status, body } = await move('2026-05-04T13:10:00Z');
      expect([status, body['type']]).to.deep.equal([409, '/problems/ordering-paused']);
    });
  });
});
