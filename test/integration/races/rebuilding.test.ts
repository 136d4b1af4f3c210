import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { announceShown, rebuildables } from '../../../src/main/roles/projections.js';
import { hearing } from '../../../src/projections/documents/hearing.js';
import { orderQueries } from '../../../src/projections/order/queries.js';
import { orderViewSchema } from '../../../src/projections/order/schema.js';
import { startAskedRebuilds } from '../../../src/projections/rebuild/asked.js';
import { readModelTools } from '../../../src/projections/rebuild/readModels.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import type { WorkLoop } from '../../../src/subscriptions/workLoop.js';
import { follow, type StreamClient } from '../../support/eventStream.js';
import { feedOf } from '../../support/inMemory/feed.js';
import { until } from '../../support/until.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { enterRace, type RaceHouse } from './house.js';

const AT = `/v1/admin/projections/${orderViewSchema.name}`;
const BUYERS = 3;
/** What is there before the first rebuild, and what comes at least while each step of it is worked. */
const [BEFORE, MEANWHILE] = [12, 2];
/** How long a buyer rests: all orders are to be on one page in the end. */
const RESTS_MS = 400;
/** Events a second: slow enough for orders to come meanwhile, faster than they do. */
const RATE = 250;
const SETTLED = ['confirmed', 'in_fulfilment', 'fulfilled'];

interface Listed {
  readonly id: string;
  readonly revision: number;
  readonly status: string;
}

