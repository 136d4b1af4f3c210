import { expect } from 'chai';
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';
import type { PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { DatabaseRejected, DatabaseUnavailable, isUniqueViolation } from '../../../src/subscriptions/ports/database.js';
import type { Queryable } from '../../../src/subscriptions/ports/database.js';
import { postgres } from '../../support/services/index.js';
import type { PostgresService } from '../../support/services/index.js';
import { openWay } from '../../support/services/way.js';
import { until } from '../../support/until.js';

const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the database, PostgreSQL', () => {
  let server: PostgresService;
  let url: string;
  let database: PostgresDatabase;

  before(async function () {
    this.timeout(300_000);
    server = await postgres();
    ({ url } = await server.createDatabase());
    database = openPostgres({ url, maxConnections: 4, statementTimeoutMs: 1_000 });
    await database.query('CREATE TABLE t (id integer PRIMARY KEY, amount bigint)');
  });
  beforeEach(async () => {
    await database.query('TRUNCATE t');
  });
  after(async () => {
    await database.close();
    await database.close();
  });

  const ids = async (): Promise<number[]> => {
    const { rows } = await database.query<{ id: number }>('SELECT id FROM t ORDER BY id');
    return rows.map(({ id }) => id);
  };

  describe('values', () => {
    it('decodes bigint to a number, numeric to text, date to text and timestamps to dates', async () => {
      const { rows } = await database.query(
        `SELECT 9007199254740991 AS big, count(*) AS count, 18446744073709551615::numeric AS position,
                ARRAY[1::bigint, NULL, 3] AS list, '2026-03-29'::date AS day, '2026-03-29T02:30:00Z'::timestamptz AS at`,
      );
      expect(rows).to.deep.equal([
        {
          big: 9007199254740991,
          count: 1,
          position: '18446744073709551615',
          list: [1, null, 3],
          day: '2026-03-29',
          at: new Date('2026-03-29T02:30:00Z'),
        },
      ]);
    });

    it('fails the query rather than round a bigint', async () => {
      const failure = await failureOf(database.query('SELECT 9007199254740992::bigint'));
      expect(failure).to.be.instanceOf(DatabaseRejected);
      expect((failure as Error).message).to.contain('9007199254740992');
      expect((await database.query('SELECT 1 AS one')).rows).to.deep.equal([{ one: 1 }]);
    });

    it('tells how many rows a write affected', async () => {
      const { rowCount } = await database.query('INSERT INTO t SELECT generate_series(1, 3)');
      expect(rowCount).to.equal(3);
    });
  });

  describe('a transaction', () => {
    it('commits all or nothing', async () => {
      await database.transaction(async (tx) => {
        await tx.query('INSERT INTO t (id) VALUES (1)');
        await tx.query('INSERT INTO t (id) VALUES (2)');
      });
      const failure = await failureOf(
        database.transaction(async (tx) => {
          await tx.query('INSERT INTO t (id) VALUES (3)');
          throw new Error('changed my mind');
        }),
      );
      expect((failure as Error).message).to.equal('changed my mind');
      expect(await ids()).to.deep.equal([1, 2]);
    });

    it('runs statements that do not wait for each other in the order they were issued', async () => {
      const counts = await database.transaction(
        async (tx) =>
          await Promise.all(
            [1, 2, 3].map(async (id) => {
              await tx.query('INSERT INTO t (id) VALUES ($1)', [id]);
              return (await tx.query<{ count: number }>('SELECT count(*) AS count FROM t')).rows[0]?.count;
            }),
          ),
      );
      expect(counts).to.deep.equal([3, 3, 3]);
    });

    it('is not taken for committed when a failed statement was swallowed', async () => {
      const failure = await failureOf(
        database.transaction(async (tx) => {
          await tx.query('INSERT INTO t (id) VALUES (1)');
          await failureOf(tx.query('SELECT 1 / 0'));
        }),
      );
      expect(failure).to.be.instanceOf(DatabaseRejected);
      expect(await ids()).to.deep.equal([]);
    });

    it('may take longer over each statement than others may where it says so, and its connection no longer afterwards', async () => {
      const hurried = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 200 });
      try {
        const slow = (tx: Queryable) => tx.query<{ slept: string }>('SELECT pg_sleep(0.5)::text AS slept');
        expect(await failureOf(hurried.transaction(slow))).to.include({ sqlState: '57014' });
        expect((await hurried.transaction(slow, { statementMs: 30_000 })).rows).to.have.length(1);
        expect(await failureOf(hurried.transaction(slow))).to.include({ sqlState: '57014' });
        expect(await failureOf(hurried.transaction(slow, { statementMs: 100 }))).to.include({ sqlState: '57014' });
      } finally {
        await hurried.close();
      }
    });

    it('refuses statements after its end, for the connection belongs to somebody else', async () => {
      const tx = await database.transaction((inside) => Promise.resolve(inside));
      const failure = await failureOf(tx.query('INSERT INTO t (id) VALUES (1)'));
      expect((failure as Error).message).to.contain('its transaction had ended');
      expect(await ids()).to.deep.equal([]);
    });
  });

  describe('errors', () => {
    it('name a violated unique index', async () => {
      await database.query('INSERT INTO t (id) VALUES (1)');
      const failure = await failureOf(database.query('INSERT INTO t (id) VALUES (1)'));
      expect(isUniqueViolation(failure)).to.equal(true);
      expect(isUniqueViolation(failure, 't_pkey')).to.equal(true);
      expect(isUniqueViolation(failure, 'another')).to.equal(false);
      expect(failure).to.include({ sqlState: '23505', table: 't' });
    });

    it('tell a statement at fault from a database that is not there', async () => {
      const wrong = await failureOf(database.query('SELECT $1::integer', ['twelve']));
      expect(wrong).to.be.instanceOf(DatabaseRejected).and.include({ sqlState: '22P02' });
      const nowhere = openPostgres({ url: 'postgres://nobody@127.0.0.1:1/none' });
      expect(await failureOf(nowhere.query('SELECT 1'))).to.be.instanceOf(DatabaseUnavailable);
      await nowhere.close();
    });

    it('count a statement that runs too long as a fault of the system', async () => {
      expect(await failureOf(database.query('SELECT pg_sleep(30)'))).to.be.instanceOf(DatabaseUnavailable);
    });

    it('count a deadlock as a fault of the system', async () => {
      await database.query('INSERT INTO t (id, amount) VALUES (1, 0), (2, 0)');
      let arrived = 0;
      const both = async (): Promise<void> => {
        arrived += 1;
        await until('both hold a row', () => arrived === 2);
      };
      const crossing = (first: number, second: number) =>
        failureOf(
          database.transaction(async (tx) => {
            await tx.query(`SET LOCAL deadlock_timeout = '20ms'`);
            await tx.query('UPDATE t SET amount = 1 WHERE id = $1', [first]);
            await both();
            await tx.query('UPDATE t SET amount = 1 WHERE id = $1', [second]);
          }),
        );
      const failures = (await Promise.all([crossing(1, 2), crossing(2, 1)])).filter((failure) => failure !== undefined);
      expect(failures).to.have.length(1);
      expect(failures[0]).to.be.instanceOf(DatabaseUnavailable);
    });

    it('say that nobody knows when the connection dies during the commit', async () => {
      await database.query(`
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW WHEN (NEW.id = 666) EXECUTE FUNCTION die()`);
      const failure = await failureOf(database.transaction((tx) => tx.query('INSERT INTO t (id) VALUES (666)')));
      expect(failure).to.be.instanceOf(DatabaseUnavailable).and.include({ ambiguous: true });
    });
  });

  describe('a server that goes away', () => {
    it('is DatabaseUnavailable, and works again once it is back', async function () {
      this.timeout(300_000);
      await server.kill();
      expect(await failureOf(database.query('SELECT 1'))).to.be.instanceOf(DatabaseUnavailable);
      expect(await failureOf(database.transaction((tx) => tx.query('SELECT 1')))).to.be.instanceOf(DatabaseUnavailable);
      await server.start();
      await until('it answers', async () => (await failureOf(database.query('SELECT 1'))) === undefined);
    });

    it('is DatabaseUnavailable in the middle of a transaction, which leaves nothing behind', async function () {
      this.timeout(300_000);
      const failure = await failureOf(
        database.transaction(async (tx) => {
          await tx.query('INSERT INTO t (id) VALUES (1)');
          await server.kill();
          await tx.query('INSERT INTO t (id) VALUES (2)');
        }),
      );
      expect(failure).to.be.instanceOf(DatabaseUnavailable);
      await server.start();
      await until('it answers', async () => (await failureOf(database.query('SELECT 1'))) === undefined);
      expect(await ids()).to.deep.equal([]);
    });

    it('does not leave a query hanging when it is frozen', async function () {
      this.timeout(300_000);
      await server.freeze();
      const failure = await failureOf(database.query('SELECT 1'));
      await server.thaw();
      expect(failure).to.be.instanceOf(DatabaseUnavailable);
      expect((await database.query('SELECT 1 AS one')).rows).to.deep.equal([{ one: 1 }]);
    });

    it('is given up sooner by whoever has less time, and its dead connection by everybody', async function () {
      this.timeout(300_000);
      const { url } = await server.createDatabase();
      const way = await openWay(url, 5432);
      const patient = openPostgres({ url: way.url, maxConnections: 1, statementTimeoutMs: 50_000 });
      try {
        await patient.query('SELECT 1');
        way.lose();
        way.mend();
        const asked = performance.now();
        expect(await failureOf(patient.within(300).query('SELECT 1'))).to.be.instanceOf(DatabaseUnavailable);
        expect(performance.now() - asked).to.be.lessThan(20_000);
        expect((await patient.query('SELECT 1 AS one')).rows).to.deep.equal([{ one: 1 }]);
      } finally {
        await patient.close();
        await way.close();
      }
    });
  });
});
