import { expect } from 'chai';
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';
import type { PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import type { ReadModelSchema } from '../../../src/projections/ports/readModelSchema.js';
import { DatabaseRejected, DatabaseUnavailable } from '../../../src/subscriptions/ports/database.js';
import { postgres } from '../../support/services/index.js';
import { openWay } from '../../support/services/way.js';

const orders = (version: number): ReadModelSchema => ({
  name: 'orders',
  version,
  statements: [`CREATE TABLE orders_v${version} (id text PRIMARY KEY)`, `CREATE INDEX ON orders_v${version} (id)`],
});

describe('migrations', () => {
  let url: string;
  let database: PostgresDatabase;

  beforeEach(async function () {
    this.timeout(300_000);
    ({ url } = await (await postgres()).createDatabase());
    database = openPostgres({ url });
  });
  afterEach(() => database.close());

  const tables = async (): Promise<string[]> => {
    const { rows } = await database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    return rows.map(({ name }) => name);
  };

  it('create the operational tables once', async () => {
    expect(await migrate({ url })).to.include('0001_operational_tables');
    expect(await migrate({ url })).to.deep.equal([]);
    expect(await tables()).to.include.members([
      'checkpoints',
      'parked',
      'timers',
      'webhook_inbox',
      'idempotency',
      'snapshots',
      'read_model_schemas',
    ]);
  });

  it('take turns when several programs start at once', async () => {
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate({ url, readModels: [orders(1)] })));
    const names = applied.flat();
    expect(names).to.include.members(['0001_operational_tables', 'orders_v1']);
    expect(names).to.have.length(new Set(names).size);
  });

  it('create the tables of a new version of a read model beside the old', async () => {
    await migrate({ url, readModels: [orders(1)] });
    await database.query(`INSERT INTO orders_v1 VALUES ('ord_1')`);
    expect(await migrate({ url, readModels: [orders(1), orders(2)] })).to.deep.equal(['orders_v2']);
    expect((await database.query('SELECT id FROM orders_v1')).rows).to.deep.equal([{ id: 'ord_1' }]);
    expect(await tables()).to.include.members(['orders_v1', 'orders_v2']);
  });

  it('leave nothing of a read model whose tables could not all be created', async () => {
    const broken: ReadModelSchema = { ...orders(1), statements: [...orders(1).statements, 'CREATE TABLE oops ('] };
    const failure = await migrate({ url, readModels: [broken] }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(DatabaseRejected);
    expect(await tables()).to.not.include('orders_v1');
    expect(await migrate({ url, readModels: [orders(1)] })).to.deep.equal(['orders_v1']);
  });

  it('name a database that is not there', async () => {
    const failure = await migrate({ url: 'postgres://nobody@127.0.0.1:1/none' }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(DatabaseUnavailable);
  });

  it('do not wait for ever for a server that takes the connection and says nothing', async () => {
    const way = await openWay(url, 5432);
    try {
      way.lose();
      const failure = await migrate({ url: way.url }).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(DatabaseUnavailable);
    } finally {
      await way.close();
    }
  }).timeout(300_000);
});
