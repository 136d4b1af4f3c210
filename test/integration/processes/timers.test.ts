import { expect } from 'chai';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import type { DueTimer } from '../../../src/processes/timers/timer.js';
import { type Fire, startTimerRunner } from '../../../src/processes/timers/timerRunner.js';
import { type Claimed, TimerTable } from '../../../src/processes/timers/timerTable.js';
import type { WorkLoop } from '../../../src/subscriptions/workLoop.js';
import { anOrder } from '../../support/fixtures.js';
import { postgres } from '../../support/services/index.js';
import type { SuiteDatabase } from '../../support/services/index.js';
import { until } from '../../support/until.js';

const START = Date.parse('2024-05-04T12:00:00.000Z');
const NAME = 'completion';

describe('timers in PostgreSQL', function () {
  this.timeout(300_000);
  let suite: SuiteDatabase;
  let database: PostgresDatabase;
  let seconds = 0;
  const clock = { now: () => new Date(START + seconds * 1_000).toISOString() };
  const timeAt = (after: number): string => new Date(START + after * 1_000).toISOString();
  let table: TimerTable;
  const loops: WorkLoop[] = [];

  before(async () => {
    suite = await (await postgres()).createDatabase();
    await migrate({ url: suite.url, readModels: [] });
    database = openPostgres({ url: suite.url, maxConnections: 8 });
  });
  beforeEach(async () => {
    await database.query('TRUNCATE timers');
    seconds = 0;
    table = new TimerTable(database, { clock });
  });
  afterEach(() => Promise.all(loops.splice(0).map((loop) => loop.stop())));
  after(async () => {
    await database.close();
    await suite.drop();
  });

  const timer = (id: string, change: Partial<DueTimer> = {}): DueTimer => ({
    id,
    process: NAME,
    correlation: anOrder,
    dueAt: timeAt(10),
    task: { type: 'complete-order', orderId: anOrder },
    origin: { correlationId: 'correlation-1', causationId: 'event-1', tenant: 'main', location: 'main' },
    ...change,
  });
  const idsOf = (claimed: readonly Claimed[]): string[] => claimed.map(({ id }) => id).sort();
  const start = (fire: Fire, failed: (error: unknown) => void = () => undefined): WorkLoop => {
    const loop = startTimerRunner({ table, fire: new Map([[NAME, fire]]), failed });
    loops.push(loop);
    return loop;
  };
  const stateOf = async (id: string) => {
    const { rows } = await database.query<{ fired: boolean; cancelled: boolean; next: Date | null }>(
      'SELECT fired_at IS NOT NULL AS fired, cancelled, claimed_until AS next FROM timers WHERE id = $1',
      [id],
    );
    return rows[0];
  };

  it('are claimed from the time on that they are due, with everything that they were set with', async () => {
    await table.schedule(timer('a'));
    seconds = 9;
    expect(await table.claimDue([NAME], 10, 1_000)).to.deep.equal([]);
    seconds = 10;
    expect(await table.claimDue([NAME], 10, 1_000)).to.deep.equal([
      { id: 'a', dueAt: timeAt(10), claimedAt: timeAt(10), timer: timer('a') },
    ]);
  });

  it('are due, claimed and put off by the clock of the database, which is one for all machines', async () => {
    // of a database, here, whose clock is an hour behind this machine's
    await database.query('CREATE SCHEMA behind');
    await database.query(
      `CREATE FUNCTION behind.now() RETURNS timestamptz STABLE LANGUAGE sql
       AS $$ SELECT pg_catalog.now() - interval '1 hour' $$`,
    );
    const url = new URL(suite.url);
    url.searchParams.set('options', '-c search_path=behind,pg_catalog,public');
    const its = openPostgres({ url: url.href, maxConnections: 2 });
    try {
      const machine = new TimerTable(its);
      const itsNow = Date.now() - 3_600_000;
      const inMs = (ms: number): string => new Date(itsNow + ms).toISOString();
      await machine.schedule(timer('due', { dueAt: inMs(-1_000) }));
      await machine.schedule(timer('later', { dueAt: inMs(60_000) }));
      const [claimed, ...more] = await machine.claimDue([NAME], 10, 30_000);
      expect([claimed?.id, more]).to.deep.equal(['due', []]);
      expect(Date.parse(claimed?.claimedAt ?? '') - itsNow).to.be.within(-1_000, 20_000);
      expect(await machine.claimDue([NAME], 10, 30_000), 'nobody else has it meanwhile').to.deep.equal([]);
      expect(await machine.untilNextMs([NAME])).to.be.within(30_000, 61_000);
      await machine.again('due', 45_000);
      expect(((await stateOf('due'))?.next?.getTime() ?? 0) - itsNow).to.be.within(44_000, 65_000);
    } finally {
      await its.close();
      await database.query('DROP SCHEMA behind CASCADE');
    }
  });

  it('are set once: a repeat changes nothing, even after firing or cancelling', async () => {
    await table.schedule(timer('fired'));
    await table.schedule(timer('cancelled'));
    await table.fired('fired');
    await table.cancel('cancelled');
    await Promise.all([timer('fired', { dueAt: timeAt(0) }), timer('cancelled')].map((one) => table.schedule(one)));
    seconds = 100;
    expect(await table.claimDue([NAME], 10, 1_000)).to.deep.equal([]);
    expect(await stateOf('fired')).to.include({ fired: true });
    expect(await stateOf('cancelled')).to.include({ fired: false, cancelled: true });
  });

  it('are set by the hundred at once, the same one several times among them', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) => timer(`t${index % 600}`));
    await Promise.all(many.map((one) => table.schedule(one)));
    const { rows } = await database.query<{ count: number }>('SELECT count(*) AS count FROM timers');
    expect(rows[0]?.count).to.equal(600);
  });

  it('are each claimed by one of several processes', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => table.schedule(timer(`t${index}`))));
    seconds = 10;
    const others = new TimerTable(database, { clock });
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? table : others).claimDue([NAME], 15, 60_000)),
    );
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids.length + (await table.claimDue([NAME], 500, 60_000)).length).to.equal(200);
  });

  it('are free again when whoever claimed them does not finish', async () => {
    await table.schedule(timer('a'));
    seconds = 10;
    await table.claimDue([NAME], 10, 5_000);
    seconds = 14;
    expect(await table.claimDue([NAME], 10, 5_000)).to.deep.equal([]);
    seconds = 15;
    expect(idsOf(await table.claimDue([NAME], 10, 5_000))).to.deep.equal(['a']);
  });

  it('of processes that do not run here are left alone', async () => {
    await table.schedule(timer('a'));
    seconds = 10;
    expect(await table.claimDue(['kitchen-simulator'], 10, 5_000)).to.deep.equal([]);
    expect(await table.untilNextMs(['kitchen-simulator'])).to.equal(undefined);
    expect(await table.untilNextMs([NAME])).to.equal(0);
    seconds = 4;
    expect(await table.untilNextMs([NAME])).to.equal(6_000);
  });

  it('fire when their time comes, once, in the order of their times', async () => {
    const fired: string[] = [];
    await table.schedule(timer('late', { dueAt: timeAt(20) }));
    await table.schedule(timer('soon', { dueAt: timeAt(10) }));
    const loop = start(({ id }) => {
      fired.push(id);
      return Promise.resolve();
    });
    seconds = 15;
    loop.wake();
    await until('the first one fired', async () => (await stateOf('soon'))?.fired === true);
    expect(fired).to.deep.equal(['soon']);
    seconds = 25;
    loop.wake();
    await until('the second one fired', async () => (await stateOf('late'))?.fired === true);
    loop.wake();
    await loop.stop();
    expect(fired).to.deep.equal(['soon', 'late']);
  });

  it('that fail come again, later each time, and are told of', async () => {
    const errors: string[] = [];
    let down = true;
    let tries = 0;
    await table.schedule(timer('a', { dueAt: timeAt(0) }));
    const loop = start(
      () => {
        tries += 1;
        return down ? Promise.reject(new Error('the provider is down')) : Promise.resolve();
      },
      (error) => errors.push(String(error)),
    );
    const attempts = [
      { second: 0, wait: 1 },
      { second: 1, wait: 1 },
      { second: 2, wait: 2 },
      { second: 4, wait: 4 },
      { second: 8, wait: 8 },
      { second: 500, wait: 60 },
    ];
    for (const [index, { second, wait }] of attempts.entries()) {
      seconds = second;
      loop.wake();
      await until(`attempt ${index + 1} failed and the next one is ${wait} s away`, async () => {
        const next = (await stateOf('a'))?.next?.toISOString();
        return errors.length === index + 1 && next === timeAt(second + wait);
      });
    }
    expect(tries).to.equal(attempts.length);
    down = false;
    seconds = 560;
    loop.wake();
    await until('it fired', async () => (await stateOf('a'))?.fired === true);
    expect(errors).to.have.length(6);
  });

  it('that cannot be read hold up no other', async () => {
    const errors: string[] = [];
    const fired: string[] = [];
    await table.schedule(timer('good'));
    await table.schedule(timer('bad'));
    await database.query(`UPDATE timers SET command = '{"task": {"type": "unheard-of"}}' WHERE id = 'bad'`);
    seconds = 10;
    start(
      ({ id }) => {
        fired.push(id);
        return Promise.resolve();
      },
      (error) => errors.push(String(error)),
    );
    await until('the good one fired', async () => (await stateOf('good'))?.fired === true);
    await until('the bad one was told of', () => errors.some((error) => error.includes('bad')));
    expect(fired).to.deep.equal(['good']);
  });

  it('fire in the next process when the one that claimed them ended before', async () => {
    await table.schedule(timer('a'));
    seconds = 10;
    let reached = (): void => undefined;
    const firing = new Promise<void>((resolve) => (reached = resolve));
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const hanging = start(() => {
      reached();
      return held;
    });
    await firing;
    seconds = 71;
    const fired: string[] = [];
    start(({ id }) => {
      fired.push(id);
      return Promise.resolve();
    });
    await until('the other one fired it', () => fired.length === 1);
    release();
    await hanging.stop();
  });
});
