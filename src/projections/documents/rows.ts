import type { Queryable } from '../../subscriptions/ports/database.js';

/** A column of a read model and its PostgreSQL type. `json` values are handed over as JSON text. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'bigint' | 'json' | 'timestamptz';
}

export type Row = Readonly<Record<string, string | number | null>>;

/**
 * Inserts or replaces rows in one statement, keyed by `id`. A row that stands at the same or a later `revision` stays as it
 * is, whoever comes late.
 */
export async function upsertRows(
  transaction: Queryable,
  table: string,
  columns: readonly Column[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = columns.map(({ name }) => name);
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`);
  const changes = names.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`);
  await transaction.query(
    `INSERT INTO ${table} AS kept (${names.join(', ')})
     SELECT * FROM unnest(${arrays.join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${changes.join(', ')} WHERE kept.revision < excluded.revision`,
    names.map((name) => rows.map((row) => row[name] ?? null)),
  );
}
