import { expect } from 'chai';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { startHousekeeping } from '../../../src/processes/housekeeping/housekeeping.js';
import { type Swept, sweepTables } from '../../../src/processes/housekeeping/tables.js';
import { postgres, type SuiteDatabase } from '../../support/services/index.js';
import { until } from '../../support/until.js';

const NOW = '2024-05-04T12:00:00.000Z';
const daysAgo = (days: number): string => new Date(Date.parse(NOW) - days * 24 * 60 * 60_000).toISOString();

const NOTHING: Swept = { webhook_inbox: 0, timers: 0, payment_syncs: 0, idempotency: 0 };

describe('housekeeping in PostgreSQL', function () {
  this.timeout(60_000);
  let suite: SuiteDatabase;
  let database: PostgresDatabase;

  before(async () => {
    suite = await (await postgres()).createDatabase();
    await migrate({ url: suite.url, readModels: [] });
    database = openPostgres({ url: suite.url, maxConnections: 4 });
  });
  beforeEach(() => database.query('TRUNCATE webhook_inbox, timers, payment_syncs, idempotency'));
  after(async () => {
    await database.close();
    await suite.drop();
  });

  const webhook = (eventId: string, receivedAt: string, processedAt: string | null) =>
    database.query(
      `INSERT INTO webhook_inbox (provider, event_id, event_type, body, received_at, processed_at)
       VALUES ('stripe', $1, 'checkout.session.completed', '{}', $2, $3)`,
      [eventId, receivedAt, processedAt],
    );
  const timer = (id: string, at: { created: string; due: string; fired?: string; cancelled?: boolean }) =>
    database.query(
      `INSERT INTO timers (id, process, correlation, due_at, command, created_at, fired_at, cancelled)
       VALUES ($1, 'completion', 'ord_1', $2, '{}', $3, $4, $5)`,
      [id, at.due, at.created, at.fired ?? null, at.cancelled ?? false],
    );
  const left = async (): Promise<readonly string[]> => {
    const { rows } = await database.query<{ id: string }>(
      'SELECT event_id AS id FROM webhook_inbox UNION ALL SELECT id FROM timers ORDER BY id',
    );
    return rows.map(({ id }) => id);
  };

  it('deletes webhooks that were worked more than 30 days ago, and none that nobody has worked', async () => {
    await webhook('old and worked', daysAgo(40), daysAgo(31));
    await webhook('old, worked lately', daysAgo(40), daysAgo(29));
    await webhook('old and never worked', daysAgo(40), null);
    await webhook('new', daysAgo(1), daysAgo(1));
    expect(await sweepTables(database, NOW)).to.deep.equal({ ...NOTHING, webhook_inbox: 1 });
    expect(await left()).to.deep.equal(['new', 'old and never worked', 'old, worked lately']);
  });

  it('deletes timers that have fired or were cancelled more than 30 days ago, and none that is still to fire', async () => {
    await timer('fired', { created: daysAgo(60), due: daysAgo(50), fired: daysAgo(31) });
    await timer('fired lately', { created: daysAgo(60), due: daysAgo(50), fired: daysAgo(1) });
    await timer('cancelled', { created: daysAgo(60), due: daysAgo(50), cancelled: true });
    await timer('cancelled, due lately', { created: daysAgo(60), due: daysAgo(1), cancelled: true });
    await timer('late', { created: daysAgo(60), due: daysAgo(50) });
    expect(await sweepTables(database, NOW)).to.deep.equal({ ...NOTHING, timers: 2 });
    expect(await left()).to.deep.equal(['cancelled, due lately', 'fired lately', 'late']);
  });

  it('forgets when a payment was asked about long ago', async () => {
    await database.query('INSERT INTO payment_syncs VALUES ($1, $2), ($3, $4)', [
      'old',
      daysAgo(31),
      'new',
      daysAgo(1),
    ]);
    expect(await sweepTables(database, NOW)).to.deep.equal({ ...NOTHING, payment_syncs: 1 });
    expect((await database.query('SELECT payment_id FROM payment_syncs')).rows).to.deep.equal([{ payment_id: 'new' }]);
  });

  it('forgets keys that have belonged to nothing for so long', async () => {
    for (const [key, expiresAt] of [
      ['old', daysAgo(31)],
      ['new', daysAgo(1)],
    ]) {
      await database.query(
        `INSERT INTO idempotency (principal, route, key_hash, body_hash, expires_at) VALUES ('p', 'r', $1, 'b', $2)`,
        [key, expiresAt],
      );
    }
    expect(await sweepTables(database, NOW)).to.deep.equal({ ...NOTHING, idempotency: 1 });
    expect((await database.query('SELECT key_hash FROM idempotency')).rows).to.deep.equal([{ key_hash: 'new' }]);
  });

  it('goes on until nothing is left, a thousand at a time', async () => {
    await database.query(
      `INSERT INTO webhook_inbox (provider, event_id, event_type, body, received_at, processed_at)
       SELECT 'stripe', n::text, 'x', '{}', $1, $1 FROM generate_series(1, 2500) AS n`,
      [daysAgo(40)],
    );
    expect(await sweepTables(database, NOW)).to.deep.equal({ ...NOTHING, webhook_inbox: 2500 });
  });

  it('begins at once, and comes again by itself', async () => {
    let now = NOW;
    const failed: unknown[] = [];
    await webhook('one', daysAgo(40), daysAgo(40));
    const loop = startHousekeeping({
      database,
      streams: { remove: () => Promise.resolve('nothing') },
      locations: () => Promise.resolve([]),
      clock: { now: () => now },
      failed: (error) => failed.push(error),
    });
    try {
      await until('the first is gone', async () => (await left()).length === 0);
      await webhook('two', daysAgo(40), daysAgo(40));
      now = new Date(Date.parse(NOW) + 61 * 60_000).toISOString();
      loop.wake();
      await until('the second is gone', async () => (await left()).length === 0);
      expect(failed).to.deep.equal([]);
    } finally {
      await loop.stop();
    }
  });
});
