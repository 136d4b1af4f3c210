import type { Queryable } from '../../subscriptions/ports/database.js';

/** A column of a read model and its PostgreSQL type. `json` and `jsonb` values are handed over as JSON text. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'bigint' | 'json' | 'jsonb' | 'boolean' | 'timestamptz';
}

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** A statement takes 65,535 parameters at most. */
const MAX_PARAMETERS = 10_000;

/**
 * Inserts or replaces rows, many in one statement, keyed by `id` (each id once). A row that stands at the same or a later
 * `revision` stays as it is, whoever comes late.
 */
export async function upsertRows(
  transaction: Queryable,
  table: string,
  columns: readonly Column[],
  rows: readonly Row[],
): Promise<void> {
  const perStatement = Math.floor(MAX_PARAMETERS / columns.length);
  const statements: Promise<unknown>[] = [];
  // issued together: they travel in one go
  for (let first = 0; first < rows.length; first += perStatement) {
    const stretch = rows.slice(first, first + perStatement);
    statements.push(transaction.query(statement(table, columns, stretch.length), parameters(columns, stretch)));
  }
  await Promise.all(statements);
}

// a list of values, not arrays to unnest: the driver would have to escape every quote of the JSON, ten times the work
function statement(table: string, columns: readonly Column[], rows: number): string {
  const names = columns.map(({ name }) => name);
  const row = (number: number): string =>
    `(${columns.map(({ type }, index) => `$${number * columns.length + index + 1}::${type}`).join(', ')})`;
  const changes = names.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`);
  return `INSERT INTO ${table} AS kept (${names.join(', ')})
    VALUES ${Array.from({ length: rows }, (_, number) => row(number)).join(', ')}
    ON CONFLICT (id) DO UPDATE SET ${changes.join(', ')} WHERE kept.revision < excluded.revision`;
}

const parameters = (columns: readonly Column[], rows: readonly Row[]): unknown[] =>
  rows.flatMap((row) => columns.map(({ name }) => row[name] ?? null));
