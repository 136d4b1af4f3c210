import { request } from 'node:http';
import { expect } from 'chai';
import { freshCommandId, lineIdOf, orderIdOfKey, ticketIdOf, ticketItemIdOf } from '../../../src/commands/identity.js';
import type { LocationId, Sku, TicketItemId } from '../../../src/domain/kernel/ids.js';
import { ticketStream } from '../../../src/domain/kernel/streams.js';
import { ticket, type TicketCommand } from '../../../src/domain/ticket/index.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

describe('The kitchen board over HTTP', () => {
  let api: TestApi;
  const orderId = orderIdOfKey('test', 'kitchen');
  const locationId = 'main' as LocationId;
  const id = ticketIdOf(orderId, locationId);
  const lines = [lineIdOf(orderId, 0), lineIdOf(orderId, 1)] as const;
  const items = lines.map((line) => ticketItemIdOf(id, line));

  const open = async (mode: 'pickup' | 'dine_in') => {
    await api.executor.execute(
      ticket,
      ticketStream(id),
      {
        type: 'OpenTicket',
        ticket: {
          ticketId: id,
          orderId,
          orderNumber: '0000-0000-0000-0',
          locationId,
          mode,
          items: lines.map((lineId, index) => ({
            itemId: ticketItemIdOf(id, lineId),
            lineId,
            sku: `dish-${index}` as Sku,
            name: `Dish ${index}`,
            qty: index + 1,
            options: [],
            station: 'oven',
            prepSeconds: 60,
            ...(index === 0 ? { allergens: ['nuts'] } : {}),
          })),
          rush: false,
          openedAt: '2026-01-01T12:00:00.000Z',
        },
      },
      {
        commandId: freshCommandId(),
        correlationId: 'test',
        causationId: null,
        actor: { kind: 'system', id: 'system/test' },
        tenant: 'main',
        at: '2026-01-01T12:00:00.000Z',
      },
    );
  };
  it('shows the cooks what some must not eat', async () => {
    const shown = await api.request('GET', `/v1/kitchen/tickets/${id}`);
    const dishes = shown.body['items'] as readonly { readonly sku: string; readonly allergens?: readonly string[] }[];
    expect(dishes.find((dish) => dish.sku === 'dish-0')?.allergens).to.deep.equal(['nuts']);
    expect(dishes.filter((dish) => dish.sku !== 'dish-0').some((dish) => 'allergens' in dish)).to.equal(false);
  });

  const post = (path: string, options = {}) => api.request('POST', `/v1/kitchen/tickets/${id}${path}`, options);

  beforeEach(async () => {
    api = await startTestApi();
    await open('pickup');
  });
  afterEach(() => api.close());

  it('shows what is open, oldest first, with quantities', async () => {
    const { status, body } = await api.request('GET', '/v1/kitchen/tickets');
    expect(status).to.equal(200);
    const [shown] = body.items as { state: string; items: { quantity: number; qty?: number }[] }[];
    expect(shown?.state).to.equal('queued');
    expect(shown?.items.map(({ quantity }) => quantity)).to.deep.equal([1, 2]);
    expect(shown?.items[0]).not.to.have.property('qty');
    const ready = await api.request('GET', '/v1/kitchen/tickets?state=ready&state=preparing');
    expect(ready.body.items).to.deep.equal([]);
    expect((await api.request('GET', '/v1/kitchen/tickets?state=burnt')).status).to.equal(400);
  });

  it('shows what is sold out and nobody has begun, for as long as it is', async () => {
    const offer = { name: 'Dish', price: { amount: 450, currency: 'EUR' }, trackStock: false };
    for (const dish of ['dish-0', 'dish-1']) await api.request('PUT', `/v1/offers/${dish}`, { body: offer });
    const marked = async (path = `/v1/kitchen/tickets/${id}`) => {
      const { body } = await api.request('GET', path);
      const [its] = (body['items'] as readonly { readonly items?: object }[])[0]?.items
        ? (body['items'] as readonly { readonly items: object[] }[]).map((one) => one.items)
        : [body['items'] as object[]];
      return (its as readonly { readonly soldOut?: boolean }[]).map(({ soldOut }) => soldOut);
    };
    expect(await marked()).to.deep.equal([undefined, undefined]);
    const suspension = '/v1/offers/dish-1/suspension?locationId=main';
    const suspended = await api.request('PUT', suspension, { body: { reason: 'no more', today: true } });
    expect(suspended.status, suspended.text).to.equal(200);
    expect(await marked()).to.deep.equal([undefined, true]);
    expect(await marked('/v1/kitchen/tickets')).to.deep.equal([undefined, true]);
    await api.request('PUT', '/v1/offers/dish-0/suspension', { body: { reason: 'no more' } });
    await post(`/items/${items[0] ?? ''}/start`);
    expect(await marked(), 'what is begun is there').to.deep.equal([undefined, true]);
    await api.request('DELETE', suspension, { headers: { 'if-match': '*' } });
    expect(await marked()).to.deep.equal([undefined, undefined]);
  });

  it('cooks item by item: started, done, ready with the last one, handed over', async () => {
    const started = await post(`/items/${items[0] ?? ''}/start`);
    expect([started.status, started.body.state, started.headers.get('etag')]).to.deep.equal([200, 'preparing', '"r1"']);
    expect((await post(`/items/${items[0] ?? ''}/start`)).headers.get('etag')).to.equal('"r1"');
    const early = await post(`/items/${items[1] ?? ''}/done`);
    expect([early.status, early.body.type, early.body.allowed]).to.deep.equal([
      409,
      '/problems/illegal-transition',
      ['start'],
    ]);
    await post(`/items/${items[0] ?? ''}/done`, { body: {} });
    await post(`/items/${items[1] ?? ''}/start`);
    const ready = await post(`/items/${items[1] ?? ''}/done`);
    expect([ready.body.state, typeof ready.body.readyAt]).to.deep.equal(['ready', 'string']);
    const handed = await post('/hand-over', { body: { to: 'courier', code: '7' } });
    expect([handed.status, handed.body.state]).to.deep.equal([200, 'handed_over']);
    const [event] = api.store.events(ticketStream(id)).slice(-1);
    expect(event?.data).to.deep.include({ to: 'courier', code: '7' });
    expect((await api.request('GET', '/v1/kitchen/tickets')).body.items).to.deep.equal([]);
    const all = await api.request('GET', '/v1/kitchen/tickets?state=handed_over');
    expect(all.body.items).to.have.length(1);
  });

  it('bumps a whole ticket at one touch and hands it over without a body', async () => {
    const early = await post('/hand-over');
    expect([early.status, early.body.type]).to.deep.equal([409, '/problems/not-ready']);
    expect(early.body.detail).to.equal('not done yet: Dish 0, Dish 1');
    expect((await post('/bump')).body.state).to.equal('ready');
    expect((await post('/bump')).status).to.equal(200);
    expect((await post('/hand-over')).body.state).to.equal('handed_over');
    expect(api.store.events(ticketStream(id)).at(-1)?.data).to.deep.include({ to: 'customer' });
  });

  it('hands an order that is eaten here to the table', async () => {
    await api.close();
    api = await startTestApi();
    await open('dine_in');
    await post('/bump');
    await post('/hand-over');
    expect(api.store.events(ticketStream(id)).at(-1)?.data).to.deep.include({ to: 'table' });
  });

  const ask = (command: TicketCommand) =>
    api.executor.execute(ticket, ticketStream(id), command, {
      commandId: freshCommandId(),
      correlationId: 'test',
      causationId: null,
      actor: { kind: 'system', id: 'system/test' },
      tenant: 'main',
      at: '2026-01-01T12:00:00.000Z',
    });

  it('lets a station touch its own items alone, and takes back what was done', async () => {
    const [first = ''] = items;
    const wrong = await post(`/items/${first}/start`, { body: { station: 'bar' } });
    expect([wrong.status, wrong.body.type, wrong.body.station]).to.deep.equal([409, '/problems/wrong-station', 'oven']);
    expect(wrong.body.detail).to.equal('Dish 0 is made at the station oven');
    expect((await post('/bump', { body: { station: 'oven' } })).body.state).to.equal('ready');
    expect((await post(`/items/${first}/recall`)).body.state).to.equal('preparing');
    expect((await post(`/items/${first}/done`)).body.state).to.equal('ready');
    const recalled = await post('/recall');
    expect((recalled.body.items as { state: string }[]).map(({ state }) => state)).to.deep.equal([
      'cooking',
      'cooking',
    ]);
  });

  it('shows a voided item struck through until the kitchen has seen it', async () => {
    const [first = ''] = items;
    await post(`/items/${first}/start`);
    await ask({
      type: 'VoidItem',
      itemId: first as TicketItemId,
      qty: 1,
      reason: 'sold out',
      by: 'ana',
      at: '2026-01-01T12:00:00.000Z',
      force: false,
    });
    const shown = await api.request('GET', `/v1/kitchen/tickets/${id}`);
    expect((shown.body.items as unknown[])[0]).to.deep.include({
      state: 'voided',
      quantity: 0,
      voided: 1,
      unacknowledged: 1,
    });
    const done = await post(`/items/${first}/done`);
    expect([done.status, done.body.type]).to.deep.equal([409, '/problems/item-voided']);
    const seen = await post(`/items/${first}/void-ack`);
    expect((seen.body.items as unknown[])[0]).to.deep.include({ unacknowledged: 0 });
  });

  it('keeps a ticket that was stopped while it was made on the board until that has been seen', async () => {
    await post('/bump');
    await ask({
      type: 'CancelTicket',
      orderId,
      reason: 'nobody came',
      by: 'ana',
      at: '2026-01-01T12:00:00.000Z',
      force: true,
    });
    const board = async () => ((await api.request('GET', '/v1/kitchen/tickets')).body.items as unknown[]).length;
    expect(await board()).to.equal(1);
    for (const item of items) await post(`/items/${item}/void-ack`);
    expect(await board()).to.equal(0);
    const late = await post('/bump');
    expect([late.status, late.body.current]).to.deep.equal([409, 'cancelled']);
  });

  it('keeps a ticket that was handed over on the board until what was called off of it has been seen', async () => {
    const [first = ''] = items;
    await post(`/items/${first}/start`);
    const called = { qty: 1, reason: 'no more', by: 'ana', at: '2026-01-01T12:00:00.000Z', force: false };
    await ask({ type: 'VoidItem', itemId: first as TicketItemId, ...called });
    await post('/bump');
    expect((await post('/hand-over')).body.state).to.equal('handed_over');
    const board = async () => (await api.request('GET', '/v1/kitchen/tickets')).body.items as { state: string }[];
    expect((await board()).map(({ state }) => state)).to.deep.equal(['handed_over']);
    expect((await post(`/items/${first}/void-ack`)).status).to.equal(200);
    expect(await board()).to.deep.equal([]);
  });

  it('puts a ticket before the others, and promises another time', async () => {
    expect((await post('/rush')).body.rush).to.equal(true);
    expect((await post('/rush', { body: { rush: false } })).body.rush).to.equal(false);
    const promise = (body: object) => api.request('PUT', `/v1/kitchen/tickets/${id}/promise`, { body });
    expect((await promise({ promisedAt: '2126-01-01T14:00:00+01:00' })).body.promisedAt).to.equal(
      '2126-01-01T13:00:00.000Z',
    );
    expect((await promise({ promisedAt: 'soon' })).status).to.equal(422);
    const over = await promise({ promisedAt: '2026-01-01T14:00:00+01:00' });
    expect([over.status, over.body['errors']]).to.deep.equal([
      422,
      [{ pointer: '/promisedAt', code: 'in-the-past', detail: 'that time is over' }],
    ]);
    expect((await post('/fire')).status).to.equal(200);
  });

  it('says that a ticket is as whoever asks has it already, until somebody touches it', async () => {
    const ask = (tag: string) => api.request('GET', `/v1/kitchen/tickets/${id}`, { headers: { 'If-None-Match': tag } });
    const shown = await api.request('GET', `/v1/kitchen/tickets/${id}`);
    const tag = shown.headers.get('etag') ?? '';
    expect([shown.status, tag]).to.deep.equal([200, '"r0"']);
    const again = await ask(`"r9", W/${tag}`);
    expect([again.status, again.headers.get('etag'), again.text]).to.deep.equal([304, tag, '']);
    await post('/bump');
    const touched = await ask(tag);
    expect([touched.status, touched.headers.get('etag'), touched.body.state]).to.deep.equal([200, '"r5"', 'ready']);
  });

  it('shows a station only the tickets that it has something to do for', async () => {
    const shown = async (station: string) =>
      ((await api.request('GET', `/v1/kitchen/tickets?station=${station}`)).body.items as unknown[]).length;
    expect([await shown('oven'), await shown('bar')]).to.deep.equal([1, 0]);
  });

  it('takes a body of no bytes for none, also when its length was not told beforehand', async () => {
    const status = await new Promise((resolve, reject) => {
      const sending = request(`${api.base}/v1/kitchen/tickets/${id}/bump`, {
        method: 'POST',
        headers: { 'transfer-encoding': 'chunked' },
      });
      sending.once('response', (answer) => resolve(answer.resume().statusCode)).once('error', reject);
      sending.end();
    });
    expect(status).to.equal(200);
  });

  it('says what can be done with an item that was not begun', async () => {
    const { status, body } = await post(`/items/${items[0]}/done`);
    expect(status).to.equal(409);
    expect(body).to.deep.include({ current: 'queued', allowed: ['start'] });
    expect(body.detail).to.equal('it is queued, which allows start, but not this');
  });

  it('refuses unknown tickets and items, bodies that say something, and a revision that has passed', async () => {
    const other = ticketIdOf(orderIdOfKey('test', 'other'), locationId);
    expect((await api.request('POST', `/v1/kitchen/tickets/${other}/bump`)).status).to.equal(404);
    const foreign = ticketItemIdOf(other, lines[0]);
    const item = await post(`/items/${foreign}/start`);
    expect([item.status, item.body.what]).to.deep.equal([404, 'ticket item']);
    expect((await post('/items/nonsense/start')).status).to.equal(404);
    expect((await post('/bump', { body: { by: 'me' } })).status).to.equal(422);
    expect((await post('/hand-over', { body: { to: 'cat' } })).status).to.equal(422);
    expect((await post('/bump', { body: '{}', headers: { 'content-type': 'text/plain' } })).status).to.equal(415);
    expect((await post('/bump', { headers: { 'if-match': '"r5"' } })).status).to.equal(412);
    const expected = await api.request('POST', `/v1/kitchen/tickets/${other}/bump`, { headers: { 'if-match': '*' } });
    expect([expected.status, expected.body.detail]).to.deep.equal([404, `there is no ticket ${other}`]);
    expect(api.store.events(ticketStream(id))).to.have.length(1);
  });
});
