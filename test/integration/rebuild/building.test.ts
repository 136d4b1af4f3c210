import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { BuildFailed } from '../../../src/projections/rebuild/build.js';
import { abandon, rebuild, type RebuildOptions } from '../../../src/projections/rebuild/rebuild.js';
import { routeOf, runnerOf, schemaOf } from '../../../src/projections/rebuild/routes.js';
import { parkedEvents } from '../../../src/subscriptions/parking/parkedEvents.js';
import { until } from '../../support/until.js';
import { enterRebuilds, fill, orderOf, type RebuildGround } from './ground.js';

const NAME = 'order_view';
const BUILD = schemaOf(NAME, 2);

describe('a rebuild of a read model', function () {
  this.timeout(300_000);
  let suite: RebuildGround;
  before(async () => {
    suite = await enterRebuilds();
  });
  afterEach(() => suite.clear());
  after(() => suite.ground.leave());

  /** Projects the whole log into the build that serves. */
  const serve = async (): Promise<void> => {
    const subscriptions = suite.ground.subscriptions();
    subscriptions.addProjection(suite.orderView().readModel);
    await subscriptions.start();
    await subscriptions.reached(suite.orderView().readModel.name, suite.ground.log.last);
    await subscriptions.stop();
  };
  const failure = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );
  /** Ends a rebuild after its first batch. */
  const interrupted = async (change: Partial<RebuildOptions> = {}): Promise<unknown> => {
    const controller = new AbortController();
    return await failure(
      rebuild(
        suite.options({
          batchSize: 20,
          signal: controller.signal,
          progress: () => controller.abort(),
          ...change,
        }),
      ),
    );
  };

  it('goes on where a process was killed in the middle of it, and ends with the same rows', async () => {
    fill(suite.ground.log, 100);
    await serve();
    const child = spawn(
      process.execPath,
      ['--import=tsx', join(import.meta.dirname, 'rebuildElsewhere.ts'), suite.ground.url, '100'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    child.kill('SIGKILL');
    await once(child, 'close');
    const killedAt = BigInt(line.replace('AT ', ''));
    expect(killedAt > 0n && killedAt < suite.ground.log.last).to.equal(true);

    const begins = suite.ground.log.subscriptions.length;
    let read = 0;
    const route = await rebuild(suite.options({ progress: (events) => void (read += events) }));
    expect(route).to.include({ state: 'ready', next: 2, serving: 1 });
    const [first] = suite.ground.log.subscriptions.slice(begins);
    expect((first ?? 0n) >= killedAt, `it began at ${first}`).to.equal(true);
    expect(read).to.be.lessThan(200);
    expect(await suite.rows(BUILD)).to.deep.equal(await suite.rows());
    expect(route.checked?.tables[0]).to.include({ servingRows: 100, builtRows: 100, sameChecksum: true });
  });

  it('stops at an event that nobody can read, names it, and goes on when it may be parked', async () => {
    const { log, database } = suite.ground;
    fill(log, 10);
    const bad = orderStream(orderOf(3));
    log.appendStored(bad, 'OrderCancelled', { reason: 5 }, 1);
    log.append(bad, { type: 'OrderExpired', data: {} } as never);
    fill(log, 5, 100);
    await serve();

    const stopped = await failure(rebuild(suite.options()));
    expect(stopped).to.be.instanceOf(BuildFailed);
    expect((stopped as Error).message).to.match(new RegExp(`^${bad}@2 at \\d+ cannot be projected: .+`));
    expect(await routeOf(database, NAME)).to.include({ state: 'building', next: 2 });

    const route = await rebuild(suite.options({ park: true }));
    expect(route.state).to.equal('ready');
    expect(route.checked).to.include({ parkedStreams: 1 });
    expect(route.checked?.tables[0]).to.include({ sameChecksum: true });
    const parked = await parkedEvents(database).list({ runner: runnerOf(NAME, 2) });
    expect(parked.map(({ stream, revision }) => `${stream}@${revision}`)).to.deep.equal([`${bad}@2`, `${bad}@3`]);
  });

  it('finds the one event in a batch whose row the database does not take', async () => {
    const { log, database } = suite.ground;
    fill(log, 40);
    await serve();
    expect(await interrupted()).to.be.instanceOf(BuildFailed);
    const bad = orderOf(33);
    await database.query(`ALTER TABLE ${BUILD}.${suite.orderView().readModel.name} ADD CHECK (id <> '${bad}')`);
    const stopped = (await failure(rebuild(suite.options()))) as Error;
    expect(stopped).to.be.instanceOf(BuildFailed);
    expect(stopped.message)
      .to.match(/violates check constraint/)
      .and.contain(`order-${bad}@0`);
    const route = await rebuild(suite.options({ park: true }));
    expect(route.checked).to.include({ parkedStreams: 1 });
    expect((await suite.rows(BUILD)).map(({ id }) => id))
      .to.have.length(39)
      .and.not.include(bad);
  });

  it('reads no faster than it is told to', async () => {
    fill(suite.ground.log, 200);
    await serve();
    const begun = performance.now();
    await rebuild(suite.options({ rate: 400 }));
    const paced = performance.now() - begun;
    // four batches of a quarter of a second each
    expect(paced).to.be.greaterThan(900);
  });

  it('sends nothing again: no reactor hears of an event twice', async () => {
    const { log } = suite.ground;
    fill(log, 30);
    const heard: string[] = [];
    const subscriptions = suite.ground.subscriptions();
    subscriptions.addProjection(suite.orderView().readModel);
    subscriptions.addReactor({
      name: 'publisher',
      wants: () => true,
      key: ({ stream }) => stream,
      maxInFlight: 8,
      react: ({ stream, revision }) => {
        heard.push(`${stream}@${revision}`);
        return Promise.resolve();
      },
    });
    await subscriptions.start();
    await subscriptions.reached('publisher', log.last);
    await subscriptions.reached(suite.orderView().readModel.name, log.last);
    await rebuild(suite.options());
    fill(log, 5, 200);
    await subscriptions.reached('publisher', log.last);
    expect(heard).to.have.length(70);
    expect(new Set(heard).size).to.equal(70);
  });

  it('begins anew once what was made is abandoned', async () => {
    fill(suite.ground.log, 40);
    await serve();
    await interrupted();
    await abandon(suite.ground.database, NAME);
    expect(await routeOf(suite.ground.database, NAME)).to.include({ state: 'idle', next: null });
    let read = 0;
    await rebuild(suite.options({ progress: (events) => void (read += events) }));
    expect(read).to.equal(80);
  });

  it('lets one process at a time build: a commit of the other one fails', async () => {
    fill(suite.ground.log, 60);
    await serve();
    const first = failure(rebuild(suite.options({ batchSize: 10, rate: 40, owner: 'first' })));
    // as if the first one had been frozen for longer than its lease; one that is not frozen renews it at the next beat
    const loseLease = async (): Promise<boolean> => {
      const lost = `UPDATE checkpoints SET lease_until = now() WHERE name = $1 AND position IS NOT NULL AND owner = 'first'`;
      return (await suite.ground.database.query(lost, [runnerOf(NAME, 2)])).rowCount === 1;
    };
    await until('the first one builds', loseLease);
    const second = rebuild(suite.options({ owner: 'second' }));
    await until('the second one builds', async () => !(await loseLease()));
    const route = await second;
    expect(route.checked?.tables[0]).to.include({ sameChecksum: true });
    expect(((await first) as Error).name).to.equal('LeaseLost');
  });
});
