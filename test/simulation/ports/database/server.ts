import { parseFirst } from 'pgsql-ast-parser';
import { programTables } from './schema.js';
import { BLOCKED, type Execution, type Plan, planOf, type Result } from './statements.js';
import type { Row, Table } from './tables.js';
import { Stored, Transaction, View } from './transaction.js';

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

/** The database itself: durable, one for everybody, READ COMMITTED with row locks, without time or faults. */
export class DatabaseServer {
  readonly #stored = new Map<Table, Stored>();
  readonly #listeners: ((table: string, rows: readonly (Row | null)[], by: string) => void)[] = [];

  constructor(private readonly now: () => number) {
    for (const table of TABLES.values()) this.#stored.set(table, new Stored(table));
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
    transaction.met = undefined;
    const execution: Execution = {
      params: [...params],
      now: transaction.now,
      rows: (table) => this.#viewOf(transaction, table),
    };
    const result = planned(sql)(execution);
    if (result !== BLOCKED) return result;
    if (!transaction.met) throw new Error('a statement waits for nobody');
    return transaction.met;
  }

  commit(transaction: Transaction): void {
    for (const view of transaction.views.values()) {
      if (view.changes.size === 0) continue;
      view.commit();
      const rows = [...view.changes.values()];
      for (const listener of this.#listeners) listener(view.stored.table.name, rows, transaction.by);
    }
    this.rollback(transaction);
  }

  rollback(transaction: Transaction): void {
    for (const view of transaction.views.values()) view.unlock();
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

  #viewOf(transaction: Transaction, table: Table): View {
    const known = transaction.views.get(table);
    if (known) return known;
    const view = new View(this.#storedOf(table), transaction);
    transaction.views.set(table, view);
    return view;
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