describe('a read model is made anew while everybody works with it', function () {
  this.timeout(300_000);
  let ground: Ground;
  let race: RaceHouse;
  let rebuilds: WorkLoop;
  before(async () => (ground = await enter([orderViewSchema])));
  after(() => ground.leave());
  beforeEach(async () => {
    const subscriptions: Ground['subscriptions'] = (change) => ground.subscriptions(change);
    let begin = (): Promise<unknown> => Promise.resolve();
    race = await enterRace({
      views: ({ store, wakeUp }) => {
        const [feed, folds] = [feedOf(store), createFolds({ reader: store })];
        const what = rebuildables(folds).filter(({ name }) => name === orderViewSchema.name);
        const parts = { database: ground.database, feed, reader: store, owner: 'this process' };
        begin = async () => {
          const serving = subscriptions({ feed, reader: store });
          for (const { readModel } of what) serving.addProjection(hearing(readModel, announceShown(wakeUp)));
          await serving.start();
          const failed = (error: unknown) => void faults.push(String(error));
          rebuilds = startAskedRebuilds({ ...parts, rebuildables: what, lookEveryMs: 20, failed });
        };
        const signal = new AbortController().signal;
        return { orders: orderQueries(ground.database), readModels: readModelTools(what, { ...parts, signal }) };
      },
    });
    await begin();
    await race.article('soup', 1_000);
  });
  afterEach(async () => {
    await rebuilds.stop();
    await race.leave();
  });

  /** What somebody met that must not be. */
  const faults: string[] = [];
  const expected = (what: string, holds: boolean): void => void (holds || faults.push(what));

  /** Somebody who remembers how far they saw each order, and reads everything that they can. */
  class Reader {
    readonly #seen = new Map<string, number>();
    reads = 0;

    #sees(where: string, { id, revision }: Listed): void {
      const before = this.#seen.get(id) ?? -1;
      expected(`${where}: ${id} went from ${before} back to ${revision}`, revision >= before);
      this.#seen.set(id, Math.max(before, revision));
      this.reads += 1;
    }

    async list(afterPosition?: string): Promise<readonly Listed[]> {
      const where = `/v1/orders?limit=100${afterPosition === undefined ? '' : `&afterPosition=${afterPosition}`}`;
      const { status, body, text } = await race.request('GET', where);
      expected(`${where}: ${status} ${text}`, status === 200);
      const items = (body['items'] ?? []) as readonly Listed[];
      const shown = new Set(items.map(({ id }) => id));
      for (const id of this.#seen.keys()) expected(`${where}: ${id} is not there any more`, shown.has(id));
      for (const item of items) this.#sees(where, item);
      return items;
    }

    /** One order that is in the list: it is in no view before. */
    async single(id: string): Promise<void> {
      const where = `/v1/orders/${id}`;
      const { status, body, text } = await race.request('GET', where);
      expected(`${where}: ${status} ${text}`, status === 200);
      this.#sees(where, body as unknown as Listed);
    }

    async read(): Promise<void> {
      for (const { id } of (await this.list()).slice(0, 5)) await this.single(id);
    }
  }

  /** Orders that were placed and paid; how far somebody who follows one was shown it. */
  const placed: string[] = [];
  let begun = 0;
  const followers: StreamClient[] = [];
  async function buy(key: string, buyer: Reader): Promise<void> {
    const answer = await race.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }] },
      headers: { 'idempotency-key': key },
    });
    expected(`placing: ${answer.status} ${answer.text}`, answer.status === 201);
    begun += 1;
    const id = String(answer.body['id']);
    const mine = (await buyer.list(answer.headers.get('comanda-position') ?? '')).find((listed) => listed.id === id);
    expected(`${id} is not in the list that shows what was written`, mine !== undefined);
    if (placed.length % 5 === 0) followers.push(await follow(`${race.base}/v1/orders/${id}/stream`));
    expected(`${id} cannot be paid`, (await race.pay(await race.link(id))) === 'paid');
    placed.push(id);
  }

  it('orders are placed and paid while their view is made anew and changes places, and back: no read fails, nobody sees less than before, and nobody is told anything twice', async () => {
    const ending = new AbortController();
    const readers = [new Reader(), new Reader()];
    const crowd = [
      ...Array.from({ length: BUYERS }, async (_, number) => {
        const buyer = new Reader();
        for (let n = 0; !ending.signal.aborted; n += 1, await sleep(RESTS_MS)) await buy(`buyer-${number}-${n}`, buyer);
      }),
      ...readers.map(async (reader) => {
        for (; !ending.signal.aborted; await sleep(2)) await reader.read();
      }),
    ];
    const more = (count: number): Promise<void> => {
      const from = placed.length;
      return until(`${count} more orders`, () => placed.length >= from + count);
    };
    const state = async () => (await race.request('GET', AT)).body;
    const changePlaces = async (which: 'switch' | 'back', serving: number): Promise<void> => {
      const answer = await race.request('POST', `${AT}/${which}`);
      expect([answer.status, answer.body['serving']], answer.text).to.deep.equal([200, serving]);
      await more(MEANWHILE);
    };
    let meanwhile = 0;
    const rounds = async (): Promise<void> => {
      await more(BEFORE);
      for (const build of [2, 3]) {
        const from = begun;
        expect((await race.request('POST', `${AT}/rebuild`, { body: { rate: RATE } })).status).to.equal(202);
        await until('it is made', async () => (await state())['asked'] === undefined);
        meanwhile += begun - from;
        const made = await state();
        expect(made).to.include({ serving: build - 1, next: build, state: 'ready' });
        expect(made).to.have.nested.property('checked.tables[0].sameChecksum', true);
        await changePlaces('switch', build);
        await changePlaces('back', build - 1);
        await changePlaces('back', build);
      }
    };
    await Promise.all([rounds().finally(() => ending.abort()), ...crowd]);

    for (const id of placed) await race.reaches(id, ...SETTLED);
    await race.rest();
    const log = new Map(placed.map((id) => [id, race.types(`order-${id}`).length - 1]));
    const last = new Reader();
    await until('the view shows all of it', async () => {
      const shown = new Map((await last.list()).map(({ id, revision }) => [id, revision]));
      return placed.every((id) => shown.get(id) === log.get(id));
    });
    expect(faults).to.deep.equal([]);
    expect(meanwhile, 'orders that came while another build was made').to.be.above(0);
    for (const { reads } of readers) expect(reads).to.be.above(100);
    expect(placed.length, 'all of them on one page').to.be.within(BEFORE + 8 * MEANWHILE, 100);
    // whoever follows an order, whatever other services are told, and the provider: each once
    for (const { events, close } of followers) {
      const revisions = events.map(({ id }) => Number(id));
      expect(revisions).to.deep.equal([...new Set(revisions)].toSorted((a, b) => a - b));
      close();
    }
    const told = race.published().map(({ id }) => id);
    expect(new Set(told).size).to.equal(told.length);
    const { currencies, sessions } = await race.ledger();
    expect(currencies['eur']).to.deep.include({ charged: 1_000 * placed.length, refunded: 0 });
    expect(sessions).to.deep.include({ open: 0, complete: placed.length });
  });
});
