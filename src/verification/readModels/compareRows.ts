import type { DocumentTable } from '../../projections/documents/documentTable.js';
import type { Column, Row } from '../../projections/documents/rows.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import type { Finding } from '../difference.js';
import type { Streams } from '../streams.js';
import type { AsOf } from './asOf.js';
import { unlike } from './unlike.js';

type StoredRow = Readonly<Record<string, unknown>> & { readonly id: string };

const PAGE = 1_000;

const isJson = (type: Column['type']): boolean => type === 'json' || type === 'jsonb';

/** Every row of a table in pages, each asked for while the one before is compared; JSON as the text that was written. */
async function* pagesOf(
  database: Queryable,
  { table, columns }: DocumentTable,
): AsyncGenerator<readonly StoredRow[], void> {
  const selected = columns.map(({ name, type }) => (isJson(type) ? `${name}::text AS ${name}` : name)).join(', ');
  const page = async (after?: string): Promise<readonly StoredRow[]> => {
    const [where, parameters] = after === undefined ? ['', []] : ['WHERE id > $1', [after]];
    const { rows } = await database.query<StoredRow>(
      `SELECT ${selected} FROM ${table} ${where} ORDER BY id LIMIT ${PAGE}`,
      parameters,
    );
    return rows;
  };
  for (let next: Promise<readonly StoredRow[]> | undefined = page(); next;) {
    const rows: readonly StoredRow[] = await next;
    next = rows.length < PAGE ? undefined : page(rows.at(-1)?.id);
    // a page that failed is found out about when it is waited for
    next?.catch(() => undefined);
    yield rows;
  }
}

/** Values of a column in a form in which equal means the same. */
function plain(type: Column['type'], value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'timestamptz') return new Date(value as string | Date).toISOString();
  return isJson(type) ? (JSON.parse(value as string) as unknown) : value;
}

/** Whether a value is told apart by nothing: text as it was written is nearly always the very same. */
function isSame(type: Column['type'], expected: unknown, found: unknown): boolean {
  if (expected === found) return true;
  return type === 'timestamptz' && found instanceof Date && Date.parse(String(expected)) === found.getTime();
}

function* compareRow(
  { table, columns }: DocumentTable,
  expected: Row,
  found: StoredRow,
): Generator<Finding, void, undefined> {
  for (const { name, type } of columns) {
    if (isSame(type, expected[name], found[name])) continue;
    for (const place of unlike(plain(type, expected[name]), plain(type, found[name]))) {
      const path = place.path === '' ? name : isJson(type) ? `${name}.${place.path}`.replace('.[', '[') : place.path;
      yield {
        where: `${table} ${found.id}`,
        text: `${path} is not what the log says`,
        expected: place.expected,
        found: place.found,
      };
    }
  }
}

/**
 * Compares every row of a read model's table with the stream that it stands for, and looks for rows that are missing or
 * stand for nothing.
 *
 * @param skip streams whose events are parked: their rows stand still on purpose
 * @param count told of every row that was compared
 */
export async function* compareTable(
  database: Queryable,
  table: DocumentTable,
  streams: Streams,
  asOf: AsOf,
  skip: ReadonlySet<string>,
  count: () => void,
): AsyncGenerator<Finding, void> {
  const unseen = new Map<string, string>();
  for (const stream of streams.ofCategory(table.category).keys()) unseen.set(table.idOf(stream), stream);
  for await (const rows of pagesOf(database, table)) {
    for (const row of rows) {
      count();
      const stream = unseen.get(row.id);
      unseen.delete(row.id);
      if (stream !== undefined && skip.has(stream)) continue;
      const document = stream === undefined ? undefined : asOf.get(stream, streams);
      const expected = stream !== undefined && document ? table.rowOf(stream, document) : undefined;
      if (expected) yield* compareRow(table, expected, row);
      else yield { where: `${table.table} ${row.id}`, text: 'the row stands for nothing that the log knows' };
    }
  }
  for (const [id, stream] of unseen) {
    const document = asOf.get(stream, streams);
    if (skip.has(stream) || !document || !table.rowOf(stream, document)) continue;
    yield { where: `${table.table} ${id}`, text: `the row of ${stream} is missing` };
  }
}
