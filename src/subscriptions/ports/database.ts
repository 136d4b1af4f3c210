/**
 * The relational database as Comanda uses it: parametrised statements and transactions, nothing of the driver.
 *
 * How values travel (PostgreSQL types):
 * - `bigint` and `count(*)` arrive as `number`; a value beyond ±(2^53 − 1) fails the query with `DatabaseRejected`
 *   rather than arriving rounded. Money, revisions and counters are safe integers by rule.
 * - `numeric` arrives as `string`. Positions in the log may grow beyond 2^53, so they are `numeric(20,0)` columns and
 *   strings in the program; compare them in SQL or as BigInt, never as text.
 * - `timestamptz` arrives as `Date`, `jsonb` parsed. A parameter for a `jsonb` column is passed as JSON text.
 */
export interface Queryable {
  /**
   * Runs one statement with `$1…` parameters.
   * @throws DatabaseUnavailable when the same statement may succeed later.
   * @throws DatabaseRejected when the statement or its data is at fault.
   */
  query<R extends object = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<QueryResult<R>>;
}

export interface QueryResult<R> {
  readonly rows: R[];
  /** Rows returned or, for a write, rows affected. */
  readonly rowCount: number;
}

export interface Database extends Queryable {
  /**
   * Runs `work` inside one READ COMMITTED transaction: commits when it resolves, rolls back and rethrows when it throws.
   * When the connection dies during the commit itself, nobody knows whether it took place: `DatabaseUnavailable` with
   * `ambiguous` true. Whoever repeats then must be idempotent, or compare a checkpoint first.
   * @param patience where its statements may take longer than usual
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>, patience?: Patience): Promise<T>;
}

/** What nobody waits for may take its time, in a database where statements usually may not. */
export interface Patience {
  /** How long each statement may take, in whole milliseconds. */
  readonly statementMs: number;
}

/** The database cannot be reached, refuses connections, was too slow or gave up a deadlock: trying again may help. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  /** Marks a fault of the system, as `isSystemFault` understands it. */
  readonly isSystemFault = true;
  readonly ambiguous: boolean;
  /** What the server said, where it said something. */
  readonly sqlState: string | undefined;

  constructor(message: string, options: { cause?: unknown; ambiguous?: boolean; sqlState?: string } = {}) {
    super(message, { cause: options.cause });
    this.ambiguous = options.ambiguous ?? false;
    this.sqlState = options.sqlState;
  }
}

/** The statement or its data is at fault; repeating it changes nothing. `sqlState` as in PostgreSQL's appendix A. */
export class DatabaseRejected extends Error {
  override readonly name = 'DatabaseRejected';
  readonly sqlState: string;
  readonly constraint: string | undefined;
  readonly table: string | undefined;

  constructor(
    message: string,
    options: {
      sqlState: string;
      constraint?: string | undefined;
      table?: string | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.sqlState = options.sqlState;
    this.constraint = options.constraint;
    this.table = options.table;
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

/** Whether a lock was not to be had within `lock_timeout`, because others hold it. */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable && error.sqlState === LOCK_NOT_AVAILABLE;

const UNIQUE_VIOLATION = '23505';

/** Whether a row met a unique index that already held its key (SQLSTATE 23505), of that constraint if one is named. */
export const isUniqueViolation = (error: unknown, constraint?: string): error is DatabaseRejected =>
  error instanceof DatabaseRejected &&
  error.sqlState === UNIQUE_VIOLATION &&
  (constraint === undefined || error.constraint === constraint);
