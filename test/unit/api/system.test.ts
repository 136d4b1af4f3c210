import { connect } from 'node:net';
import { expect } from 'chai';
import { BrokerUnavailable } from '../../../src/projections/publishers/ports/messagePublisher.js';
import { DatabaseUnavailable } from '../../../src/subscriptions/ports/database.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

describe('The server itself', () => {
  let api: TestApi;
  let storeAnswers: boolean;
  before(async () => {
    api = await startTestApi(({ webhooks }) => ({
      readiness: [
        { name: 'event store', check: () => (storeAnswers ? Promise.resolve() : Promise.reject(new Error('secret'))) },
        { name: 'postgres', check: () => Promise.resolve() },
      ],
      webhooks: {
        ...webhooks,
        inbox: {
          store: (webhook) =>
            webhook.body === 'down'
              ? Promise.reject(new DatabaseUnavailable('PostgreSQL: refused'))
              : webhooks.inbox.store(webhook),
        },
      },
    }));
  });
  beforeEach(() => {
    storeAnswers = true;
  });
  after(() => api.close());

  /** What comes back for these bytes, until the server closes the connection. */
  const raw = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(api.base).port), '127.0.0.1', () => socket.write(bytes));
      let answer = '';
      socket.on('data', (data) => (answer += data.toString()));
      socket.on('error', reject).on('close', () => resolve(answer));
    });

  it('is alive', async () => {
    const { status, body } = await api.request('GET', '/livez');
    expect([status, body]).to.deep.equal([200, { status: 'alive' }]);
  });

  it('is ready when every component answers, and names the one that does not', async () => {
    const ready = await api.request('GET', '/readyz');
    expect([ready.status, ready.body.status]).to.deep.equal([200, 'ready']);
    storeAnswers = false;
    const { status, text, body } = await api.request('GET', '/readyz');
    expect(status).to.equal(503);
    expect(body).to.deep.equal({
      status: 'not_ready',
      checks: [
        { name: 'event store', ok: false },
        { name: 'postgres', ok: true },
      ],
    });
    expect(text).not.to.contain('secret');
  });

  it('stays ready without what only delays things, and names it', async () => {
    const away = () => Promise.reject(new Error('away'));
    const degraded = await startTestApi(() => ({
      readiness: [
        { name: 'event store', check: () => Promise.resolve() },
        { name: 'broker', optional: true, check: away },
      ],
    }));
    const { status, body } = await degraded.request('GET', '/readyz');
    expect([status, body.status]).to.deep.equal([200, 'degraded']);
    expect(body.checks).to.deep.include({ name: 'broker', ok: false });
    await degraded.close();
  });

  it('tells how far every runner is, and leaves out what nobody knows', async () => {
    const behind = {
      name: 'placing',
      position: 120n,
      owner: 'host/1',
      lagMs: 40,
      lagEvents: 3,
      lagEventsAtLeast: null,
    };
    const far = { ...behind, name: 'timers', lagEvents: null, lagEventsAtLeast: 2_048 };
    const never = {
      name: 'publisher',
      position: null,
      owner: null,
      lagMs: null,
      lagEvents: null,
      lagEventsAtLeast: null,
    };
    const watched = await startTestApi(() => ({ runners: { lag: () => Promise.resolve([behind, far, never]) } }));
    const { status, body } = await watched.request('GET', '/v1/admin/health');
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      runners: [
        { name: 'placing', position: '120', owner: 'host/1', lagMs: 40, lagEvents: 3 },
        { name: 'timers', position: '120', owner: 'host/1', lagMs: 40, lagEventsAtLeast: 2_048 },
        { name: 'publisher' },
      ],
      parked: [],
      deadLetters: [
        { queue: 'kitchen', count: 0 },
        { queue: 'payment', count: 0 },
      ],
    });
    await watched.close();
  });

  it('tells how everything else is while the broker is away or silent', async () => {
    const faults = [
      () => Promise.reject(new BrokerUnavailable('RabbitMQ: refused')),
      () => new Promise<never>(() => undefined),
    ];
    for (const counts of faults) {
      const watched = await startTestApi(({ deadLetters }) => ({ deadLetters: { ...deadLetters, counts } }));
      const { status, body } = await watched.request('GET', '/v1/admin/health');
      expect([status, body]).to.deep.equal([200, { runners: [], parked: [] }]);
      await watched.close();
    }
  }).timeout(300_000);

  it('is not ready any more once it is about to stop', async () => {
    const stopping = await startTestApi();
    stopping.stopping.abort();
    const { status, body } = await stopping.request('GET', '/readyz');
    expect([status, body.status]).to.deep.equal([503, 'stopping']);
    await stopping.close();
  });

  it('gives every answer a request id, and keeps the one that came with the request', async () => {
    expect((await api.request('GET', '/livez')).headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
    const kept = await api.request('GET', '/nothing', { headers: { 'x-request-id': 'abc-1' } });
    expect([kept.headers.get('x-request-id'), kept.body.requestId]).to.deep.equal(['abc-1', 'abc-1']);
    const tooLong = await api.request('GET', '/livez', { headers: { 'x-request-id': 'x'.repeat(129) } });
    expect(tooLong.headers.get('x-request-id')).to.have.length(36);
  });

  it('says which methods a path has', async () => {
    const { status, headers, text } = await api.request('OPTIONS', '/v1/offers/tea');
    expect([status, headers.get('allow'), text]).to.deep.equal([204, 'DELETE, GET, HEAD, OPTIONS, PUT', '']);
    expect((await api.request('OPTIONS', '/nothing')).status).to.equal(404);
  });

  it('says which methods it knows at all', async () => {
    const head = await raw('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(head)
      .to.match(/^HTTP\/1\.1 204 /)
      .and.contain('Allow: DELETE, GET, HEAD, OPTIONS, POST, PUT');
  });

  it('refuses a request for no host or for two, with a problem', async () => {
    for (const hosts of ['', 'Host: a\r\nHost: b\r\n']) {
      const answer = await raw(`GET /livez HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`);
      expect(answer)
        .to.match(/^HTTP\/1\.1 400 /)
        .and.contain('/problems/malformed-request');
    }
    expect(await raw('GET /livez HTTP/1.0\r\n\r\n')).to.match(/^HTTP\/1\.1 200 /);
  });

  it('tells browsers to run nothing and guess nothing', async () => {
    const { headers } = await api.request('GET', '/docs');
    expect(headers.get('content-security-policy')).to.contain("default-src 'none'");
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('x-powered-by')).to.equal(null);
  });

  it('shows the document as a page without scripts and without anything from elsewhere', async () => {
    const { status, headers, text } = await api.request('GET', '/docs', { headers: { accept: 'text/html' } });
    expect([status, headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8']);
    expect(text).to.contain('/v1/orders/{id}/cancellations').and.to.contain('Place an order');
    expect(text).not.to.match(/<script|https?:\/\/|undefined|\[object/);
    expect((await api.request('GET', '/docs', { headers: { accept: 'application/json' } })).status).to.equal(406);
  });

  it('leads from each answer on the page to the problem that it means, and shows code as code', async () => {
    const { text } = await api.request('GET', '/docs');
    const anchors = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links).to.include('idempotency-key-reused');
    expect(links.filter((id) => !anchors.has(id))).to.deep.equal([]);
    expect(text).to.contain('<code>Prefer: wait=N</code>').and.not.contain('`');
  });

  it('knows who has the document already', async () => {
    const { headers } = await api.request('GET', '/v1/openapi.json');
    const again = await api.request('GET', '/v1/openapi.json', {
      headers: { 'if-none-match': headers.get('etag') ?? '' },
    });
    expect(again.status).to.equal(304);
  });

  it('stores a webhook whose signature fits once, and answers 200 each time', async () => {
    const deliver = () =>
      api.request('POST', '/v1/webhooks/stripe', { body: '{"id":"evt_1"}', headers: { 'stripe-signature': 'good' } });
    expect((await deliver()).body).to.deep.equal({ received: true });
    expect((await deliver()).status).to.equal(200);
    expect(api.inbox.stored).to.deep.equal([
      { provider: 'stripe', eventId: 'evt_1', eventType: 'test', body: '{"id":"evt_1"}' },
    ]);
  });

  it('refuses a webhook without a signature, with a wrong one, or too large', async () => {
    for (const headers of [{}, { 'stripe-signature': 'bad' }]) {
      const { status, body } = await api.request('POST', '/v1/webhooks/stripe', { body: '{}', headers });
      expect([status, body.type]).to.deep.equal([400, '/problems/bad-signature']);
    }
    const big = await api.request('POST', '/v1/webhooks/stripe', {
      body: 'x'.repeat(256 * 1024 + 1),
      headers: { 'stripe-signature': 'good' },
    });
    expect(big.status).to.equal(413);
  });

  it('answers 503 to a webhook that cannot be stored, so that the provider sends it again', async () => {
    const { status } = await api.request('POST', '/v1/webhooks/stripe', {
      body: 'down',
      headers: { 'stripe-signature': 'good' },
    });
    expect(status).to.equal(503);
  });

  it('answers 500 with nothing but the request id when the program itself is at fault, and logs it once', async () => {
    const broken = await startTestApi(({ offers }) => ({
      offers: { ...offers, offersPage: () => Promise.reject(new TypeError('x is not a function')) },
    }));
    const { status, text, body } = await broken.request('GET', '/v1/offers');
    expect([status, body.type]).to.deep.equal([500, '/problems/internal']);
    expect(text).not.to.contain('not a function');
    expect(broken.log.lines).to.have.length(1);
    expect(broken.log.lines[0]?.fields).to.deep.include({ requestId: body.requestId, path: '/v1/offers' });
    await broken.close();
  });
});
