import { expect } from 'chai';
import type { Sku } from '../../../src/domain/kernel/ids.js';
import { offerStream } from '../../../src/domain/kernel/streams.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

const TEA = {
  name: 'Tea',
  price: { amount: 300, currency: 'GBP' },
  trackStock: true,
  station: 'bar',
  prepSeconds: 60,
  allergens: ['milk'],
  weight: 350,
};

describe('Offers and stock over HTTP', () => {
  let api: TestApi;
  const putOffer = (body: unknown, headers: Record<string, string> = {}) =>
    api.request('PUT', '/v1/offers/tea', { body, headers });
  const putStock = (onHand: number, headers: Record<string, string> = {}, place = 'tea/main') =>
    api.request('PUT', `/v1/stock/${place}`, { body: { onHand }, headers });

  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  it('creates an offer with 201, its place and its revision', async () => {
    const { status, headers, body } = await putOffer(TEA);
    expect(status).to.equal(201);
    expect(headers.get('location')).to.equal('/v1/offers/tea');
    expect(headers.get('etag')).to.equal('"r2"');
    expect(body).to.deep.equal({ sku: 'tea', ...TEA, taxClass: 'standard', status: 'on_sale', revision: 2 });
    expect((await api.request('GET', '/v1/offers/tea')).body).to.deep.equal(body);
  });

  it('takes no weight that nothing has: whole grams, from one to a tonne', async () => {
    for (const weight of [0, -1, 0.5, '350', 1_000_001]) {
      const { status, body } = await putOffer({ ...TEA, weight });
      expect([status, (body.errors as { pointer: string }[])[0]?.pointer]).to.deep.equal([422, '/weight']);
    }
    expect((await putOffer({ ...TEA, weight: 1_000_000 })).status).to.equal(201);
  });

  it('demands If-Match to replace an offer, even by the same one', async () => {
    await putOffer(TEA);
    const before = api.store.size;
    const { status, body } = await putOffer(TEA);
    expect([status, body.type]).to.deep.equal([428, '/problems/precondition-required']);
    expect(api.store.size).to.equal(before);
  });

  it('replaces an offer for whoever knows its revision, its weak form, or *', async () => {
    await putOffer(TEA);
    const cheaper = { ...TEA, price: { amount: 250, currency: 'GBP' } };
    const first = await putOffer(cheaper, { 'if-match': '"r2"' });
    expect([first.status, first.headers.get('etag'), first.body.price]).to.deep.equal([200, '"r3"', cheaper.price]);
    const second = await putOffer({ ...cheaper, name: 'Green tea' }, { 'if-match': 'W/"r3"' });
    expect([second.status, second.body.name]).to.deep.equal([200, 'Green tea']);
    const third = await putOffer(TEA, { 'if-match': '*' });
    expect([third.status, third.body.name]).to.deep.equal([200, 'Tea']);
  });

  it('lets caches keep the catalogue, but not who changes it', async () => {
    const made = await putOffer(TEA);
    expect(made.headers.get('cache-control')).to.equal('private, no-store');
    for (const path of ['/v1/offers/tea', '/v1/offers']) {
      expect((await api.request('GET', path)).headers.get('cache-control'), path).to.equal('public, no-cache');
    }
  });

  it('names the article and the place that an answer is about', async () => {
    const detail = async (path: string) => (await api.request('GET', path)).body.detail;
    expect(await detail('/v1/offers/nothing')).to.equal('there is no offer nothing');
    expect(await detail('/v1/stock/nothing/main')).to.equal('there is no stock of nothing at main');
    await putOffer(TEA);
    const again = await putOffer(TEA);
    expect(again.body.detail).to.match(/^the offer of tea exists:/);
  });

  it('drops what a replacement does not name', async () => {
    await putOffer(TEA);
    const { station: _station, prepSeconds: _prepSeconds, allergens: _allergens, weight: _weight, ...plain } = TEA;
    const { body } = await putOffer(plain, { 'if-match': '*' });
    expect(body).to.not.have.any.keys('station', 'prepSeconds', 'allergens', 'weight');
  });

  it('writes nothing when a replacement changes nothing', async () => {
    await putOffer(TEA);
    const { status, headers } = await putOffer(TEA, { 'if-match': '*' });
    expect([status, headers.get('etag')]).to.deep.equal([200, '"r2"']);
    expect(api.store.events(offerStream('tea' as Sku))).to.have.length(3);
  });

  it('answers 412 with the present revision when another one was meant, or none exists', async () => {
    const missing = await putOffer(TEA, { 'if-match': '*' });
    expect([missing.status, missing.body.current]).to.deep.equal([412, null]);
    await putOffer(TEA);
    for (const tag of ['"r1"', '"r9"', '"something-else"']) {
      const { status, body } = await putOffer({ ...TEA, name: 'x' }, { 'if-match': tag });
      expect([status, body.type, body.current], tag).to.deep.equal([412, '/problems/revision-mismatch', 'r2']);
    }
  });

  it('answers 400 to an If-Match that is none', async () => {
    for (const header of ['r2', '"r2', '"r1", "r2"', "'r2'"]) {
      const { status, body } = await putOffer(TEA, { 'if-match': header });
      expect([status, body.type], header).to.deep.equal([400, '/problems/malformed-parameter']);
    }
  });

  it('lets one of two replacements of the same revision win', async () => {
    await putOffer(TEA);
    const answers = await Promise.all(['one', 'two'].map((name) => putOffer({ ...TEA, name }, { 'if-match': '"r2"' })));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 412]);
  });

  it('keeps text as it came but for its normal form', async () => {
    const { body } = await putOffer({ ...TEA, name: 'Cafe\u0301 <b>"שלום"</b> 🍕' });
    expect(body.name).to.equal('Caf\u00e9 <b>"שלום"</b> 🍕');
  });

  it('lists offers by pages that a signed cursor joins', async () => {
    for (const sku of ['c', 'a', 'e', 'b', 'd']) await api.request('PUT', `/v1/offers/${sku}`, { body: TEA });
    const found: unknown[] = [];
    let path: string | undefined = '/v1/offers?limit=2';
    let pages = 0;
    while (path !== undefined) {
      const { status, headers, body } = await api.request('GET', path);
      expect(status).to.equal(200);
      found.push(...(body.items as { sku: string }[]).map(({ sku }) => sku));
      const next = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      expect(next === undefined).to.equal(body.next === null);
      path = next;
      pages++;
    }
    expect([pages, found]).to.deep.equal([3, ['a', 'b', 'c', 'd', 'e']]);
  });

  it('refuses a cursor of which a single character was changed', async () => {
    for (const sku of ['a', 'b']) await api.request('PUT', `/v1/offers/${sku}`, { body: TEA });
    const { body } = await api.request('GET', '/v1/offers?limit=1');
    const cursor = body.next as string;
    for (let at = 0; at < cursor.length; at++) {
      const changed = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`;
      const answer = await api.request('GET', `/v1/offers?cursor=${encodeURIComponent(changed)}`);
      expect([answer.status, answer.body.type], changed).to.deep.equal([400, '/problems/invalid-cursor']);
    }
  });

  it('takes an article off the menu for good, for whoever knows its revision', async () => {
    await putOffer(TEA);
    const retire = (headers: Record<string, string> = {}, sku = 'tea') =>
      api.request('DELETE', `/v1/offers/${sku}`, { headers });
    expect((await retire()).status).to.equal(428);
    expect((await retire({ 'if-match': '"r9"' })).status).to.equal(412);
    expect((await retire({ 'if-match': '*' }, 'milk')).status).to.equal(404);
    const { status, text, headers } = await retire({ 'if-match': '"r2"' });
    expect([status, text, headers.get('etag')]).to.deep.equal([204, '', '"r3"']);
    expect((await retire({ 'if-match': '*' })).status, 'again').to.equal(204);
    expect((await api.request('GET', '/v1/offers/tea')).body).to.deep.include({ status: 'retired', revision: 3 });
    const back = await putOffer(TEA, { 'if-match': '*' });
    expect([back.status, back.body.type]).to.deep.equal([409, '/problems/illegal-transition']);
    const ordered = await api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'tea', quantity: 1 }] },
      headers: { 'idempotency-key': 'k' },
    });
    expect([ordered.status, (ordered.body.errors as { code: string }[])[0]?.code]).to.deep.equal([409, 'not-on-sale']);
  });

  it('costs something else at a location, for whoever knows its revision, until that is dropped', async () => {
    await putOffer({ ...TEA, trackStock: false });
    const gbp = (amount: number, currency = 'GBP') => ({ price: { amount, currency } });
    const price = (method: string, query: string, body?: object, headers: object = { 'if-match': '*' }, sku = 'tea') =>
      api.request(method, `/v1/offers/${sku}/price${query}`, {
        ...(body === undefined ? {} : { body }),
        headers: { ...headers },
      });
    const costs = async () => {
      const { body } = await api.request('POST', '/v1/quotes', {
        body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'tea', quantity: 1 }] },
      });
      return (body.total as { amount: number }).amount;
    };
    expect((await price('PUT', '', gbp(320), {})).status).to.equal(428);
    expect((await price('PUT', '', gbp(320), { 'if-match': '"r9"' })).status).to.equal(412);
    expect((await price('PUT', '', gbp(320), { 'if-match': '*' }, 'milk')).status).to.equal(404);
    expect((await price('PUT', '?locationId=nowhere', gbp(320))).status).to.equal(404);
    const strange = await price('PUT', '?locationId=main', gbp(320, 'EUR'));
    expect([strange.status, (strange.body.errors as { pointer: string }[])[0]?.pointer]).to.deep.equal([
      422,
      '/price/currency',
    ]);
    const here = await price('PUT', '?locationId=main', gbp(350), { 'if-match': '"r2"' });
    expect([here.status, here.body.price, here.body.locationPrices]).to.deep.equal([
      200,
      TEA.price,
      [{ locationId: 'main', ...gbp(350) }],
    ]);
    const replaced = await putOffer({ ...TEA, ...gbp(280, 'EUR') }, { 'if-match': '*' });
    expect([replaced.status, (replaced.body.errors as { pointer: string }[])[0]?.pointer]).to.deep.equal([
      422,
      '/price/currency',
    ]);
    expect((await price('PUT', '', gbp(280))).body.price).to.deep.equal(gbp(280).price);
    expect(await costs()).to.equal(350);
    expect((await price('DELETE', '')).status).to.equal(400);
    const dropped = await price('DELETE', '?locationId=main');
    expect([dropped.status, dropped.text, dropped.headers.get('etag')]).to.deep.equal([204, '', '"r5"']);
    expect(await costs()).to.equal(280);
    expect((await price('DELETE', '?locationId=main')).status, 'again').to.equal(204);
  });

  it('can be had in some ways only', async () => {
    const modes = ['dine_in'];
    expect((await putOffer({ ...TEA, trackStock: false, modes })).body.modes).to.deep.equal(modes);
    const order = (mode: string) =>
      api.request('POST', '/v1/orders', {
        body: { locationId: 'main', mode, lines: [{ sku: 'tea', quantity: 1 }] },
        headers: { 'idempotency-key': mode },
      });
    const refused = await order('pickup');
    expect([refused.status, (refused.body.errors as { pointer: string; code: string }[])[0]]).to.deep.equal([
      409,
      { pointer: '/lines/0/sku', code: 'not-in-this-mode', detail: 'tea is not to be had in this mode' },
    ]);
    expect((await order('dine_in')).status).to.equal(201);
    expect((await putOffer({ ...TEA, modes: [] }, { 'if-match': '*' })).status).to.equal(422);
  });

  it('begins to keep stock with 201 and counts it anew with If-Match', async () => {
    const created = await putStock(10);
    expect([created.status, created.headers.get('etag'), created.headers.get('location')]).to.deep.equal([
      201,
      '"r0"',
      '/v1/stock/tea/main',
    ]);
    expect(created.body).to.deep.equal({
      sku: 'tea',
      locationId: 'main',
      onHand: 10,
      reserved: 0,
      available: 10,
      revision: 0,
    });
    expect((await putStock(12)).status).to.equal(428);
    const counted = await putStock(12, { 'if-match': '"r0"' });
    expect([counted.status, counted.body.onHand, counted.headers.get('etag')]).to.deep.equal([200, 12, '"r1"']);
    expect((await api.request('GET', '/v1/stock/tea/main')).body).to.deep.equal(counted.body);
    expect((await putStock(13, { 'if-match': '"r0"' })).status).to.equal(412);
  });

  it('keeps no stock at a location that does not exist', async () => {
    const { status, body } = await putStock(1, {}, 'tea/elsewhere');
    expect([status, body.what, body.id]).to.deep.equal([404, 'location', 'elsewhere']);
  });

  it('answers 304 to whoever has the revision already, for GET and HEAD', async () => {
    await putOffer(TEA);
    await putStock(1);
    for (const [path, tag] of [
      ['/v1/offers/tea', '"r2"'],
      ['/v1/stock/tea/main', '"r0"'],
    ] as const) {
      for (const method of ['GET', 'HEAD']) {
        const same = await api.request(method, path, { headers: { 'if-none-match': `"x", W/${tag}` } });
        expect([same.status, same.text, same.headers.get('etag')], path).to.deep.equal([304, '', tag]);
        const other = await api.request(method, path, { headers: { 'if-none-match': '"r77"' } });
        expect(other.status).to.equal(200);
      }
    }
  });
});
