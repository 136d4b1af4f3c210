import { expect } from 'chai';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { contextFor } from '../../support/world/shop.js';

describe('A request about a stream that holds what nobody can read', () => {
  let api: TestApi;
  const logged: unknown[] = [];
  before(async () => {
    api = await startTestApi(({ log }) => ({ log: { ...log, error: (...words: unknown[]) => logged.push(words) } }));
    const offer = { name: 'Tea', price: { amount: 300, currency: 'EUR' }, trackStock: false };
    await api.request('PUT', '/v1/offers/tea', { body: offer });
  });
  after(() => api.close());

  const place = async (key: string): Promise<string> => {
    const body = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'tea', quantity: 1 }] };
    const placed = await api.request('POST', '/v1/orders', { body, headers: { 'idempotency-key': key } });
    expect(placed.status, placed.text).to.equal(201);
    return String(placed.body['id']);
  };
  const hold = (id: string) => api.request('POST', `/v1/orders/${id}/hold`, { body: { reason: 'a strange order' } });

  it('is told which event of which stream that is, and that a repeat does not help; others are answered', async () => {
    const [broken, sound] = [await place('broken'), await place('sound')];
    const stream = orderStream(broken as OrderId);
    const revision = api.store.events(stream).length;
    const { commandId: _, at, ...meta } = contextFor(stream, 'break');
    const metadata = { v: 1, at, commandId: 'break', $correlationId: 'c', $causationId: null, ...meta };
    const wrong = { id: '6f1a33a0-3d56-4f3b-9c6e-0f6b1c9f2a11', type: 'OrderExpired', data: { dueAt: 5 }, metadata };
    await api.store.append(stream, [wrong], revision - 1);

    const { status, body, headers } = await hold(broken);
    expect([status, body['type'], body['stream'], body['revision']]).to.deep.equal([
      500,
      '/problems/unreadable-event',
      stream,
      revision,
    ]);
    expect(body['detail']).to.contain(`event ${revision} of ${stream}`).and.to.contain('parked');
    expect(body['detail'], "what it holds is nobody else's").not.to.contain('dueAt');
    expect(headers.get('retry-after')).to.equal(null);
    expect(logged).to.have.length(1);
    expect((await hold(sound)).status).to.equal(201);
  });
});
