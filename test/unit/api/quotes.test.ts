import { expect } from 'chai';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { eur } from '../../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from '../../support/inMemory/api.js';

const MINUTE_MS = 60_000;

describe('ordering at the price of a quote over HTTP', () => {
  let api: TestApi;
  let now: number;
  let keys: number;
  beforeEach(async () => {
    now = Date.parse('2024-05-04T12:00:00.000Z');
    keys = 0;
    api = await startTestApi(() => ({ clock: { now: () => new Date(now).toISOString() } }));
    await costs(450, {}, {});
  });
  afterEach(() => api.close());

  const costs = (
    amount: number,
    change: object = {},
    headers: Readonly<Record<string, string>> = { 'if-match': '*' },
  ) =>
    api.request('PUT', '/v1/offers/soup', {
      body: {
        name: 'Soup',
        price: eur(amount),
        trackStock: false,
        options: [
          {
            id: 'size',
            name: 'Size',
            min: 0,
            max: 1,
            choices: [{ id: 'large', name: 'Large', price: eur(amount / 10) }],
          },
        ],
        ...change,
      },
      headers,
    });
  const wish = (change: object = {}) => ({
    locationId: 'main',
    mode: 'pickup',
    lines: [{ sku: 'soup', quantity: 2, options: [{ option: 'size', choice: 'large' }] }],
    ...change,
  });
  const quote = async (change: object = {}) =>
    (await api.request('POST', '/v1/quotes', { body: wish(change) })).body as Readonly<Record<string, string>>;
  const place = (change: object, key = `key-${keys++}`): Promise<Answer> =>
    api.request('POST', '/v1/orders', { body: wish(change), headers: { 'idempotency-key': key } });
  const errors = ({ body }: Answer) =>
    (body['errors'] as readonly { pointer: string; code: string }[]).map(({ pointer, code }) => [pointer, code]);
  const placed = ({ body }: Answer) =>
    api.store.events(orderStream(body['id'] as OrderId))[0]?.data as Readonly<Record<string, unknown>>;

  it('names what is too much of one thing, as an order does', async () => {
    const refused = await api.request('POST', '/v1/quotes', {
      body: wish({ lines: [500, 500].map((quantity) => ({ sku: 'soup', quantity })) }),
    });
    expect([refused.status, errors(refused)]).to.deep.equal([422, [['/lines/1/quantity', 'out-of-range']]]);
  });

  it('says how long it is valid', async () => {
    const quoted = await quote();
    expect(quoted).to.deep.include({ total: eur(990), validUntil: '2024-05-04T12:10:00.000Z' });
  });

  it('costs what was quoted for ten minutes, whatever it costs by then, and is made as it is made now', async () => {
    const { token, priceHash } = await quote();
    await costs(900, { name: 'Fine soup', station: 'hot' });
    now += 10 * MINUTE_MS - 1;
    const answer = await place({ quote: token });
    expect(answer.status, answer.text).to.equal(201);
    expect(answer.body).to.deep.include({ total: eur(990), due: eur(990) });
    const [line] = answer.body['lines'] as readonly Readonly<Record<string, unknown>>[];
    expect(line).to.deep.include({ name: 'Soup', unitPrice: eur(495), net: eur(990) });
    expect(placed(answer)).to.deep.include({ priceHash, quotedUntil: '2024-05-04T12:10:00.000Z' });
    expect((placed(answer)['lines'] as readonly { station: string }[])[0]?.station).to.equal('hot');
    // with both of its names it is the same quote
    expect((await place({ quote: token, priceHash })).status).to.equal(201);
  });

  it('costs what it costs now afterwards, which is told together with what was quoted', async () => {
    const { token } = await quote();
    await costs(900);
    now += 10 * MINUTE_MS;
    const refused = await place({ quote: token });
    expect([refused.status, refused.body['type'], errors(refused)]).to.deep.equal([
      409,
      '/problems/price-changed',
      [['/quote', 'price-changed']],
    ]);
    expect(refused.body['quoted']).to.deep.equal({ total: eur(990), validUntil: '2024-05-04T12:10:00.000Z' });
    const renewed = refused.body['quote'] as Readonly<Record<string, unknown>>;
    expect(renewed).to.deep.include({ total: eur(1980), validUntil: '2024-05-04T12:20:00.000Z' });
    const agreed = await place({ quote: renewed['token'] });
    expect([agreed.status, agreed.body['total']]).to.deep.equal([201, eur(1980)]);
    expect(placed(agreed)).not.to.have.property('quotedUntil');
  });

  it('is ordered after that as well where it still comes to the same', async () => {
    const { token } = await quote();
    now += 60 * MINUTE_MS;
    expect((await place({ quote: token })).body['total']).to.deep.equal(eur(990));
  });

  it('is the same order when the request comes again, long after its quote', async () => {
    const { token } = await quote();
    await costs(900);
    const first = await place({ quote: token }, 'same');
    now += 60 * MINUTE_MS;
    const again = await place({ quote: token }, 'same');
    expect([again.status, again.body['id'], again.headers.get('idempotent-replayed')]).to.deep.equal([
      201,
      first.body['id'],
      'true',
    ]);
  });

  it('is a quote for this order and no other', async () => {
    const { token } = await quote();
    for (const change of [
      { lines: [{ sku: 'soup', quantity: 3, options: [{ option: 'size', choice: 'large' }] }] },
      { lines: [{ sku: 'soup', quantity: 2 }] },
      { mode: 'dine_in' },
      { promisedAt: '2024-05-04T13:00:00.000Z' },
    ]) {
      const refused = await place({ ...change, quote: token });
      expect([refused.status, errors(refused)]).to.deep.equal([422, [['/quote', 'other-order']]]);
    }
    const split = [1, 1].map((quantity) => ({
      sku: 'soup',
      quantity,
      options: [{ option: 'size', choice: 'large' }],
    }));
    expect((await place({ lines: split, quote: token })).status, 'the same in two lines').to.equal(201);
  });

  it('is nobody’s but ours: what was altered, or signed by another house, is none', async () => {
    const { token = '' } = await quote();
    const [payload = '', signature = ''] = token.split('.');
    const elsewhere = await startTestApi(() => ({
      secret: 'another secret',
      clock: { now: () => new Date(now).toISOString() },
    }));
    try {
      await elsewhere.request('PUT', '/v1/offers/soup', {
        body: { name: 'Soup', price: eur(1), trackStock: false },
      });
      const body = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 2 }] };
      const cheap = await elsewhere.request('POST', '/v1/quotes', { body });
      for (const altered of [
        `${payload.slice(0, -1)}${payload.endsWith('A') ? 'B' : 'A'}.${signature}`,
        `${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
        `A.${signature}`,
        String(cheap.body['token']),
      ]) {
        const refused = await place({ quote: altered });
        expect([refused.status, errors(refused)]).to.deep.equal([422, [['/quote', 'altered']]]);
      }
    } finally {
      await elsewhere.close();
    }
    const malformed = await place({ quote: 'no token' });
    expect([malformed.status, errors(malformed)]).to.deep.equal([422, [['/quote', 'invalid-format']]]);
  });

  it('promises the price and not the goods', async () => {
    const { token } = await quote();
    await api.request('PUT', '/v1/offers/soup/suspension', { body: { reason: 'sold out' } });
    const refused = await place({ quote: token });
    expect([refused.status, refused.body['type']]).to.deep.equal([409, '/problems/offer-unavailable']);
  });
});
