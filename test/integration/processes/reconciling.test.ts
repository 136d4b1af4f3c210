import { expect } from 'chai';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import type { Span } from '../../../src/processes/reconciliation/reconcile.js';
import { startReconciliation } from '../../../src/processes/reconciliation/schedule.js';
import type { WorkLoop } from '../../../src/subscriptions/workLoop.js';
import { postgres } from '../../support/services/index.js';
import type { SuiteDatabase } from '../../support/services/index.js';
import { until } from '../../support/until.js';

const START = Date.parse('2024-05-04T12:00:00.000Z');
const SPANS: readonly Span[] = ['minutes', 'hour', 'day'];

describe('when books are compared, by PostgreSQL', function () {
  this.timeout(300_000);
  let suite: SuiteDatabase;
  let database: PostgresDatabase;
  let minutes = 0;
  const clock = { now: () => new Date(START + minutes * 60_000).toISOString() };
  const loops: WorkLoop[] = [];
  let runs: Span[];
  let faults: unknown[];

  before(async () => {
    suite = await (await postgres()).createDatabase();
    await migrate({ url: suite.url, readModels: [] });
    database = openPostgres({ url: suite.url, maxConnections: 8 });
  });
  beforeEach(async () => {
    await database.query('TRUNCATE reconciliations');
    minutes = 0;
    runs = [];
    faults = [];
  });
  afterEach(() => Promise.all(loops.splice(0).map((loop) => loop.stop())));
  after(async () => {
    await database.close();
    await suite.drop();
  });

  const start = (reconcile: (span: Span) => Promise<unknown>): void => {
    loops.push(startReconciliation({ database, clock, reconcile, failed: (error) => faults.push(error) }));
  };
  const kept = (span: Span): Promise<void> => {
    runs.push(span);
    return Promise.resolve();
  };
  /** When each span was claimed last, in minutes from the beginning; null: not yet. */
  const lastRuns = async () => {
    const { rows } = await database.query<{ span: Span; last_at: Date | null }>(
      'SELECT span, last_at FROM reconciliations',
    );
    const at = new Map(rows.map(({ span, last_at }) => [span, last_at && (last_at.getTime() - START) / 60_000]));
    return SPANS.map((span) => at.get(span));
  };
  const known = () => until('every span is known', async () => !(await lastRuns()).includes(undefined));
  /** The clock moves on, and everybody looks; what is due by then is due to somebody. */
  async function forward(to: number, ...due: readonly (number | null)[]): Promise<void> {
    minutes = to;
    for (const loop of loops) loop.wake();
    await until(`${due.join()} are the last`, async () => {
      // one loop takes one span after the other
      for (const loop of loops) loop.wake();
      return (await lastRuns()).join() === due.join();
    });
  }

  it('is every two minutes, every hour and every day, by one of several processes, and first after as long', async () => {
    for (const _ of [1, 2, 3]) start(kept);
    await known();
    expect(await lastRuns()).to.deep.equal([null, null, null]);
    await forward(2, 2, null, null);
    await forward(3, 2, null, null);
    await forward(4, 4, null, null);
    await forward(60, 60, 60, null);
    await forward(24 * 60, 24 * 60, 24 * 60, 24 * 60);
    for (const loop of loops.splice(0)) await loop.stop();
    const times = (span: Span): number => runs.filter((one) => one === span).length;
    expect(SPANS.map(times)).to.deep.equal([4, 2, 1]);
    expect(faults).to.deep.equal([]);
  });

  it('is one comparison after the other, also where all are due at once', async () => {
    let [atOnce, most] = [0, 0];
    start(async (span) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await kept(span);
      atOnce -= 1;
    });
    await known();
    await forward(24 * 60, 24 * 60, 24 * 60, 24 * 60);
    await until('all were compared', () => runs.length === SPANS.length);
    expect(runs).to.have.members(SPANS);
    expect(most).to.equal(1);
  });

  it('is made up for by the next one where it fails', async () => {
    let fails = true;
    start((span) => {
      if (fails) return Promise.reject(new Error('the provider is away'));
      return kept(span);
    });
    await known();
    await forward(2, 2, null, null);
    await until('it has failed', () => faults.length === 1);
    fails = false;
    await forward(4, 4, null, null);
    await until('it was compared', () => runs.length === 1);
    expect(runs).to.deep.equal(['minutes']);
  });
});
