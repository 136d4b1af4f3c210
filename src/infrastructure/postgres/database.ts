import pg from 'pg';
import { DatabaseRejected, DatabaseUnavailable } from '../../subscriptions/ports/database.js';
import type { Database, Patience, Queryable, QueryResult } from '../../subscriptions/ports/database.js';
import { toDatabaseError } from './errors.js';
import { columnTypes } from './types.js';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, as libpq understands it. */
  readonly url: string;
  /** Connections at most; default 10. */
  readonly maxConnections?: number;
  /** The server gives up a statement after this many milliseconds; default 30,000. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a connection, a free one of the pool or a new one, in milliseconds; default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Shown in `pg_stat_activity`; default `comanda`. */
  readonly applicationName?: string;
  /** Hears of connections that die while nobody uses them; the pool replaces them by itself. */
  readonly onConnectionLost?: (error: Error) => void;
}

export interface PostgresDatabase extends Database {
  /**
   * The same connections for statements that are worth nothing later: whoever waits for one is told after so many milliseconds
   * that the database does not answer, and its connection is given up, whatever the server may still do with it.
   */
  within(milliseconds: number): Queryable;
  /** For libraries that bring their own SQL and need the driver's pool. Its rows are decoded as ours are. */
  readonly pool: pg.Pool;
  /** Waits for what is running and closes all connections. Safe to call twice. */
  close(): Promise<void>;
}

/** A frozen server never answers and never times out by itself: the client gives up this much later than the server should. */
const CLIENT_GRACE_MS = 5_000;
/** Between the statements of a transaction nothing outside is waited for, so this is a sign of a process that stands still. */
const IDLE_IN_TRANSACTION_MS = 5_000;

/** The driver takes the limit with each statement; in pipeline mode it destroys the connection of one that is over it. */
interface OwnLimit {
  readonly query_timeout?: number;
}

const resultOf = <R extends object>(result: pg.QueryResult): QueryResult<R> => ({
  rows: result.rows as R[],
  rowCount: result.rowCount ?? 0,
});

/**
 * Opens a pool on one database. Nothing connects before the first query, so an unreachable server shows there, as
 * `DatabaseUnavailable`. Statements of one transaction that are issued without waiting for each other travel in one go
 * (the driver's pipeline mode), in the order they were issued.
 */
export const openPostgres = (options: PostgresOptions): PostgresDatabase => {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const settings: pg.PoolConfig & { pipeline: boolean } = {
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: statementTimeoutMs,
    // a process that is frozen, or whose machine is gone, must not keep the rows of its last transaction locked
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: statementTimeoutMs + CLIENT_GRACE_MS,
    application_name: options.applicationName ?? 'comanda',
    keepAlive: true,
    pipeline: true,
    types: columnTypes,
  };
  const pool = new pg.Pool(settings);
  let closing: Promise<void> | undefined;
  pool.on('error', (error) => {
    // the pool says that it is closed a moment before its connections are
    if (closing === undefined) options.onConnectionLost?.(error);
  });

  const queryable = (limit: OwnLimit): Queryable => ({
    query: async <R extends object>(sql: string, params: readonly unknown[] = []) => {
      try {
        return resultOf<R>(await pool.query({ text: sql, values: [...params], ...limit }));
      } catch (error) {
        throw toDatabaseError(error);
      }
    },
  });

  return {
    ...queryable({}),
    within: (milliseconds) => queryable({ query_timeout: milliseconds }),
    pool,
    transaction: async (work, patience) => {
      const client = await connect(pool);
      return await inTransaction(client, work, patience);
    },
    close: () => (closing ??= pool.end()),
  };
};

const connect = async (pool: pg.Pool): Promise<pg.PoolClient> => {
  try {
    return await pool.connect();
  } catch (error) {
    throw toDatabaseError(error);
  }
};

const inTransaction = async <T>(
  client: pg.PoolClient,
  work: (tx: Queryable) => Promise<T>,
  patience: Patience | undefined,
): Promise<T> => {
  const limit: OwnLimit = patience ? { query_timeout: patience.statementMs + CLIENT_GRACE_MS } : {};
  let lost: Error | undefined;
  const onLost = (error: Error) => (lost = error);
  client.on('error', onLost);
  let open = true;
  const tx: Queryable = {
    query: async <R extends object>(sql: string, params: readonly unknown[] = []) => {
      // the connection belongs to somebody else by then
      if (!open) throw new Error('a statement was issued after its transaction had ended');
      try {
        return resultOf<R>(await client.query({ text: sql, values: [...params], ...limit }));
      } catch (error) {
        throw toDatabaseError(error);
      }
    },
  };
  try {
    // not awaited: what begins it travels together with the first statement
    const begun = Promise.all([
      client.query('BEGIN'),
      ...(patience ? [client.query(`SET LOCAL statement_timeout TO ${patience.statementMs}`)] : []),
    ]);
    begun.catch(() => undefined);
    const result = await work(tx);
    await begun.catch((error: unknown) => {
      throw toDatabaseError(error);
    });
    open = false;
    await commit(client);
    return result;
  } catch (error) {
    open = false;
    await client.query('ROLLBACK').catch((failed: unknown) => (lost ??= failed as Error));
    throw error;
  } finally {
    client.off('error', onLost);
    // a connection whose state is unknown must not return to the pool
    client.release(lost);
  }
};

/** A refusal (a deferred constraint, a conflict) is an answer; whatever takes the connection away is none. */
const endsConnection = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || /^(57P0|08)/.test(error.code ?? '');

const IN_FAILED_TRANSACTION = '25P02';

const commit = async (client: pg.PoolClient): Promise<void> => {
  let answer: pg.QueryResult;
  try {
    answer = await client.query('COMMIT');
  } catch (error) {
    const fault = toDatabaseError(error);
    if (!endsConnection(error)) throw fault;
    throw new DatabaseUnavailable(`${fault.message} while committing`, { cause: error, ambiguous: true });
  }
  // PostgreSQL answers COMMIT with ROLLBACK when a statement failed before and its error was swallowed
  if (answer.command === 'ROLLBACK') {
    throw new DatabaseRejected('PostgreSQL: the transaction was rolled back because a statement in it had failed', {
      sqlState: IN_FAILED_TRANSACTION,
    });
  }
};
