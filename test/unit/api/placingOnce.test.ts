import { expect } from 'chai';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { TestApi } from '../../support/inMemory/api.js';
import { PIZZA, placeAt, startWithMenu, wish } from './menu.js';

describe('POST /v1/orders under a key', () => {
  let api: TestApi;
  const place = (body: unknown, key: string, headers?: Record<string, string>) => placeAt(api, body, key, headers);
  beforeEach(async () => {
    api = await startWithMenu();
  });
  afterEach(() => api.close());

  it('keeps the hashes of key and body with the event, and neither of them in clear', async () => {
    const { body: placed } = await place(wish(), 'a-secret-looking-key');
    const [event] = api.store.events(orderStream(placed.id as OrderId));
    expect(JSON.stringify(event?.metadata))
      .to.match(/"keyHash":"[\w-]{43}"/)
      .and.match(/"bodyHash":"[\w-]{43}"/);
    expect(
      JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.to.contain('a-secret-looking-key');
  });

  it('finds the same order again under the same key and body, however the JSON is laid out', async () => {
    const first = await place(wish(), 'k1');
    const again = await place(
      '{ "mode":"pickup", "lines":[{"quantity":2,"sku":"margherita"}], "locationId":"main" }',
      'k1',
    );
    expect(again.status).to.equal(201);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    expect(again.headers.get('etag')).to.equal(first.headers.get('etag'));
    expect(api.store.names('order')).to.have.length(1);
  });

  it('replays an order as it is now, also when its article costs more by then', async () => {
    const first = await place(wish(), 'k1');
    await api.request('PUT', '/v1/offers/margherita', {
      body: { ...PIZZA, price: { amount: 1100, currency: 'EUR' } },
      headers: { 'if-match': '*' },
    });
    await api.request('POST', `/v1/orders/${String(first.body.id)}/cancellations`, {
      body: { reason: 'test' },
      headers: { 'idempotency-key': 'off' },
    });
    const again = await place(wish(), 'k1');
    expect(again.status).to.equal(201);
    expect(again.body).to.deep.include({ id: first.body.id, status: 'cancelled', revision: 1 });
    expect(again.body.total).to.deep.equal({ amount: 1900, currency: 'EUR' });
  });

  it('places one order when the same request comes ten times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => place(wish(), 'k1')));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(10).fill(201));
    expect(new Set(answers.map(({ body: { id } }) => id)).size).to.equal(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).to.have.length(1);
    expect(api.store.names('order')).to.have.length(1);
  });

  it('refuses another body under the same key with 422 and writes nothing', async () => {
    await place(wish(), 'k1');
    const before = api.store.size;
    const { status, body: problem } = await place(wish({ lines: [{ sku: 'margherita', quantity: 3 }] }), 'k1');
    expect(status).to.equal(422);
    expect(problem.type).to.equal('/problems/idempotency-key-reused');
    expect(api.store.size).to.equal(before);
  });

  it('refuses another body under the same key also when the other body could not be placed at all', async () => {
    await place(wish(), 'k1');
    const { body: problem } = await place(wish({ lines: [{ sku: 'unknown', quantity: 3 }] }), 'k1');
    expect(problem.type).to.equal('/problems/idempotency-key-reused');
  });

  it('takes different keys for different orders', async () => {
    const [first, second] = [await place(wish(), 'k1'), await place(wish(), 'k2')];
    expect(first.body.id).not.to.equal(second.body.id);
    expect(first.body.number).not.to.equal(second.body.number);
  });

  describe('with a merchantOrderNo', () => {
    const numbered = (no: string, over: object = {}) => wish({ merchantOrderNo: no, ...over });

    it('finds the same order again under the same key and body', async () => {
      const first = await place(numbered('536365'), 'k1');
      const again = await place(numbered('536365'), 'k1');
      expect(first.body.merchantOrderNo).to.equal('536365');
      expect(again.body).to.deep.equal(first.body);
      expect(again.headers.get('idempotent-replayed')).to.equal('true');
    });

    it('refuses the number under another key with 409 and a link to the order', async () => {
      const first = await place(numbered('536365'), 'k1');
      const { status, headers, body: problem } = await place(numbered('536365'), 'k2');
      expect(status).to.equal(409);
      expect(problem).to.deep.include({ type: '/problems/duplicate-merchant-order-number', code: 20004 });
      expect(problem.existing).to.deep.equal({ id: first.body.id, url: `/v1/orders/${String(first.body.id)}` });
      expect(headers.get('link')).to.equal(`</v1/orders/${String(first.body.id)}>; rel="related"`);
    });

    it('refuses one key with two numbers with 422', async () => {
      await place(numbered('536365'), 'k1');
      const { status, body: problem } = await place(numbered('536366'), 'k1');
      expect([status, problem.type]).to.deep.equal([422, '/problems/idempotency-key-reused']);
      expect(api.store.names('order')).to.have.length(1);
    });

    it('refuses a key that placed an order without a number before', async () => {
      await place(wish(), 'k1');
      const { status, body: problem } = await place(numbered('536365'), 'k1');
      expect([status, problem.type]).to.deep.equal([422, '/problems/idempotency-key-reused']);
    });

    it('refuses a key that placed an order with a number before', async () => {
      await place(numbered('536365'), 'k1');
      const { status, body: problem } = await place(wish(), 'k1');
      expect([status, problem.type]).to.deep.equal([422, '/problems/idempotency-key-reused']);
      expect(api.store.names('order')).to.have.length(1);
    });

    it('still finds the order of a key that somebody then came with and a number', async () => {
      const first = await place(wish(), 'k1');
      expect((await place(numbered('536365'), 'k1')).status).to.equal(422);
      const again = await place(wish(), 'k1');
      expect([again.status, again.body.id]).to.deep.equal([201, first.body.id]);
    });

    it('leaves the key free when the order is refused', async () => {
      const refused = await place(numbered('1', { lines: [{ sku: 'nothing', quantity: 1 }] }), 'k1');
      expect(refused.status).to.equal(409);
      expect((await place(numbered('1'), 'k1')).status).to.equal(201);
    });

    it('lets two requests that race for one number place one order', async () => {
      const answers = await Promise.all([place(numbered('7'), 'k1'), place(numbered('7'), 'k2')]);
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
      expect(api.store.names('order')).to.have.length(1);
    });
  });

  it('demands an Idempotency-Key of visible ASCII', async () => {
    const missing = await api.request('POST', '/v1/orders', { body: wish() });
    expect([missing.status, missing.body.type]).to.deep.equal([400, '/problems/idempotency-key-missing']);
    for (const key of ['with space', 'x'.repeat(256), 'caf\u00e9']) {
      const { status, body: problem } = await place(wish(), key);
      expect([status, problem.type], key).to.deep.equal([400, '/problems/idempotency-key-invalid']);
    }
    expect((await place(wish(), 'x'.repeat(255))).status).to.equal(201);
  });
});
