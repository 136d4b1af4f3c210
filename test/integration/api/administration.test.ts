import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { orderViewSchema } from '../../../src/projections/order/schema.js';
import type { Answer } from '../../support/inMemory/api.js';
import { until } from '../../support/until.js';
import { type ApiHouse, enterApi } from './house.js';

describe('The routes of the administration on a real event store, PostgreSQL and broker', function () {
  this.timeout(300_000);
  let api: ApiHouse;
  const run = randomUUID().slice(0, 8);
  const VIEW = `${orderViewSchema.name}_v${orderViewSchema.version}`;

  before(async () => {
    api = await enterApi();
    const body = { name: 'Tea', price: { amount: 300, currency: 'GBP' }, trackStock: false };
    await api.request('PUT', `/v1/offers/tea-${run}`, { body });
  });
  after(() => api.leave());

  let orders = 0;
  const place = async (): Promise<string> => {
    const answer = await api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: `tea-${run}`, quantity: 1 }] },
      headers: { 'idempotency-key': `${run}-${(orders += 1)}` },
    });
    expect(answer.status, answer.text).to.equal(201);
    return answer.body.id as string;
  };
  const note = (order: string) => api.request('POST', `/v1/orders/${order}/notes`, { body: { text: 'ring twice' } });
  const refusal = ({ status, body }: Answer) => [status, body.type];
  const itemsOf = ({ body }: Answer) =>
    body.items as { id: string; stream: string; revision: number; reason: string }[];
  const health = async () => (await api.request('GET', '/v1/admin/health')).body;

  describe('for read models', () => {
    const at = '/v1/admin/projections/order_view';
    const status = async () => (await api.request('GET', at)).body;
    const rebuilt = async (body: object = {}): Promise<Readonly<Record<string, unknown>>> => {
      const asked = await api.request('POST', `${at}/rebuild`, { body });
      expect([asked.status, asked.headers.get('location')]).to.deep.equal([202, at]);
      await until('it is done', async () => (await status()).asked === undefined, 30_000);
      return await status();
    };

    it('lists every read model', async () => {
      const items = (await api.request('GET', '/v1/admin/projections')).body.items as { name: string }[];
      expect(items.map(({ name }) => name)).to.include.members([
        'order_view',
        'stock_level',
        'kitchen_board',
        'catalogue',
      ]);
      expect(items[0]).to.include({ serving: 1, state: 'idle' });
    });

    it('refuses a switch to nothing, a way back to nothing, and what is not there', async () => {
      const cannot = '/problems/build-cannot-serve';
      expect(refusal(await api.request('POST', `${at}/switch`))).to.deep.equal([409, cannot]);
      expect(refusal(await api.request('POST', `${at}/back`))).to.deep.equal([409, cannot]);
      for (const name of ['nothing', 'ORDER', 'order_view;--', 'order_view_v1']) {
        for (const what of ['rebuild', 'switch', 'back']) {
          const answer = await api.request('POST', `/v1/admin/projections/${name}/${what}`);
          expect(refusal(answer), `${name} ${what}`).to.deep.equal([404, NOT_FOUND]);
        }
      }
      for (const body of [{ rate: 0 }, { rate: '5' }, { fast: true }, { park: 1 }]) {
        const answer = await api.request('POST', `${at}/rebuild`, { body });
        expect(refusal(answer), JSON.stringify(body)).to.deep.equal([422, '/problems/validation-failed']);
      }
    });

    it('makes another build, lets it serve, and goes back, with every order shown all along', async () => {
      const orderIds = await Promise.all(Array.from({ length: 5 }, place));
      const ready = await rebuilt();
      expect(ready).to.include({ serving: 1, next: 2, state: 'ready' });
      expect((ready.checked as { tables: object[] }).tables[0]).to.include({ sameChecksum: true });
      const switched = await api.request('POST', `${at}/switch`);
      expect(switched.status, switched.text).to.equal(200);
      expect(switched.body).to.include({ serving: 2, previous: 1, state: 'idle' });
      const later = await place();
      await until('the new build shows it', async () => {
        return (await api.database.query(`SELECT 1 FROM ${VIEW} WHERE id = $1`, [later])).rowCount === 1;
      });
      const back = await api.request('POST', `${at}/back`);
      expect(back.body).to.include({ serving: 1, previous: 2 });
      const { rowCount } = await api.database.query(`SELECT 1 FROM ${VIEW} WHERE id = ANY ($1)`, [
        [...orderIds, later],
      ]);
      expect(rowCount).to.equal(6);
    });

    it('does not let a build serve that differs, unless told to', async () => {
      const [id] = await Promise.all([place(), place()]);
      await until('it is shown', async () => {
        return (await api.database.query(`SELECT 1 FROM ${VIEW} WHERE id = $1`, [id])).rowCount === 1;
      });
      await api.database.query(`UPDATE ${VIEW} SET revision = 77 WHERE id = $1`, [id]);
      await rebuilt({ restart: true });
      const refused = await api.request('POST', `${at}/switch`);
      expect(refusal(refused)).to.deep.equal([409, '/problems/build-cannot-serve']);
      expect(refused.body.why).to.equal('differs');
      const accepted = await api.request('POST', `${at}/switch`, { body: { acceptDifferences: true } });
      expect(accepted.status).to.equal(200);
      const { rows } = await api.database.query(`SELECT revision FROM ${VIEW} WHERE id = $1`, [id]);
      expect(rows).to.deep.equal([{ revision: 1 }]);
    });

    it('gives a switch up that cannot get hold of the tables in time, and changes nothing', async () => {
      await rebuilt();
      const before = await status();
      const refused = await api.database.transaction(async (reading) => {
        await reading.query(`SELECT 1 FROM ${VIEW}`);
        return await api.request('POST', `${at}/switch`);
      });
      expect(refusal(refused)).to.deep.equal([409, '/problems/not-caught-up']);
      expect(refused.headers.get('retry-after')).to.equal('10');
      expect(await status()).to.include({ serving: before.serving, next: before.next, state: 'ready' });
      expect((await api.request('POST', `${at}/switch`)).status).to.equal(200);
    });
  });

  describe('for parked events', () => {
    /** Events of an order: placed with its stock secured, and a note. */
    const EACH = 3;
    /** Orders whose rows the table does not take: their events are parked. */
    const poisoned = async (count: number): Promise<readonly string[]> => {
      await api.database.query(`ALTER TABLE ${VIEW} ADD CONSTRAINT poison CHECK (false) NOT VALID`);
      const ids = await Promise.all(Array.from({ length: count }, place));
      for (const id of ids) expect((await note(id)).status).to.equal(201);
      await until('all are parked', async () => (await parked()).length === EACH * count, 20_000);
      return ids;
    };
    const heal = () => api.database.query(`ALTER TABLE ${VIEW} DROP CONSTRAINT IF EXISTS poison`);
    const parked = async () => itemsOf(await api.request('GET', `/v1/admin/parked?runner=${VIEW}&limit=100`));
    const nothingLeft = () => until('nothing is parked', async () => (await parked()).length === 0, 20_000);
    afterEach(async () => {
      await heal();
      for (const { id } of await parked()) await api.request('DELETE', `/v1/admin/parked/${id}?following=true`);
      await nothingLeft();
    });

    it('lists them page by page in the order of the log, counts them, and tells the health route', async () => {
      const ids = await poisoned(3);
      const all = await parked();
      const paged: string[] = [];
      let path: string | undefined = '/v1/admin/parked?limit=5';
      let pages = 0;
      while (path !== undefined) {
        const page: Answer = await api.request('GET', path);
        expect(page.body.counts).to.deep.equal([{ runner: VIEW, events: 3 * EACH, streams: 3 }]);
        paged.push(...itemsOf(page).map(({ id }) => id));
        path = /^<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1];
        pages += 1;
      }
      expect([pages, paged]).to.deep.equal([2, all.map(({ id }) => id)]);
      const positions = all.map(({ id }) => BigInt(id.split('@')[1] ?? ''));
      expect([...positions].sort((a, b) => (a < b ? -1 : 1))).to.deep.equal(positions);
      expect(new Set(all.map(({ stream }) => stream))).to.deep.equal(new Set(ids.map((id) => `order-${id}`)));
      expect((await health()).parked).to.deep.equal([{ runner: VIEW, events: 3 * EACH, streams: 3 }]);
      expect(itemsOf(await api.request('GET', '/v1/admin/parked?runner=placing'))).to.deep.equal([]);
    });

    it('shows one with its data from the log', async () => {
      const [id] = await poisoned(1);
      const [first] = await parked();
      const { status, body } = await api.request('GET', `/v1/admin/parked/${first?.id ?? ''}`);
      expect(status).to.equal(200);
      expect(body).to.include({ runner: VIEW, stream: `order-${id}`, revision: 0, type: 'OrderPlaced' });
      expect(body.reason).to.match(/violates check constraint "poison"/);
      expect(body.data).to.include({ orderId: id });
      expect(body.metadata).to.include({ v: 1 });
    });

    it('replays everything at once', async () => {
      await poisoned(3);
      await heal();
      const asked = await api.request('POST', '/v1/admin/parked/retry');
      expect([asked.status, (asked.body.events as string[]).length]).to.deep.equal([202, 3 * EACH]);
      await nothingLeft();
    });

    it('replays a whole stream in order, whichever of its events is named', async () => {
      const [id = ''] = await poisoned(1);
      await heal();
      const all = (await parked()).map((event) => event.id);
      const asked = await api.request('POST', `/v1/admin/parked/${all.at(-1) ?? ''}/retry`);
      expect([asked.status, asked.body.events]).to.deep.equal([202, all]);
      await nothingLeft();
      const { rows } = await api.database.query(`SELECT revision FROM ${VIEW} WHERE id = $1`, [id]);
      expect(rows).to.deep.equal([{ revision: EACH - 1 }]);
    });

    it('leaves what fails again parked, with the time of the try', async () => {
      await poisoned(1);
      const [first] = await parked();
      await api.request('POST', `/v1/admin/parked/${first?.id ?? ''}/retry`);
      await until('it was tried', async () => {
        const { body } = await api.request('GET', `/v1/admin/parked/${first?.id ?? ''}`);
        return body.triedAt !== undefined && body.asked === undefined;
      });
      expect(await parked()).to.have.length(EACH);
    });

    it('drops the first of a stream alone, a later one not, and all that follows on demand', async () => {
      const [id] = await poisoned(2);
      const ofOne = (await parked()).filter(({ stream }) => stream === `order-${id}`);
      const [first, second] = ofOne.map((event) => event.id);
      const refused = await api.request('DELETE', `/v1/admin/parked/${second ?? ''}`);
      expect(refusal(refused)).to.deep.equal([409, '/problems/earlier-events-parked']);
      expect(refused.body.first).to.equal(first);
      const dropped = await api.request('DELETE', `/v1/admin/parked/${first ?? ''}`);
      expect([dropped.status, dropped.body.events]).to.deep.equal([202, [first]]);
      await until('it is gone', async () => {
        return (await api.request('GET', `/v1/admin/parked/${first ?? ''}`)).status === 404;
      });
      const other = (await parked()).find(({ stream, revision }) => stream !== `order-${id}` && revision === 0);
      const both = await api.request('DELETE', `/v1/admin/parked/${other?.id ?? ''}?following=true`);
      expect([both.status, (both.body.events as string[]).length]).to.deep.equal([202, EACH]);
      await until('the rest of one is left', async () => (await parked()).length === EACH - 1);
      expect((await parked())[0]?.id).to.equal(second);
    });

    it('refuses what is not there, and what it cannot read', async () => {
      for (const id of ['nothing@1', `${VIEW}@99999999999999999999`, 'nonsense', '%00@1', `x@1'--`]) {
        expect(refusal(await api.request('GET', `/v1/admin/parked/${id}`)), id).to.deep.equal([404, NOT_FOUND]);
        expect(refusal(await api.request('POST', `/v1/admin/parked/${id}/retry`)), id).to.deep.equal([404, NOT_FOUND]);
        expect(refusal(await api.request('DELETE', `/v1/admin/parked/${id}`)), id).to.deep.equal([404, NOT_FOUND]);
      }
      for (const query of ['limit=0', 'limit=101', 'limit=x', 'runner=', 'stream=x', 'runner=a&runner=b']) {
        const answer = await api.request('GET', `/v1/admin/parked?${query}`);
        expect(refusal(answer), query).to.deep.equal([400, '/problems/malformed-parameter']);
      }
      const cursor = await api.request('GET', '/v1/admin/parked?cursor=made-up');
      expect(refusal(cursor)).to.deep.equal([400, '/problems/invalid-cursor']);
      const following = await api.request('DELETE', `/v1/admin/parked/${VIEW}@1?following=perhaps`);
      expect(refusal(following)).to.deep.equal([400, '/problems/malformed-parameter']);
      const put = await api.request('PUT', `/v1/admin/parked/${VIEW}@1`);
      expect([put.status, put.headers.get('allow')]).to.deep.equal([405, 'DELETE, GET, HEAD, OPTIONS']);
    });
  });

  describe('for dead letters', () => {
    const queue = 'suite.letters';
    let handled: string[] = [];
    let broken = true;

    before(async () => {
      await api.broker.consumer.consume({
        queue,
        bindings: ['suite.#'],
        prefetch: 1,
        handle: ({ message: { id } }) => {
          if (broken) return Promise.reject(new Error(`${id} makes no sense`));
          handled.push(id);
          return Promise.resolve();
        },
      });
    });
    const bury = async (count: number): Promise<readonly string[]> => {
      broken = true;
      handled = [];
      const messages = Array.from({ length: count }, aMessage);
      for (const message of messages) await api.broker.publisher.publish(message);
      await until('all are given up', async () => (await api.broker.deadLetters.count(queue)) === count);
      broken = false;
      return messages.map(({ id }) => id);
    };
    afterEach(() => api.broker.deadLetters.purge(queue));
    const at = `/v1/admin/dlq/${queue}`;

    it('lists them page by page, counts them, and tells the health route', async () => {
      const ids = await bury(5);
      const counted = { queue, count: 5 };
      const first = await api.request('GET', '/v1/admin/dlq?limit=2');
      expect(first.body.counts).to.deep.include(counted);
      const next = await api.request('GET', /^<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '');
      // what is dealt with meanwhile makes nobody miss one
      await api.request('DELETE', `${at}/${ids[1]}`);
      const last = await api.request('GET', /^<([^>]+)>/.exec(next.headers.get('link') ?? '')?.[1] ?? '');
      const shown = [first, next, last].map((page) => itemsOf(page).map(({ id }) => id));
      expect(shown).to.deep.equal([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
      expect(last.headers.get('link')).to.equal(null);
      expect((await health()).deadLetters).to.deep.include({ queue, count: 4 });
      expect(itemsOf(await api.request('GET', `/v1/admin/dlq?queue=${queue}`))).to.have.length(4);
    });

    it('shows one with its message and why it was given up', async () => {
      const [id] = await bury(1);
      const { status, body } = await api.request('GET', `${at}/${id}`);
      expect(status).to.equal(200);
      expect(body).to.include({ queue, id, type: 'suite.thing.v1', subject: 'ord_test', attempts: 1 });
      expect(body.reason).to.contain('makes no sense');
      expect(body.message).to.include({ id });
    });

    it('puts one or all back on their queue, once', async () => {
      const ids = await bury(3);
      const one = await api.request('POST', `${at}/${ids[1]}/retry`);
      expect([one.status, one.body]).to.deep.equal([200, { count: 1 }]);
      await until('it was handled', () => handled.length === 1);
      expect(refusal(await api.request('POST', `${at}/${ids[1]}/retry`))).to.deep.equal([404, NOT_FOUND]);
      expect((await api.request('POST', `${at}/retry`)).body).to.deep.equal({ count: 2 });
      await until('all were handled', () => handled.length === 3);
      expect(handled).to.have.members([...ids]);
      expect((await api.request('POST', `${at}/retry`)).body).to.deep.equal({ count: 0 });
    });

    it('drops one or all for good', async () => {
      const [id] = await bury(3);
      const dropped = await api.request('DELETE', `${at}/${id}`);
      expect([dropped.status, dropped.text]).to.deep.equal([204, '']);
      expect(refusal(await api.request('DELETE', `${at}/${id}`))).to.deep.equal([404, NOT_FOUND]);
      expect((await api.request('DELETE', at)).body).to.deep.equal({ count: 2 });
      expect(itemsOf(await api.request('GET', `/v1/admin/dlq?queue=${queue}`))).to.deep.equal([]);
      expect(handled).to.deep.equal([]);
    });

    it('refuses queues and letters that are not there', async () => {
      for (const [method, path] of [
        ['GET', '/v1/admin/dlq?queue=nobody'],
        ['GET', '/v1/admin/dlq/nobody/1'],
        ['POST', '/v1/admin/dlq/nobody/retry'],
        ['POST', '/v1/admin/dlq/nobody/1/retry'],
        ['DELETE', '/v1/admin/dlq/nobody'],
        ['DELETE', '/v1/admin/dlq/nobody/1'],
        ['GET', `${at}/nothing`],
        ['POST', `${at}/nothing/retry`],
        ['DELETE', `${at}/nothing`],
      ] as const) {
        expect(refusal(await api.request(method, path)), `${method} ${path}`).to.deep.equal([404, NOT_FOUND]);
      }
      const cursor = await api.request('GET', '/v1/admin/dlq?cursor=made-up');
      expect(refusal(cursor)).to.deep.equal([400, '/problems/invalid-cursor']);
    });
  });

  describe('while PostgreSQL is down', () => {
    before(() => api.databaseProxy.kill());
    after(() => api.databaseProxy.start());

    it('answer 503', async () => {
      for (const path of ['/v1/admin/parked', '/v1/admin/parked/x@1', '/v1/admin/health']) {
        expect(refusal(await api.request('GET', path)), path).to.deep.equal([503, '/problems/unavailable']);
      }
    });
  });
});

const NOT_FOUND = '/problems/not-found';

const aMessage = (): CloudEvent<unknown> => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/comanda',
  type: 'suite.thing.v1',
  subject: 'ord_test',
  time: '2026-03-02T09:30:00.000Z',
  datacontenttype: 'application/json',
  dataschema: '/schemas/suite.thing.v1',
  streamrevision: 0,
  position: '18446744073709551615',
  correlationid: randomUUID(),
  causationid: randomUUID(),
  tenant: 'main',
  data: {},
});
