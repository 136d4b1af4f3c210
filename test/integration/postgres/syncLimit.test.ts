import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { postgresSyncLimit } from '../../../src/infrastructure/postgres/syncLimit.js';
import { DatabaseUnavailable, type Queryable } from '../../../src/subscriptions/ports/database.js';
import { aPayment, idOf } from '../../support/fixtures.js';
import { postgres, type SuiteDatabase } from '../../support/services/index.js';
import { startTestApi } from '../../support/inMemory/api.js';
import { openPaymentIn } from '../../support/openPayment.js';

const EVERY_MS = 600;

describe('how often the provider is asked about a payment', function () {
  this.timeout(60_000);
  let suite: SuiteDatabase;
  const processes: PostgresDatabase[] = [];
  const alone: unknown[] = [];
  before(async () => {
    suite = await (await postgres()).createDatabase();
    await migrate({ url: suite.url, readModels: [] });
    for (let n = 0; n < 2; n++) processes.push(openPostgres({ url: suite.url, maxConnections: 8 }));
  });
  after(async () => {
    for (const database of processes) await database.close();
    await suite.drop();
  });
  beforeEach(async () => {
    alone.length = 0;
    await processes[0]?.query('TRUNCATE payment_syncs');
  });
  const limitOn = (database: Queryable) =>
    postgresSyncLimit(database, { everyMs: EVERY_MS, alone: (error) => alone.push(error) });

  it('is counted by all processes together, of however many questions at once', async () => {
    const limits = processes.map(limitOn);
    const waits = await Promise.all(Array.from({ length: 24 }, (_, n) => limits[n % 2]!.take(aPayment)));
    expect(waits.filter((ms) => ms === 0)).to.have.length(1);
    for (const ms of waits) expect(ms).to.be.within(0, EVERY_MS);
    expect(await limits[1]!.take(idOf('payment', 2)), 'another payment').to.equal(0);
    await sleep(EVERY_MS + 50);
    expect([await limits[0]!.take(aPayment), (await limits[1]!.take(aPayment)) > 0]).to.deep.equal([0, true]);
    expect(alone).to.deep.equal([]);
  });

  it('is counted by each process for itself while the database does not answer', async () => {
    const away: Queryable = { query: () => Promise.reject(new DatabaseUnavailable('away')) };
    const [first, second] = [limitOn(away), limitOn(away)];
    expect(await first.take(aPayment)).to.equal(0);
    expect(await first.take(aPayment)).to.be.within(1, EVERY_MS);
    expect(await second.take(aPayment)).to.equal(0);
    expect(alone).to.have.length(3);
  });

  it('is the same for two processes that serve the API', async () => {
    const limits = processes.map(limitOn);
    const apis = await Promise.all(limits.map((syncLimit) => startTestApi(() => ({ syncLimit }))));
    try {
      // each has a store of its own: the payment is told to both
      for (const api of apis) await openPaymentIn(api);
      const statuses: number[] = [];
      for (const api of apis) statuses.push((await api.request('POST', `/v1/payments/${aPayment}/sync`)).status);
      expect(statuses).to.deep.equal([202, 429]);
    } finally {
      for (const api of apis) await api.close();
    }
  });
});
