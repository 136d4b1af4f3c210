import { expect } from 'chai';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { askRebuild, startAskedRebuilds } from '../../../src/projections/rebuild/asked.js';
import { ORDER_VIEW } from '../../../src/projections/order/schema.js';
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';
import { routeOf, schemaOf } from '../../../src/projections/rebuild/routes.js';
import type { WorkLoop } from '../../../src/subscriptions/workLoop.js';
import { until } from '../../support/until.js';
import { enterRebuilds, fill, orderOf, type RebuildGround } from './ground.js';

const NAME = 'order_view';

describe('a rebuild that was asked for', function () {
  this.timeout(300_000);
  let suite: RebuildGround;
  let workers: WorkLoop[] = [];
  const faults: unknown[] = [];
  before(async () => {
    suite = await enterRebuilds();
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    workers = [];
    await suite.clear();
  });
  after(() => suite.ground.leave());

  const work = (owner: string, { database = suite.ground.database, what = suite.orderView() } = {}): WorkLoop => {
    const worker = startAskedRebuilds({
      rebuildables: [what],
      database,
      feed: suite.ground.log,
      reader: suite.ground.log,
      owner,
      claimMs: 1_000,
      lookEveryMs: 50,
      failed: (error) => faults.push(error),
    });
    workers.push(worker);
    return worker;
  };
  const serve = async (): Promise<void> => {
    const subscriptions = suite.ground.subscriptions();
    subscriptions.addProjection(suite.orderView().readModel);
    await subscriptions.start();
    await subscriptions.reached(suite.orderView().readModel.name, suite.ground.log.last);
    await subscriptions.stop();
  };
  const route = () => routeOf(suite.ground.database, NAME);
  const done = () => until('it is done', async () => (await route()).asked === null, 30_000);

  it('is done by one process, which tells how far it is, and gone on with by another one', async () => {
    fill(suite.ground.log, 150);
    await serve();
    await askRebuild(suite.ground.database, NAME, { rate: 100 });
    const first = work('first');
    await until('it has come some way', async () => ((await route()).progress?.events ?? 0) > 0);
    await first.stop();
    const halfway = await route();
    expect(halfway).to.include({ state: 'building' });
    expect(halfway.asked).to.deep.equal({ rate: 100 });
    const made = (await suite.rows(schemaOf(NAME, 2))).length;
    expect(made).to.be.within(1, 150);
    await askRebuild(suite.ground.database, NAME, {});
    work('second');
    work('third');
    await done();
    const ready = await route();
    expect(ready).to.include({ state: 'ready', next: 2, failed: null, progress: null });
    expect(ready.checked?.tables[0]).to.include({ builtRows: 150, sameChecksum: true });
    expect(faults).to.deep.equal([]);
  });

  it('may take long over an index in a process whose statements otherwise may not', async () => {
    fill(suite.ground.log, 2);
    await serve();
    const hurried = openPostgres({ url: suite.ground.url, maxConnections: 10, statementTimeoutMs: 500 });
    await hurried.query(
      `CREATE FUNCTION slowly(word text) RETURNS text IMMUTABLE LANGUAGE plpgsql
       AS $$ BEGIN PERFORM pg_sleep(0.4); RETURN word; END $$`,
    );
    const { schema, ...view } = suite.orderView();
    const index = `CREATE INDEX slow ON ${ORDER_VIEW} (public.slowly(id))`;
    work('worker', {
      database: hurried,
      what: { ...view, schema: { ...schema, statements: [...schema.statements, index] } },
    });
    try {
      await askRebuild(hurried, NAME, {});
      await done();
      expect((await route()).checked?.tables[0]).to.include({ builtRows: 2, sameChecksum: true });
      expect(faults).to.deep.equal([]);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
      await hurried.close();
    }
  });

  it('tells why it failed, and begins anew when that is asked', async () => {
    fill(suite.ground.log, 5);
    const bad = orderStream(orderOf(2));
    suite.ground.log.appendStored(bad, 'OrderCancelled', { reason: 5 }, 1);
    await serve();
    work('worker');
    await askRebuild(suite.ground.database, NAME, {});
    await done();
    expect((await route()).failed).to.match(new RegExp(`^BuildFailed: ${bad}@2 at \\d+ cannot be projected`));
    await askRebuild(suite.ground.database, NAME, { park: true, restart: true });
    await done();
    expect(await route()).to.include({ state: 'ready', failed: null });
  });
});
