import { expect } from 'chai';
import { StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import type { OrderView } from '../../../src/domain/order/index.js';
import { DatabaseUnavailable } from '../../../src/subscriptions/ports/database.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

const WATER = { name: 'Water', price: { amount: 250, currency: 'EUR' }, trackStock: false };

describe('Reading orders', () => {
  let api: TestApi;
  let viewIsDown: boolean;
  /** What the view shows instead of the truth: undefined for a row that is not there yet. */
  let lagging: ((view: OrderView | undefined) => OrderView | undefined) | undefined;
  let placed: Readonly<Record<string, unknown>>;
  /** How far the view lags when it is asked how far it is; one less each time. */
  let eventsBehind: number;

  beforeEach(async () => {
    viewIsDown = false;
    lagging = undefined;
    eventsBehind = 0;
    api = await startTestApi(({ orders }) => ({
      orders: {
        orderById: async (id) => shown(await orders.orderById(id)),
        orderTextById: async (id) => {
          const view = shown(await orders.orderById(id));
          return view && { revision: view.revision, json: JSON.stringify(view) };
        },
        orderByNumber: (number) => {
          if (viewIsDown) return Promise.reject(new DatabaseUnavailable('PostgreSQL: refused'));
          return orders.orderByNumber(number);
        },
        ordersPage: (request) => {
          if (viewIsDown) return Promise.reject(new DatabaseUnavailable('PostgreSQL: refused'));
          return orders.ordersPage(request);
        },
        shownUpTo: async () => (await orders.shownUpTo()) - BigInt((eventsBehind = Math.max(0, eventsBehind - 1))),
      },
    }));
    await api.request('PUT', '/v1/offers/water', { body: WATER });
    placed = (await place('first')).body;
  });
  afterEach(() => api.close());

  const shown = (view: OrderView | undefined): OrderView | undefined => {
    if (viewIsDown) throw new DatabaseUnavailable('PostgreSQL: refused');
    return lagging ? lagging(view) : view;
  };
  const place = (key: string, over: object = {}) =>
    api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'water', quantity: 1 }], ...over },
      headers: { 'idempotency-key': key },
    });
  const path = (suffix = '') => `/v1/orders/${String(placed.id)}${suffix}`;
  const cancel = () =>
    api.request('POST', path('/cancellations'), {
      body: { reason: 'changed my mind' },
      headers: { 'idempotency-key': 'cancel' },
    });

  it('finds an order by its number, as somebody reads it out', async () => {
    const number = String(placed.number);
    const spelt = number.toLowerCase().replaceAll('-', '').replaceAll('0', 'o');
    for (const read of [number, spelt]) {
      const { status, body } = await api.request('GET', `/v1/orders/by-number/${encodeURIComponent(read)}`);
      expect([status, body]).to.deep.equal([200, placed]);
    }
    // a digit that was misheard is noticed, and leads to nobody else's order
    const misheard = `${number.startsWith('7') ? '8' : '7'}${number.slice(1)}`;
    const wrong = await api.request('GET', `/v1/orders/by-number/${encodeURIComponent(misheard)}`);
    expect(wrong.status).to.equal(404);
    expect(wrong.body['detail']).to.contain('check symbol');
    expect((await api.request('GET', '/v1/orders/by-number/0000-0000-0000-0')).status).to.equal(404);
    viewIsDown = true;
    const down = await api.request('GET', `/v1/orders/by-number/${encodeURIComponent(number)}`);
    expect(down.status).to.equal(503);
  });

  it('shows an order with its revision as entity tag', async () => {
    const { status, headers, body } = await api.request('GET', path());
    expect([status, headers.get('etag')]).to.deep.equal([200, `"r${String(placed.revision)}"`]);
    expect(body).to.deep.equal(placed);
    expect(headers.get('cache-control')).to.equal('private, no-store');
    const again = await api.request('GET', path(), { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect([again.status, again.text]).to.deep.equal([304, '']);
  });

  it('answers HEAD like GET without the body', async () => {
    const [get, head] = [await api.request('GET', path()), await api.request('HEAD', path())];
    expect([head.status, head.text]).to.deep.equal([200, '']);
    for (const name of ['etag', 'content-type', 'content-length']) {
      expect(head.headers.get(name), name).to.equal(get.headers.get(name));
    }
  });

  it('folds the stream where the view has no row yet', async () => {
    lagging = () => undefined;
    expect((await api.request('GET', path())).body).to.deep.equal(placed);
  });

  it('folds the stream while the database is down, and answers lists with 503', async () => {
    viewIsDown = true;
    expect((await api.request('GET', path())).body).to.deep.equal(placed);
    const { status, body } = await api.request('GET', '/v1/orders');
    expect([status, body.type]).to.deep.equal([503, '/problems/unavailable']);
  });

  it('answers 503 when neither view nor store can be read', async () => {
    viewIsDown = true;
    api.store.breakWith(new StoreUnavailable('silent'));
    expect((await api.request('GET', path())).status).to.equal(503);
    expect((await api.request('GET', path('/timeline'))).status).to.equal(503);
  });

  it('lists what was written up to a position, once the view has come so far', async () => {
    const answer = await place('second');
    const position = answer.headers.get('comanda-position');
    expect(position).to.match(/^\d+$/);
    expect((await place('second')).headers.get('comanda-position'), 'a repeat writes nothing').to.equal(null);
    const list = (after: string) => api.request('GET', `/v1/orders?afterPosition=${after}`);
    eventsBehind = 3;
    const page = await list(position ?? '');
    expect([page.status, eventsBehind]).to.deep.equal([200, 0]);
    expect((page.body['items'] as readonly { id: string }[]).map(({ id }) => id)).to.include(answer.body['id']);
    for (const bad of ['-1', 'x', '1e3', '18446744073709551616']) {
      expect((await list(bad)).body, bad).to.deep.include({ status: 400, parameter: 'afterPosition' });
    }
  });

  it('says how far the list has come where it does not come so far in two seconds', async () => {
    const head = await api.request('GET', '/v1/orders?afterPosition=18446744073709551615');
    expect([head.status, head.body['type'], head.headers.get('retry-after')]).to.deep.equal([
      409,
      '/problems/not-caught-up',
      '1',
    ]);
    expect(head.body['position']).to.equal(String(api.store.size));
  });

  it('lists the orders that came by a channel', async () => {
    const till = await place('at-the-till', { channel: 'pos' });
    expect([placed['channel'], till.body['channel']]).to.deep.equal(['api', 'pos']);
    const ids = async (query: string) =>
      ((await api.request('GET', `/v1/orders?${query}`)).body['items'] as readonly { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await ids('channel=pos')).to.deep.equal([till.body['id']]);
    expect(await ids('channel=pos&channel=api')).to.have.length(2);
    const unknown = await api.request('GET', '/v1/orders?channel=fax');
    expect([unknown.status, unknown.body['parameter']]).to.deep.equal([400, 'channel']);
    const fax = await place('by-fax', { channel: 'fax' });
    expect((fax.body['errors'] as readonly { pointer: string }[])[0]?.pointer).to.equal('/channel');
  });

  it('waits for the view to reach minRevision', async () => {
    await cancel();
    const reached = placed.revision as number;
    let looks = 0;
    lagging = (view) => (++looks < 3 ? ({ ...placed } as unknown as OrderView) : view);
    const { body } = await api.request('GET', path(`?minRevision=${reached + 1}`));
    expect(body).to.deep.include({ status: 'cancelled', revision: reached + 1 });
    expect(looks).to.equal(3);
  });

  it('answers from the stream when the view does not reach minRevision in time', async () => {
    await cancel();
    lagging = () => ({ ...placed }) as unknown as OrderView;
    const { status, body } = await api.request('GET', path(`?minRevision=${(placed.revision as number) + 1}`));
    expect([status, body.status]).to.deep.equal([200, 'cancelled']);
  });

  it('says at once that a minRevision beyond the stream has not been reached', async () => {
    const { status, body } = await api.request('GET', path('?minRevision=999999'));
    expect([status, body.type, body.current]).to.deep.equal([
      409,
      '/problems/not-caught-up',
      `r${String(placed.revision)}`,
    ]);
  });

  it('shows an order as it was at a revision', async () => {
    await cancel();
    const past = await api.request('GET', path('?revision=0'));
    expect([past.status, past.headers.get('etag'), past.body.revision]).to.deep.equal([200, '"r0"', 0]);
    expect(past.body.status).to.not.equal('cancelled');
    for (const beyond of ['99', '9007199254740991', '99999999999999999999']) {
      expect((await api.request('GET', path(`?revision=${beyond}`))).status, beyond).to.equal(404);
    }
    for (const bad of ['-1', 'abc', '1.5', '']) {
      expect((await api.request('GET', path(`?revision=${bad}`))).status, bad).to.equal(400);
    }
  });

  it('shows an order as it was at a time', async () => {
    await cancel();
    const before = await api.request('GET', path('?at=2001-01-01T00:00:00Z'));
    expect(before.status).to.equal(404);
    const future = await api.request('GET', path('?at=2999-01-01T00:00:00%2B02:00'));
    expect([future.status, future.body.status]).to.deep.equal([200, 'cancelled']);
    const { body: history } = await api.request('GET', path('/timeline'));
    const [first] = history.items as { at: string }[];
    const atCreation = await api.request('GET', path(`?at=${first?.at ?? ''}`));
    expect(atCreation.status).to.equal(200);
    for (const bad of ['yesterday', '2026-02-30T00:00:00Z', '2026-01-01', '2026-01-01T25:00:00Z']) {
      expect((await api.request('GET', path(`?at=${bad}`))).status, bad).to.equal(400);
    }
  });

  it('names the order that is not there, now or at that time', async () => {
    const id = path('').slice('/v1/orders/'.length);
    const detail = async (url: string) => (await api.request('GET', url)).body.detail;
    const nobody = 'ord_01j00000000000000000000000';
    expect(await detail(`/v1/orders/${nobody}`)).to.equal(`there is no order ${nobody}`);
    expect(await detail(`/v1/orders/${nobody}/timeline`)).to.equal(`there is no order ${nobody}`);
    expect(await detail(path('?revision=99'))).to.equal(`there is no revision 99 of ${id}`);
    expect(await detail(path('?at=2001-01-01T00:00:00Z'))).to.equal(`there is no order ${id} at 2001-01-01T00:00:00Z`);
  });

  it('refuses two ways of travelling at once', async () => {
    expect((await api.request('GET', path('?revision=0&at=2026-01-01T00:00:00Z'))).status).to.equal(400);
  });

  it('tells the whole history with who did what and why', async () => {
    await cancel();
    const { status, body } = await api.request('GET', path('/timeline'));
    const items = body.items as Record<string, unknown>[];
    expect(status).to.equal(200);
    expect(items[0]).to.have.all.keys(
      'revision',
      'type',
      'at',
      'actor',
      'commandId',
      'correlationId',
      'causationId',
      'data',
    );
    expect(items[0]).to.deep.include({ revision: 0, type: 'OrderPlaced', causationId: null });
    expect(items[0]?.actor).to.deep.equal({ kind: 'admin', id: 'admin/local', via: 'http' });
    expect(items.at(-1)).to.deep.include({ type: 'OrderCancelled' });
    expect(items.at(-1)?.data).to.deep.include({ reason: 'changed my mind', by: 'staff' });
  });

  it('cancels once, and takes a second cancellation for the first', async () => {
    const first = await cancel();
    expect([first.status, first.body.status]).to.deep.equal([200, 'cancelled']);
    const second = await cancel();
    expect([second.status, second.body.revision]).to.deep.equal([200, first.body.revision]);
  });

  it('cancels nothing that was changed since, nothing unknown, and nothing without a reason', async () => {
    const stale = await api.request('POST', path('/cancellations'), {
      body: { reason: 'x' },
      headers: { 'if-match': '"r7"', 'idempotency-key': 'a' },
    });
    expect(stale.status).to.equal(412);
    const unknown = await api.request('POST', '/v1/orders/ord_01j00000000000000000000000/cancellations', {
      body: { reason: 'x' },
      headers: { 'idempotency-key': 'b' },
    });
    expect([unknown.status, unknown.body.what]).to.deep.equal([404, 'order']);
    expect(unknown.body.detail).to.equal('there is no order ord_01j00000000000000000000000');
    const expected = await api.request('POST', '/v1/orders/ord_01j00000000000000000000000/cancellations', {
      body: { reason: 'x' },
      headers: { 'if-match': '*', 'idempotency-key': 'c' },
    });
    expect(expected.status, 'what does not exist is not there for If-Match either').to.equal(404);
    for (const body of [{}, { reason: '' }, { reason: 'x'.repeat(201) }]) {
      expect(
        (await api.request('POST', path('/cancellations'), { body, headers: { 'idempotency-key': 'd' } })).status,
      ).to.equal(422);
    }
  });

  it('takes the wish to cancel what is confirmed, for the kitchen has a word in it', async () => {
    await api.request('PUT', '/v1/offers/gift', { body: { ...WATER, price: { amount: 0, currency: 'EUR' } } });
    const { body: free } = await place('free', { lines: [{ sku: 'gift', quantity: 1 }] });
    const { status, body, headers } = await api.request('POST', `/v1/orders/${String(free.id)}/cancellations`, {
      body: { reason: 'x' },
      headers: { 'idempotency-key': 'e' },
    });
    expect([status, body.status]).to.deep.equal([202, 'confirmed']);
    expect(body.cancellation).to.deep.include({ state: 'pending', reason: 'x' });
    expect(headers.get('location')).to.equal(`/v1/orders/${String(free.id)}`);
  });

  it('lists orders newest first by pages, and says how current the list is', async () => {
    for (const key of ['2', '3', '4']) await place(key);
    const found: string[] = [];
    let query = '?limit=3';
    for (;;) {
      const { body } = await api.request('GET', `/v1/orders${query}`);
      expect(body).to.include.keys('asOf', 'lagMs');
      found.push(...(body.items as { id: string }[]).map(({ id }) => id));
      if (body.next === null) break;
      query = `?limit=3&cursor=${encodeURIComponent(body.next as string)}`;
    }
    expect(new Set(found).size).to.equal(4);
    expect(found.length).to.equal(4);
  });

  it('filters by status and number, and binds a cursor to its filter', async () => {
    await place('2', { merchantOrderNo: 'A-1' });
    await place('3');
    await cancel();
    const ids = async (query: string) =>
      ((await api.request('GET', `/v1/orders?${query}`)).body.items as { id: string }[]).map(({ id }) => id);
    expect(await ids('status=cancelled')).to.deep.equal([placed.id]);
    expect(await ids('status=cancelled&status=awaiting_payment')).to.have.length(3);
    expect(await ids('merchantOrderNo=A-1')).to.have.length(1);
    const { body } = await api.request('GET', '/v1/orders?status=awaiting_payment&limit=1');
    const cursor = encodeURIComponent(body.next as string);
    expect((await api.request('GET', `/v1/orders?status=awaiting_payment&limit=5&cursor=${cursor}`)).status).to.equal(
      200,
    );
    const other = await api.request('GET', `/v1/orders?cursor=${cursor}`);
    expect([other.status, other.body.type]).to.deep.equal([400, '/problems/invalid-cursor']);
    const elsewhere = await api.request('GET', `/v1/offers?cursor=${cursor}`);
    expect(elsewhere.status).to.equal(400);
  });

  it('filters by all that an order is at once, finds words, and sorts', async () => {
    const second = (await place('2', { mode: 'dine_in' })).body;
    const third = (await place('3', { mode: 'dine_in', merchantOrderNo: 'A-1' })).body;
    const ids = async (query: string) =>
      ((await api.request('GET', `/v1/orders?${query}`)).body.items as { id: string }[]).map(({ id }) => id);
    expect(await ids('mode=dine_in&sort=placedAt')).to.have.members([second.id, third.id]);
    expect(await ids('mode=dine_in&mode=pickup&locationId=main&payment=pending&fulfilment=none')).to.have.length(3);
    expect(await ids('mode=dine_in&locationId=elsewhere')).to.deep.equal([]);
    expect(await ids('q=water%20a-1')).to.deep.equal([third.id]);
    expect(await ids(`q=${String(second.number).slice(0, 9).toLowerCase()}`)).to.deep.equal([second.id]);
    expect(await ids(`placedFrom=${String(placed.placedAt)}`)).to.have.length(3);
    expect(await ids(`placedTo=${String(placed.placedAt)}`)).to.deep.equal([]);
    // a cursor holds for its filter, in whatever order the parameters come
    const { body } = await api.request('GET', '/v1/orders?sort=placedAt&mode=pickup&mode=dine_in&limit=2');
    const cursor = encodeURIComponent(body.next as string);
    const rest = await ids(`mode=dine_in&mode=pickup&limit=2&cursor=${cursor}&sort=placedAt`);
    expect([...(body.items as { id: string }[]).map(({ id }) => id), ...rest]).to.have.members([
      placed.id,
      second.id,
      third.id,
    ]);
    expect((await api.request('GET', `/v1/orders?mode=dine_in&mode=pickup&cursor=${cursor}`)).status).to.equal(400);
  });
});
