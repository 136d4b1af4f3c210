import { expect } from 'chai';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { orderQueries } from '../../../src/projections/order/queries.js';
import { rebuild, type RebuildOptions } from '../../../src/projections/rebuild/rebuild.js';
import { routeOf, runnerOf, schemaOf } from '../../../src/projections/rebuild/routes.js';
import { RebuildRefused, switchTo } from '../../../src/projections/rebuild/switchTo.js';
import type { EventFeed } from '../../../src/subscriptions/ports/eventFeed.js';
import { aborted } from '../../../src/subscriptions/wait.js';
import { idOf } from '../../support/fixtures.js';
import { enterRebuilds, fill, orderOf, type RebuildGround } from './ground.js';

const NAME = 'order_view';

describe('a switch to another build of a read model', function () {
  this.timeout(300_000);
  let suite: RebuildGround;
  let view: string;
  before(async () => {
    suite = await enterRebuilds();
    view = suite.orderView().readModel.name;
  });
  afterEach(() => suite.clear());
  after(() => suite.ground.leave());

  const serving = async () => {
    const subscriptions = suite.ground.subscriptions();
    subscriptions.addProjection(suite.orderView().readModel);
    await subscriptions.start();
    await subscriptions.reached(view, suite.ground.log.last);
    return subscriptions;
  };
  const route = () => routeOf(suite.ground.database, NAME);
  const refused = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(RebuildRefused);
    return (error as RebuildRefused).why;
  };
  const next = (change: Partial<RebuildOptions> = {}, accept = false) =>
    switchTo(suite.options(change), 'next', accept);
  const back = () => switchTo(suite.options(), 'previous', true);
  /** Ends a rebuild after its first batch. */
  const interrupted = async (): Promise<void> => {
    const controller = new AbortController();
    const { signal } = controller;
    await rebuild(suite.options({ batchSize: 20, signal, progress: () => controller.abort() })).catch(() => undefined);
  };

  it('is refused where there is no other build, and where it is not finished', async () => {
    fill(suite.ground.log, 40);
    await (await serving()).stop();
    expect(await refused(next())).to.equal('no-build');
    expect(await refused(back())).to.equal('no-build');
    await interrupted();
    expect(await refused(next())).to.equal('not-finished');
    expect(await refused(next({}, true))).to.equal('not-finished');
    expect(await route()).to.include({ serving: 1, next: 2, state: 'building' });
  });

  it('is refused where the two differ, unless the differences are accepted', async () => {
    fill(suite.ground.log, 10);
    await (await serving()).stop();
    await suite.ground.database.query(`UPDATE ${view} SET revision = 9 WHERE id = $1`, [orderOf(4)]);
    const { checked } = await rebuild(suite.options());
    expect(checked?.tables[0]?.different).to.deep.equal([orderOf(4)]);
    expect(await refused(next())).to.equal('differs');
    expect((await suite.rows()).find(({ id }) => id === orderOf(4))?.revision).to.equal(9);
    await next({}, true);
    expect((await suite.rows()).find(({ id }) => id === orderOf(4))?.revision).to.equal(1);
  });

  it('is refused for a build that is not what the log says, whatever is accepted', async () => {
    fill(suite.ground.log, 40);
    await (await serving()).stop();
    await interrupted();
    await suite.ground.database.query(`UPDATE ${schemaOf(NAME, 2)}.${view} SET view = '{}'`);
    // the rows of orders whose second event is still to come are written anew: those of none must be sampled
    await suite.ground.database.query(`UPDATE checkpoints SET position = $2 WHERE name = $1`, [
      runnerOf(NAME, 2),
      suite.ground.log.last.toString(),
    ]);
    await rebuild(suite.options());
    expect(await refused(next())).to.equal('untrue');
    expect(await refused(next({}, true))).to.equal('untrue');
    expect(await route()).to.include({ serving: 1 });
  });

  it('takes checkpoint and parked events along, and back again', async () => {
    const { log, database } = suite.ground;
    fill(log, 5);
    log.appendStored(orderStream(orderOf(2)), 'OrderCancelled', { reason: 5 }, 1);
    await (await serving()).stop();
    await rebuild(suite.options({ park: true }));
    await next();
    expect(await route()).to.include({ serving: 2, previous: 1, next: null, state: 'idle' });
    const parked = async () => {
      const { rows } = await database.query<{ runner: string }>('SELECT DISTINCT runner FROM parked');
      return rows.map(({ runner }) => runner);
    };
    expect(await parked()).to.have.members([view, runnerOf(NAME, 1)]);
    const { rows } = await database.query<{ name: string; position: string }>('SELECT name, position FROM checkpoints');
    const at = log.last.toString();
    expect(rows.map(({ name, position }) => [name, position])).to.have.deep.members([
      [view, at],
      [runnerOf(NAME, 1), at],
    ]);
    await back();
    expect(await parked()).to.have.members([view, runnerOf(NAME, 2)]);
    fill(log, 3, 50);
    const subscriptions = await serving();
    expect(await suite.rows()).to.have.length(8);
    await subscriptions.stop();
  });

  it('gives up a build that does not catch up in time, changes nothing, and works later', async () => {
    const { log } = suite.ground;
    fill(log, 20);
    const subscriptions = await serving();
    await rebuild(suite.options());
    fill(log, 20, 100);
    await subscriptions.reached(view, log.last);
    const silent: EventFeed = {
      head: () => log.head(),
      // eslint-disable-next-line require-yield
      subscribe: async function* (_after, signal) {
        await aborted(signal);
      },
    };
    const begun = performance.now();
    expect(await refused(next({ feed: silent, switchWithinMs: 400 }))).to.equal('not-caught-up');
    expect(performance.now() - begun).to.be.within(390, 5_000);
    expect(await route()).to.include({ serving: 1, next: 2, state: 'ready' });
    fill(log, 1, 200);
    await subscriptions.reached(view, log.last);
    expect(await suite.rows()).to.have.length(41);
    await next();
    expect(await suite.rows()).to.have.length(41);
  });

  it('gives up when somebody reads the tables all the time, without keeping others from reading', async () => {
    fill(suite.ground.log, 5);
    await (await serving()).stop();
    await rebuild(suite.options());
    await suite.ground.database.transaction(async (reader) => {
      await reader.query(`SELECT 1 FROM ${view}`);
      const switching = refused(next({ switchWithinMs: 2_500 }));
      let reads = 0;
      let slowest = 0;
      const over = switching.then(() => true);
      while (!(await Promise.race([over, Promise.resolve(false)]))) {
        const begun = performance.now();
        await suite.rows();
        slowest = Math.max(slowest, performance.now() - begun);
        reads += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(await switching).to.equal('not-caught-up');
      expect(reads).to.be.greaterThan(3);
      expect(slowest).to.be.lessThan(2_000);
    });
    expect(await route()).to.include({ serving: 1, next: 2 });
  });

  it('is done by one of two that come at once', async () => {
    fill(suite.ground.log, 10);
    await (await serving()).stop();
    await rebuild(suite.options());
    const outcomes = await Promise.allSettled([next({ owner: 'one' }), next({ owner: 'other' })]);
    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
    expect(await route()).to.include({ serving: 2, previous: 1 });
    expect(await suite.rows()).to.have.length(10);
  });

  it('and back again under load fails no read, loses no update, and shows nothing older than before', async () => {
    const { log, database } = suite.ground;
    fill(log, 50);
    const subscriptions = await serving();
    const queries = orderQueries(database);
    const ending = new AbortController();
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    let written = 0;
    const writer = async (): Promise<void> => {
      while (!ending.signal.aborted) {
        for (let n = 0; n < 5; n += 1) {
          const order = orderOf(numbers[(written += 1) % numbers.length] ?? 0);
          log.append(orderStream(order), {
            type: 'NoteAdded',
            data: { noteId: idOf('note', written), text: 'ring twice', visibility: 'staff' },
          });
        }
        fill(log, 1, 1_000 + written);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    };
    const failures: unknown[] = [];
    let reads = 0;
    const reader = async (): Promise<void> => {
      const seen = new Map<number, number>();
      while (!ending.signal.aborted) {
        const n = numbers[reads % numbers.length] ?? 0;
        try {
          const revision = (await queries.orderById(orderOf(n)))?.revision ?? -1;
          if (revision < (seen.get(n) ?? 0)) failures.push(`order ${n} went from ${seen.get(n)} back to ${revision}`);
          seen.set(n, revision);
        } catch (error) {
          failures.push(error);
        }
        reads += 1;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const crowd = [writer(), reader(), reader(), reader()];
    for (let round = 0; round < 2; round += 1) {
      const ready = await rebuild(suite.options());
      expect(ready.checked?.tables[0]).to.include({ sameChecksum: true });
      await next();
      await back();
      await switchTo(suite.options(), 'previous', true);
    }
    ending.abort();
    await Promise.all(crowd);
    await subscriptions.reached(view, log.last);
    expect(failures).to.deep.equal([]);
    expect(reads).to.be.greaterThan(100);
    const last = new Map<string, number>();
    for (const { stream, revision } of log.events) last.set(stream, revision);
    const shown = new Map((await suite.rows()).map(({ id, revision }) => [`order-${id}`, revision]));
    expect([...shown].sort()).to.deep.equal([...last].sort());
  });
});
