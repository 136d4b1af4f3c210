import { parseFirst } from 'pgsql-ast-parser';
import { programTables } from './schema.js';
import { BLOCKED, type Execution, type Plan, planOf, type Result, type Rows } from './statements.js';
import { keyOf, type Row, type Table } from './tables.js';

// what statements come to does not differ between runs
const TABLES = await programTables();
const plans = new Map<string, Plan>();

const planned = (sql: string): Plan => {
  const known = plans.get(sql);
  if (known) return known;
  const plan = planOf(parseFirst(sql), TABLES);
  plans.set(sql, plan);
  return plan;
};

/** What a transaction has changed: by table and primary key, null where the row is gone. */
type Changes = Map<Table, Map<string, Row | null>>;

/** One transaction; its changes are seen by others when it commits. */
export class Transaction {
  readonly changes: Changes = new Map();
  readonly locks = new Set<string>();
  ended = false;
  /** A statement failed: nothing but a rollback follows. */
  failed = false;
  /** When it began; the time of all its statements. */
  readonly #waiters: (() => void)[] = [];
  blockedBy: Transaction | undefined;

  /** @param by the process, as it names itself in lease rows */
  constructor(
    readonly now: number,
    readonly by: string,
  ) {}

  onEnd(run: () => void): void {
    if (this.ended) run();
    else this.#waiters.push(run);
  }

  end(): void {
    this.ended = true;
    for (const run of this.#waiters.splice(0)) run();
  }
}

/** A table's rows by primary key. */
class Stored {
  readonly rows = new Map<string, Row>();
  numbers = 0;
}

/** The database itself: durable, one for everybody, READ COMMITTED with row locks, without time or faults. */
export class DatabaseServer {
  readonly #stored = new Map<Table, Stored>();
  readonly #locks = new Map<string, Transaction>();
  readonly #listeners: ((table: string, rows: readonly (Row | null)[], by: string) => void)[] = [];

  constructor(private readonly now: () => number) {
    for (const table of TABLES.values()) this.#stored.set(table, new Stored());
  }

  /** Told of every row that a commit writes. */
  onCommit(listener: (table: string, rows: readonly (Row | null)[], by: string) => void): void {
    this.#listeners.push(listener);
  }

  begin(by: string): Transaction {
    return new Transaction(this.now(), by);
  }

  /**
   * Executes one statement in a transaction.
   * @returns the result, or the transaction that it has to wait for
   * @throws DatabaseRejected
   */
  execute(transaction: Transaction, sql: string, params: readonly unknown[]): Result | Transaction {
    let blocker: Transaction | undefined;
    const execution: Execution = {
      params: [...params],
      now: transaction.now,
      rows: (table) => this.#rows(transaction, table, (by) => (blocker = by)),
    };
    const result = planned(sql)(execution);
    if (result !== BLOCKED) return result;
    if (!blocker) throw new Error('a statement waits for nobody');
    return blocker;
  }

  commit(transaction: Transaction): void {
    for (const [table, changes] of transaction.changes) {
      const stored = this.#storedOf(table);
      for (const [key, row] of changes) {
        if (row) stored.rows.set(key, row);
        else stored.rows.delete(key);
      }
      for (const listener of this.#listeners) listener(table.name, [...changes.values()], transaction.by);
    }
    this.rollback(transaction);
  }

  rollback(transaction: Transaction): void {
    transaction.changes.clear();
    for (const lock of transaction.locks) this.#locks.delete(lock);
    transaction.end();
  }

  /** Committed rows, as objects by column name, for whoever checks. */
  committed(name: string): readonly Record<string, unknown>[] {
    const table = TABLES.get(name);
    if (!table) throw new Error(`there is no table ${name}`);
    return [...this.#storedOf(table).rows.values()].map((row) => namedValues(table, row));
  }

  #storedOf(table: Table): Stored {
    const stored = this.#stored.get(table);
    if (!stored) throw new Error(`there is no table ${table.name}`);
    return stored;
  }

  #rows(transaction: Transaction, table: Table, blocked: (by: Transaction) => void): Rows {
    const stored = this.#storedOf(table);
    const [primary = []] = table.unique;
    const idOf = (row: Row): string => keyOf(primary, row) ?? '';
    const own = transaction.changes.get(table);
    const visible = (key: string): Row | undefined => {
      const changed = own?.get(key);
      return changed === undefined ? stored.rows.get(key) : (changed ?? undefined);
    };
    const put = (key: string, row: Row | null): void => {
      const changes = transaction.changes.get(table) ?? new Map<string, Row | null>();
      transaction.changes.set(table, changes);
      changes.set(key, row);
      const lock = `${table.name}/${key}`;
      transaction.locks.add(lock);
      this.#locks.set(lock, transaction);
    };
    return {
      visible: function* () {
        for (const [key, row] of stored.rows) {
          const changed = own?.get(key);
          if (changed === undefined) yield row;
          else if (changed) yield changed;
        }
        for (const [key, row] of own ?? []) if (row && !stored.rows.has(key)) yield row;
      },
      byKey: visible,
      meeting: (row) => {
        const same = transaction.changes.get(table)?.get(idOf(row)) ?? visible(idOf(row));
        if (same) return same;
        for (const columns of table.unique.slice(1)) {
          const key = keyOf(columns, row);
          if (key === undefined) continue;
          for (const other of stored.rows.values()) if (keyOf(columns, other) === key) return other;
        }
        return undefined;
      },
      isLocked: (row) => {
        const holder = this.#locks.get(`${table.name}/${idOf(row)}`);
        if (!holder || holder === transaction) return false;
        blocked(holder);
        return true;
      },
      put: (row) => put(idOf(row), row.slice(0, table.columns.length)),
      remove: (row) => put(idOf(row), null),
      nextNumber: () => (stored.numbers += 1),
    };
  }
}

function namedValues({ columns }: Table, row: Row): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const [index, { name }] of columns.entries()) named[name] = row[index];
  return named;
}

/** A committed row by column name; undefined for a table that the program does not have. */
export function rowOf(name: string, row: Row): Record<string, unknown> {
  const table = TABLES.get(name);
  if (!table) throw new Error(`there is no table ${name}`);
  return namedValues(table, row);
}
