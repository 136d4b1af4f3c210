import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { timeline } from '../../../src/commands/replay/index.js';
import type { Answer } from '../../support/inMemory/api.js';
import { until } from '../../support/until.js';
import { type ApiHouse, enterApi } from './house.js';

describe('The API on a real event store and a real PostgreSQL', function () {
  this.timeout(300_000);
  let api: ApiHouse;
  const TEA = { name: 'Tea', price: { amount: 300, currency: 'GBP' }, trackStock: true };
  // every run has articles and numbers of its own: an event store that is named from outside keeps those of earlier runs
  const run = randomUUID().slice(0, 8);
  const tea = `tea-${run}`;

  const place = (key: string, over: object = {}): Promise<Answer> =>
    api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: tea, quantity: 1 }], ...over },
      headers: { 'idempotency-key': `${run}-${key}` },
    });
  const eventsOf = (answer: Answer) => timeline(api.eventStore, orderStream(answer.body.id as OrderId));

  before(async () => {
    api = await enterApi();
    await api.request('PUT', `/v1/offers/${tea}`, { body: TEA });
  });
  after(() => api.leave());

  it('takes an order for an article that was offered a moment ago', async () => {
    const sku = `fresh-${run}`;
    expect((await api.request('PUT', `/v1/offers/${sku}`, { body: TEA })).status).to.equal(201);
    expect((await place('fresh', { lines: [{ sku, quantity: 1 }] })).status).to.equal(201);
  });

  it('takes an order at the new price a moment after the price was changed', async () => {
    const sku = `dear-${run}`;
    await api.request('PUT', `/v1/offers/${sku}`, { body: TEA });
    const price = { amount: 350, currency: 'GBP' };
    await api.request('PUT', `/v1/offers/${sku}`, { body: { ...TEA, price }, headers: { 'if-match': '*' } });
    expect((await place('dear', { lines: [{ sku, quantity: 2 }] })).body.total).to.deep.equal({
      ...price,
      amount: 700,
    });
  });

  it('shows an order in its view with the revision of its stream, and in the list', async () => {
    const placed = await place('shown', { merchantOrderNo: `${run}-shown` });
    const shown = await api.request('GET', `/v1/orders/${String(placed.body.id)}?minRevision=0`);
    expect(shown.body).to.deep.equal(placed.body);
    await until('the list shows it', async () => {
      const { body } = await api.request('GET', `/v1/orders?merchantOrderNo=${run}-shown`);
      return (body.items as { id: string }[])[0]?.id === placed.body.id;
    });
    const { body } = await api.request('GET', `/v1/orders?merchantOrderNo=${run}-shown`);
    expect(body.items).to.deep.equal([placed.body]);
    expect(Date.parse(body.asOf as string)).to.be.greaterThan(0);
    expect(body.lagMs).to.be.a('number');
  });

  it('lets the writer read what a cancellation left by its revision', async () => {
    const placed = await place('cancelled');
    const path = `/v1/orders/${String(placed.body.id)}`;
    const cancelled = await api.request('POST', `${path}/cancellations`, {
      body: { reason: 'test' },
      headers: { 'idempotency-key': 'off' },
    });
    const revision = cancelled.body.revision as number;
    const shown = await api.request('GET', `${path}?minRevision=${revision}`);
    expect(shown.body).to.deep.equal(cancelled.body);
    expect(shown.headers.get('etag')).to.equal(`"r${revision}"`);
    const { body: history } = await api.request('GET', `${path}/timeline`);
    expect((history.items as { type: string }[]).map(({ type }) => type)).to.deep.equal([
      'OrderPlaced',
      'OrderCancelled',
    ]);
    expect((await api.request('GET', `${path}?revision=0`)).body).to.deep.equal(placed.body);
  });

  it('pages through orders without losing or repeating one', async () => {
    const keys = Array.from({ length: 7 }, (_, index) => `page-${index}`);
    const placed = (await Promise.all(keys.map((key) => place(key)))).map(({ body }) => body.id as string);
    const walk = async (): Promise<string[]> => {
      const found: string[] = [];
      let path: string | undefined = '/v1/orders?status=placed&limit=3';
      while (path !== undefined) {
        const { headers, body } = await api.request('GET', path);
        found.push(...(body.items as { id: string }[]).map(({ id }) => id));
        path = /^<([^>]+)>/.exec(headers.get('link') ?? '')?.[1];
      }
      return found;
    };
    await until('all are listed', async () => {
      const found = new Set(await walk());
      return placed.every((id) => found.has(id));
    });
    const found = await walk();
    expect(new Set(found).size).to.equal(found.length);
  });

  it('places one order for twenty equal requests at once, with and without a merchantOrderNo', async () => {
    for (const over of [{}, { merchantOrderNo: `${run}-20` }]) {
      const key = `twenty-${Object.keys(over).length}`;
      const answers = await Promise.all(Array.from({ length: 20 }, () => place(key, over)));
      expect(answers.map(({ status }) => status)).to.deep.equal(Array(20).fill(201));
      expect(new Set(answers.map(({ body }) => body.id)).size).to.equal(1);
      expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).to.have.length(1);
    }
  });

  it('lets one of twenty numbers win that come at once under one key', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => place('one-key', { merchantOrderNo: `${run}-n${index}` })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([201, ...Array<number>(19).fill(422)]);
  });

  it('lets one of twenty keys win that come at once with one number', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => place(`key-${index}`, { merchantOrderNo: `${run}-same` })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([201, ...Array<number>(19).fill(409)]);
  });

  it('keeps stock and shows it', async () => {
    const path = `/v1/stock/${tea}/main`;
    const created = await api.request('PUT', path, { body: { onHand: 50 } });
    expect(created.status).to.equal(201);
    await until('the view has it', async () => {
      const { rowCount } = await api.database.query('SELECT 1 FROM stock_level_v1 WHERE sku = $1', [tea]);
      return rowCount === 1;
    });
    expect((await api.request('GET', path)).body).to.deep.equal(created.body);
    const answers = await Promise.all(
      [40, 41, 42].map((onHand) => api.request('PUT', path, { body: { onHand }, headers: { 'if-match': '"r0"' } })),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 412, 412]);
  });

  it('stores a webhook once, however often and however much at once it comes', async () => {
    const deliver = () =>
      api.request('POST', '/v1/webhooks/stripe', { body: '{"id":"evt_1"}', headers: { 'stripe-signature': 'good' } });
    const answers = await Promise.all(Array.from({ length: 5 }, deliver));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(5).fill(200));
    const { rows } = await api.database.query(`SELECT event_id, body FROM webhook_inbox`);
    expect(rows.map(({ event_id }) => event_id)).to.deep.equal(['evt_1']);
  });

  describe('while PostgreSQL is down', () => {
    let earlier: Answer;
    before(async () => {
      earlier = await place('before-the-outage');
      await api.databaseProxy.kill();
    });
    after(() => api.databaseProxy.start());

    it('takes orders that need no claim, and shows single orders', async () => {
      const placed = await place('outage');
      expect(placed.status).to.equal(201);
      for (const { body } of [earlier, placed]) {
        const shown = await api.request('GET', `/v1/orders/${String(body.id)}`);
        expect([shown.status, shown.body.id]).to.deep.equal([200, body.id]);
      }
      expect((await api.request('GET', `/v1/orders/${String(earlier.body.id)}/timeline`)).status).to.equal(200);
      expect((await api.request('GET', `/v1/offers/${tea}`)).status).to.equal(200);
    });

    it('answers 503 to what needs it, and is not ready', async () => {
      const numbered = await place('outage-2', { merchantOrderNo: `${run}-outage` });
      expect([numbered.status, numbered.body.type]).to.deep.equal([503, '/problems/unavailable']);
      expect((await api.request('GET', '/v1/orders')).status).to.equal(503);
      const webhook = { body: '{"id":"evt_2"}', headers: { 'stripe-signature': 'good' } };
      expect((await api.request('POST', '/v1/webhooks/stripe', webhook)).status).to.equal(503);
      const ready = await api.request('GET', '/readyz');
      expect([ready.status, ready.body.checks]).to.deep.equal([
        503,
        [
          { name: 'event store', ok: true },
          { name: 'postgres', ok: false },
        ],
      ]);
    });
  });

  describe('while the event store is out of reach', () => {
    it('answers 503, and the repeat places the one order', async () => {
      await api.storeProxy.refuse();
      const refused = await place('unreachable');
      expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '1']);
      await api.storeProxy.accept();
      let placed: Answer | undefined;
      await until('it is back', async () => (placed = await place('unreachable')).status === 201);
      expect(placed && (await eventsOf(placed))).to.have.length(1);
    });

    it('finds the order that was stored although its answer got lost', async () => {
      api.storeProxy.swallowAnswers();
      const lost = await place('lost-answer');
      expect(lost.status).to.equal(503);
      api.storeProxy.thaw();
      let again: Answer | undefined;
      await until('it is back', async () => (again = await place('lost-answer')).status === 201);
      expect(again && (await eventsOf(again))).to.have.length(1);
    });
  });
});
