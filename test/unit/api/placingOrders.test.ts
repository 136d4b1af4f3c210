import { expect } from 'chai';
import { StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { TestApi } from '../../support/inMemory/api.js';
import { placeAt, startWithMenu, wish } from './menu.js';

describe('POST /v1/orders', () => {
  let api: TestApi;
  const place = (body: unknown, key: string, headers?: Record<string, string>) => placeAt(api, body, key, headers);
  beforeEach(async () => {
    api = await startWithMenu();
  });
  afterEach(() => api.close());

  it('answers 201 with the order at catalogue prices, its place and its revision', async () => {
    const { status, headers, body: placed } = await place(wish(), 'k1');
    expect(status).to.equal(201);
    expect(placed).to.deep.include({ status: 'placed', revision: 0, locationId: 'main', mode: 'pickup' });
    expect(placed.total).to.deep.equal({ amount: 1900, currency: 'EUR' });
    expect((placed.lines as unknown[])[0]).to.deep.include({
      sku: 'margherita',
      name: 'Pizza Margherita',
      quantity: 2,
      unitPrice: { amount: 950, currency: 'EUR' },
      net: { amount: 1900, currency: 'EUR' },
    });
    expect(placed.number).to.match(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z*~$=]$/);
    expect(headers.get('location')).to.equal(`/v1/orders/${String(placed.id)}`);
    expect(headers.get('etag')).to.equal('"r0"');
    expect(headers.get('retry-after')).to.equal('1');
    expect(headers.get('idempotent-replayed')).to.equal(null);
  });

  it('writes one append and reads nothing from the store on the way', async () => {
    const { reads, appends } = api.store;
    await place(wish(), 'k1');
    expect(api.store.appends - appends).to.equal(1);
    expect(api.store.reads - reads).to.equal(0);
  });

  it('merges lines of one article and keeps their order', async () => {
    const lines = [
      { sku: 'margherita', quantity: 1 },
      { sku: 'water', quantity: 3 },
      { sku: 'margherita', quantity: 4 },
    ];
    const { body: placed } = await place(wish({ lines }), 'k1');
    const view = placed.lines as { sku: string; quantity: number }[];
    expect(view.map(({ sku, quantity }) => [sku, quantity])).to.deep.equal([
      ['margherita', 5],
      ['water', 3],
    ]);
  });

  it('refuses more than 999 of one article over several lines, and names it', async () => {
    const lines = [
      { sku: 'water', quantity: 600 },
      { sku: 'margherita', quantity: 1 },
      { sku: 'water', quantity: 400 },
    ];
    const { status, body: problem } = await place(wish({ lines }), 'k1');
    expect(status).to.equal(422);
    expect(problem.errors).to.deep.equal([
      {
        pointer: '/lines/2/quantity',
        code: 'out-of-range',
        detail: 'water comes several times, 1000 together: at most 999 can be ordered',
      },
    ]);
  });

  it('takes 999 of an article as often as it is another line: with another choice, or another note', async () => {
    const spice = { id: 'spice', name: 'Spice', min: 0, max: 1 };
    const choices = ['mild', 'hot'].map((id) => ({ id, name: id, price: { amount: 0, currency: 'EUR' } }));
    await api.request('PUT', '/v1/offers/curry', {
      body: {
        name: 'Curry',
        price: { amount: 1, currency: 'EUR' },
        trackStock: false,
        options: [{ ...spice, choices }],
      },
    });
    const curry = { sku: 'curry', quantity: 999 };
    const mild = { ...curry, options: [{ option: 'spice', choice: 'mild' }] };
    const hot = { ...curry, options: [{ option: 'spice', choice: 'hot' }] };
    const {
      status,
      body: placed,
      text,
    } = await place(wish({ lines: [mild, hot, curry, { ...curry, note: 'no salt' }] }), 'k1');
    expect(status, text).to.equal(201);
    expect(placed.total).to.deep.equal({ amount: 4 * 999, currency: 'EUR' });
    const twice = await place(wish({ lines: [hot, mild, { ...hot, quantity: 1 }] }), 'k2');
    expect([twice.status, (twice.body.errors as { pointer: string }[])[0]?.pointer]).to.deep.equal([
      422,
      '/lines/2/quantity',
    ]);
  });

  it('names every article that is not in the catalogue, with its place', async () => {
    const lines = [
      { sku: 'nothing', quantity: 1 },
      { sku: 'water', quantity: 1 },
      { sku: 'nowhere', quantity: 1 },
      { sku: 'nothing', quantity: 1 },
    ];
    const { status, body: problem } = await place(wish({ lines }), 'k1');
    expect(status).to.equal(409);
    expect(problem.type).to.equal('/problems/offer-unavailable');
    expect((problem.errors as { pointer: string }[]).map(({ pointer }) => pointer)).to.deep.equal([
      '/lines/0/sku',
      '/lines/3/sku',
      '/lines/2/sku',
    ]);
    expect(problem.items).to.deep.equal([
      { sku: 'nothing', why: 'unknown' },
      { sku: 'nowhere', why: 'unknown' },
    ]);
    expect(api.store.names('order')).to.deep.equal([]);
  });

  it('refuses an unknown location, a mode that is not offered, and two currencies', async () => {
    const elsewhere = await place(wish({ locationId: 'elsewhere' }), 'k1');
    expect([elsewhere.status, elsewhere.body.errors]).to.deep.equal([
      422,
      [{ pointer: '/locationId', code: 'unknown-location', detail: 'there is no location elsewhere' }],
    ]);
    const delivered = await place(wish({ mode: 'delivery' }), 'k2');
    expect([delivered.status, delivered.body.type]).to.deep.equal([422, '/problems/mode-not-offered']);
    const mixed = await place(
      wish({
        lines: [
          { sku: 'water', quantity: 1 },
          { sku: 'ramen', quantity: 1 },
        ],
      }),
      'k3',
    );
    expect([mixed.status, mixed.body.type]).to.deep.equal([422, '/problems/currency-mismatch']);
    expect(api.store.names('order')).to.deep.equal([]);
  });

  it('confirms an order that costs nothing and needs no stock at once', async () => {
    const { headers, body: placed } = await place(wish({ lines: [{ sku: 'gift', quantity: 1 }] }), 'k1');
    expect(placed).to.deep.include({ status: 'confirmed', revision: 2 });
    expect(placed.payment).to.deep.equal({ status: 'not_required', captured: { amount: 0, currency: 'EUR' } });
    expect(headers.get('retry-after')).to.equal(null);
  });

  it('answers 503 and says nothing of the cause while the store is silent, and places the order on the repeat', async () => {
    api.store.breakWith(new StoreUnavailable('10.0.0.7:2113 refused the connection'));
    const { status, headers, text, body: problem } = await place(wish(), 'k1', { 'x-request-id': 'req-7' });
    expect(status).to.equal(503);
    expect(headers.get('retry-after')).to.equal('1');
    expect(problem).to.deep.include({ type: '/problems/unavailable', requestId: 'req-7' });
    expect(text).not.to.contain('10.0.0.7');
    expect(api.log.lines.filter(({ level }) => level === 'error')).to.have.length(1);
    api.store.heal();
    expect((await place(wish(), 'k1')).status).to.equal(201);
  });

  it('asks what is known of a customer only where orders are checked', async () => {
    const { body: placed } = await place(wish(), 'k1');
    const [event] = api.store.events(orderStream(placed.id as OrderId));
    expect(event?.data).not.to.have.any.keys('customer', 'screening');
  });

  it('tells who checks the order where it goes no closer than the zones that are served', async () => {
    const { body: location } = await api.request('GET', '/v1/locations/main');
    const { locationId: _, revision, ...said } = location;
    await api.request('PUT', '/v1/locations/main', {
      body: {
        ...said,
        modes: ['pickup', 'delivery'],
        screening: { timeoutSeconds: 30, onSilence: 'hold', zones: ['12', '130'] },
        reason: 'we deliver',
      },
      headers: { 'if-match': `"r${String(revision)}"` },
    });
    const address = { name: 'Ada', street: 'Short Street 1', city: 'Berlin', postalCode: '12047', country: 'DE' };
    // what is said of it besides brings it nowhere else
    const besides = { country: 'DE', postalPrefix: '130' };
    const { body: placed } = await place(wish({ mode: 'delivery', address, destination: besides }), 'k1');
    const [event] = api.store.events(orderStream(placed.id as OrderId));
    const { destination, customer } = event?.data as { destination: unknown; customer: unknown };
    expect(destination).to.deep.equal({ country: 'DE', postalPrefix: '120' });
    expect(customer).to.deep.equal({ orders: 0, flags: ['new'] });
    expect(JSON.stringify(event?.data)).not.to.match(/12047|Short Street/);
  });

  it('tells who checks the order the region and the zone, and little of where it goes where nothing tells places apart', async () => {
    const address = { name: 'Ada', street: 'Way 1', city: 'Berlin', region: 'BE', postalCode: '12047', country: 'DE' };
    const change = async (terms: object): Promise<void> => {
      const { locationId: _, revision: __, ...said } = (await api.request('GET', '/v1/locations/main')).body;
      const changed = await api.request('PUT', '/v1/locations/main', {
        body: { ...said, modes: ['pickup', 'delivery'], ...terms, reason: 'we deliver' },
        headers: { 'if-match': '*' },
      });
      expect(changed.status, changed.text).to.equal(200);
    };
    const destinationOf = async (key: string, over: object): Promise<unknown> => {
      const placed = await place(wish({ mode: 'delivery', ...over }), key);
      expect(placed.status, placed.text).to.equal(201);
      const [event] = api.store.events(orderStream(placed.body.id as OrderId));
      return (event?.data as { destination?: unknown }).destination;
    };
    await change({ screening: {} });
    expect(await destinationOf('k1', { address })).to.deep.equal({ country: 'DE', region: 'BE', postalPrefix: '12' });
    const deliveryZones = [{ zone: 'south', country: 'DE', postalPrefixes: ['120', '121'] }];
    await change({ screening: {}, deliveryZones });
    expect(await destinationOf('k2', { address })).to.deep.equal({
      country: 'DE',
      region: 'BE',
      postalPrefix: '120',
      zone: 'south',
    });
    const destination = { country: 'DE', region: 'BE', postalPrefix: '121' };
    expect(await destinationOf('k3', { destination })).to.deep.equal({ ...destination, zone: 'south' });
    const elsewhere = await place(wish({ mode: 'delivery', address: { ...address, postalCode: '22767' } }), 'k4');
    expect([elsewhere.status, elsewhere.body.type]).to.deep.equal([422, '/problems/address-not-served']);
  });

  it('takes no order in another currency than the location has, where it has one', async () => {
    const { locationId: _, revision: __, ...said } = (await api.request('GET', '/v1/locations/main')).body;
    const sells = (currency: string) =>
      api.request('PUT', '/v1/locations/main', {
        body: { ...said, currency, reason: 'we are elsewhere' },
        headers: { 'if-match': '*' },
      });
    expect((await sells('USD')).status).to.equal(200);
    const refused = await place(wish(), 'k1');
    expect([refused.status, refused.body.type]).to.deep.equal([422, '/problems/currency-mismatch']);
    expect((await sells('EUR')).status).to.equal(200);
    expect((await place(wish(), 'k1')).status).to.equal(201);
  });
});
