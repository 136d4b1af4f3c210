import { isDeepStrictEqual } from 'node:util';
import type { Queryable } from '../../subscriptions/ports/database.js';
import type { StreamReader } from '../../subscriptions/ports/streamReader.js';
import type { DocumentTable } from '../documents/documentTable.js';
import { foldUpTo } from './documents.js';

export interface TableComparison {
  readonly table: string;
  readonly servingRows: number;
  readonly builtRows: number;
  readonly sameChecksum: boolean;
  /** Keys of rows that differ, the first ten. */
  readonly different: readonly string[];
  /** Rows that were folded from the log anew, and those among them that are not what the fold says. */
  readonly sampled: number;
  readonly wrong: readonly string[];
}

/** Two builds at one position of the log. */
export interface Comparison {
  readonly position: string;
  readonly tables: readonly TableComparison[];
  /** Streams left out because one of the two has parked events of them. */
  readonly parkedStreams: number;
}

const SAMPLES = 25;
const SUMMED_AT_ONCE = 5_000;
const SHOWN = 10;

/** Whether the build is what the log says, and what serves is the same. */
export const agrees = ({ tables }: Comparison): boolean => tables.every(({ sameChecksum }) => sameChecksum);
/** Whether what was folded anew is what was built; a build that fails this never serves. */
export const isTrue = ({ tables }: Comparison): boolean => tables.every(({ wrong }) => wrong.length === 0);

/** Compares one table of the build with the one that serves; both must stand at one position. */
export async function compareTables(
  table: DocumentTable,
  serving: Queryable,
  built: Queryable,
  schema: string,
  skipped: readonly string[],
  reader: StreamReader,
): Promise<TableComparison> {
  const skip = skipped.map((stream) => table.idOf(stream));
  const [ours, theirs] = await Promise.all([
    sumOf(serving, `public.${table.table}`, table, skip),
    sumOf(built, `${schema}.${table.table}`, table, skip),
  ]);
  const same = ours.rows === theirs.rows && ours.sum === theirs.sum;
  const different = same
    ? []
    : differing(
        await hashes(serving, `public.${table.table}`, table, skip),
        await hashes(built, `${schema}.${table.table}`, table, skip),
      );
  const samples = await sample(built, schema, table, reader);
  return {
    table: table.table,
    servingRows: ours.rows,
    builtRows: theirs.rows,
    sameChecksum: same,
    different: different.slice(0, SHOWN),
    ...samples,
  };
}

/** Streams of which either of two runners has parked events. */
export async function parkedStreams(database: Queryable, runners: readonly string[]): Promise<readonly string[]> {
  const { rows } = await database.query<{ stream: string }>(
    'SELECT DISTINCT stream FROM parked WHERE runner = ANY ($1)',
    [runners],
  );
  return rows.map(({ stream }) => stream);
}

/** Everything that clients see of a row; the state that it is made of may be written in another order of keys. */
const hashOf = ({ columns }: DocumentTable): string =>
  `hashtextextended(concat_ws('|', ${columns
    .filter(({ name }) => name !== 'state')
    .map(({ name }) => `coalesce(${name}::text, '∅')`)
    .join(', ')}), 0)`;

/** Rows and checksum of a table, in pages: one statement over all of it would outlast what a statement may take. */
async function sumOf(database: Queryable, from: string, table: DocumentTable, skip: readonly string[]) {
  let rows = 0;
  let sum = 0n;
  for (let after: string | null = ''; after !== null;) {
    const page: { rows: { rows: number; sum: string | null; last: string | null }[] } = await database.query(
      `SELECT count(*) AS rows, sum(hash)::text AS sum, max(id) AS last
       FROM (SELECT id, ${hashOf(table)}::numeric AS hash FROM ${from}
             WHERE id > $2 AND id <> ALL ($1) ORDER BY id LIMIT ${SUMMED_AT_ONCE}) AS page`,
      [skip, after],
    );
    const [found] = page.rows;
    rows += found?.rows ?? 0;
    sum += BigInt(found?.sum ?? 0);
    after = found?.rows === SUMMED_AT_ONCE ? found.last : null;
  }
  return { rows, sum };
}

async function hashes(database: Queryable, from: string, table: DocumentTable, skip: readonly string[]) {
  const { rows } = await database.query<{ id: string; hash: string }>(
    `SELECT id, ${hashOf(table)}::text AS hash FROM ${from} WHERE id <> ALL ($1)`,
    [skip],
  );
  return new Map(rows.map(({ id, hash }) => [id, hash]));
}

function differing(ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((id) => ours.get(id) !== theirs.get(id)).sort();
}

async function sample(built: Queryable, schema: string, table: DocumentTable, reader: StreamReader) {
  const { rows } = await built.query<{ id: string; revision: number; view: unknown }>(
    `SELECT id, revision, view FROM ${schema}.${table.table} ORDER BY random() LIMIT ${SAMPLES}`,
  );
  const wrong: string[] = [];
  for (const { id, revision, view } of rows) {
    const stream = table.idOf(id) === id ? id : `${table.category}-${id}`;
    const document = await foldUpTo(reader, table.category, stream, revision);
    const expected = document && table.rowOf(stream, document)?.['view'];
    if (typeof expected !== 'string' || !isDeepStrictEqual(JSON.parse(expected), view)) wrong.push(id);
  }
  return { sampled: rows.length, wrong };
}
