import { expect } from 'chai';
import { inMemoryClaims } from '../../support/inMemory/ports.js';
import { enterRace, type RaceHouse } from './house.js';

describe('placing races with everything else', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace();
    await race.article('soup', 20);
  });
  afterEach(() => race.leave());

  const wish = (change: object = {}) => ({
    locationId: 'main',
    mode: 'pickup',
    lines: [{ sku: 'soup', quantity: 1 }],
    ...change,
  });
  const ask = (key: string, change: object = {}) =>
    race.request('POST', '/v1/orders', { body: wish(change), headers: { 'idempotency-key': key } });
  const costs = (amount: number, change: object = {}) =>
    race.request('PUT', '/v1/offers/soup', {
      body: { name: 'soup', price: { amount, currency: 'EUR' }, trackStock: true, ...change },
      headers: { 'if-match': '*' },
    });

  it('clicks, retries and other keys with one merchant number come at once: one order, and whoever has no part in it is told which', async () => {
    const keys = ['click', 'other', 'click', 'another', 'click', 'third'];
    const answers = await Promise.all(keys.map((key) => ask(key, { merchantOrderNo: 'M-1' })));
    const placed = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201);
    const ids = new Set(placed.map(({ body }) => body['id']));
    expect(ids.size, 'one order').to.equal(1);
    const [id] = ids;
    // all that came with the key of the first one, and nobody else
    const winner = keys[answers.findIndex(({ status }) => status === 201)];
    expect(placed).to.have.length(keys.filter((key) => key === winner).length);
    for (const answer of refused) {
      expect([answer.status, answer.body['type']]).to.deep.equal([409, '/problems/duplicate-merchant-order-number']);
      expect(answer.body['existing']).to.deep.equal({ id, url: `/v1/orders/${String(id)}` });
      expect(answer.headers.get('link')).to.equal(`</v1/orders/${String(id)}>; rel="related"`);
    }
    // days later nobody remembers which keys there were, but the order does
    const later = await race.onAnotherMachine(3 * 24 * 60, { claims: inMemoryClaims() });
    const repeat = (key: string, change: object = {}) =>
      later.request('POST', '/v1/orders', {
        body: wish({ merchantOrderNo: 'M-1', ...change }),
        headers: { 'idempotency-key': key },
      });
    for (const key of new Set(keys)) {
      const answer = await repeat(key);
      if (key === winner) expect([answer.status, answer.body['id']], answer.text).to.deep.equal([201, id]);
      else
        expect([answer.status, answer.body['existing']]).to.deep.equal([409, { id, url: `/v1/orders/${String(id)}` }]);
    }
    const otherwise = await repeat(winner ?? '', { lines: [{ sku: 'soup', quantity: 2 }] });
    expect([otherwise.status, otherwise.body['type']]).to.deep.equal([422, '/problems/idempotency-key-reused']);
    await race.rest();
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 20, reserved: 1 });
    const found = await race.request('GET', '/v1/orders/by-merchant-number/M-1');
    expect(found.body).to.deep.include({ id, merchantOrderNo: 'M-1' });
  });

  it('a price changes between quote and placing: nobody pays what they were not told', async () => {
    const quoted = await race.request('POST', '/v1/quotes', { body: wish() });
    expect(quoted.body['total']).to.deep.equal({ amount: 1_000, currency: 'EUR' });
    await costs(1_200);
    const { priceHash } = quoted.body;
    const refused = await ask('dearer', { priceHash });
    expect([refused.status, refused.body['type']]).to.deep.equal([409, '/problems/price-changed']);
    const now = refused.body['quote'] as Readonly<Record<string, unknown>>;
    expect(now['total']).to.deep.equal({ amount: 1_200, currency: 'EUR' });
    expect(refused.body['errors']).to.deep.equal([
      { pointer: '/priceHash', code: 'price-changed', detail: 'not what it comes to any more' },
    ]);
    // how it is made is not what the customer agreed to
    await costs(1_200, { station: 'oven', prepSeconds: 60 });
    const agreed = await ask('agreed', { priceHash: now['priceHash'] });
    expect(agreed.body['total']).to.deep.equal({ amount: 1_200, currency: 'EUR' });
  });

  it('a price changes while many place: who sent a quote pays it or is told of another', async () => {
    const { priceHash } = (await race.request('POST', '/v1/quotes', { body: wish() })).body;
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: 12 }, (_, index) => ask(`at-once-${index}`, { priceHash }))),
      costs(1_200),
    ]);
    const late = await ask('late', { priceHash });
    expect(late.status).to.equal(409);
    for (const { status, body } of answers) {
      if (status === 201) expect(body['total']).to.deep.equal({ amount: 1_000, currency: 'EUR' });
      else expect([status, body['type']]).to.deep.equal([409, '/problems/price-changed']);
    }
    await race.rest();
    const placed = answers.filter(({ status }) => status === 201).length;
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 20, reserved: placed });
  });

  it('a price changes while many place by their quotes: each pays what was quoted, until that is over', async () => {
    const { token } = (await race.request('POST', '/v1/quotes', { body: wish() })).body;
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: 12 }, (_, index) => ask(`quoted-${index}`, { quote: token }))),
      costs(1_200),
    ]);
    const last = await ask('quoted-last', { quote: token });
    for (const { status, body, text } of [...answers, last]) {
      expect([status, body['total']], text).to.deep.equal([201, { amount: 1_000, currency: 'EUR' }]);
    }
    race.forward(10);
    const late = await ask('quoted-late', { quote: token });
    expect([late.status, late.body['type']]).to.deep.equal([409, '/problems/price-changed']);
    expect((late.body['quoted'] as { total: unknown }).total).to.deep.equal({ amount: 1_000, currency: 'EUR' });
    expect((late.body['quote'] as { total: unknown }).total).to.deep.equal({ amount: 1_200, currency: 'EUR' });
  });
});
