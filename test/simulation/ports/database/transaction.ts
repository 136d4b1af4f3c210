import type { Rows } from './statements.js';
import { keyOf, type Row, type Table } from './tables.js';

/** One transaction; its changes are seen by others when it commits. */
export class Transaction {
  /** What it sees of the tables that it has to do with, and has changed in them. */
  readonly views = new Map<Table, View>();
  ended = false;
  /** A statement failed: nothing but a rollback follows. */
  failed = false;
  blockedBy: Transaction | undefined;
  /** Whose lock the statement under way has met. */
  met: Transaction | undefined;
  readonly #waiters: (() => void)[] = [];

  /**
   * @param now when it began; the time of all its statements
   * @param by the process, as it names itself in lease rows
   */
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

/** A table's rows by primary key, and who has a lock on which. */
export class Stored {
  readonly rows = new Map<string, Row>();
  readonly locks = new Map<string, Transaction>();
  numbers = 0;

  constructor(readonly table: Table) {}
}

/** One table as a transaction sees it. */
export class View implements Rows {
  /** By primary key; null where the row is gone. */
  readonly changes = new Map<string, Row | null>();
  readonly #primary: readonly number[];

  constructor(
    readonly stored: Stored,
    private readonly transaction: Transaction,
  ) {
    this.#primary = stored.table.unique[0] ?? [];
  }

  visible(): Iterable<Row> {
    return this.changes.size === 0 ? this.stored.rows.values() : this.#changed();
  }

  *#changed(): Iterable<Row> {
    const { rows } = this.stored;
    for (const [key, row] of rows) {
      const changed = this.changes.get(key);
      if (changed === undefined) yield row;
      else if (changed) yield changed;
    }
    for (const [key, row] of this.changes) if (row && !rows.has(key)) yield row;
  }

  byKey(key: string): Row | undefined {
    const changed = this.changes.get(key);
    return changed === undefined ? this.stored.rows.get(key) : (changed ?? undefined);
  }

  meeting(row: Row): Row | undefined {
    const same = this.byKey(this.#keyOf(row));
    if (same) return same;
    const { table, rows } = this.stored;
    for (const columns of table.unique.slice(1)) {
      const key = keyOf(columns, row);
      if (key === undefined) continue;
      for (const other of rows.values()) if (keyOf(columns, other) === key) return other;
    }
    return undefined;
  }

  isLocked(row: Row): boolean {
    const { locks } = this.stored;
    if (locks.size === 0) return false;
    const holder = locks.get(this.#keyOf(row));
    if (!holder || holder === this.transaction) return false;
    this.transaction.met = holder;
    return true;
  }

  put(row: Row): void {
    const { length } = this.stored.table.columns;
    this.#change(this.#keyOf(row), row.length > length ? row.slice(0, length) : row);
  }

  remove(row: Row): void {
    this.#change(this.#keyOf(row), null);
  }

  nextNumber(): number {
    return (this.stored.numbers += 1);
  }

  /** What was changed is there for everybody. */
  commit(): void {
    const { rows } = this.stored;
    for (const [key, row] of this.changes) {
      if (row) rows.set(key, row);
      else rows.delete(key);
    }
  }

  /** Nobody has to wait any more for what was changed. */
  unlock(): void {
    for (const key of this.changes.keys()) this.stored.locks.delete(key);
    this.changes.clear();
  }

  #change(key: string, row: Row | null): void {
    this.changes.set(key, row);
    this.stored.locks.set(key, this.transaction);
  }

  #keyOf(row: Row): string {
    return keyOf(this.#primary, row) ?? '';
  }
}
