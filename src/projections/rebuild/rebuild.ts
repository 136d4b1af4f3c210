import type { Database } from '../../subscriptions/ports/database.js';
import type { EventFeed } from '../../subscriptions/ports/eventFeed.js';
import { historyOf } from '../../subscriptions/feed/history.js';
import type { LogHistory } from '../../subscriptions/ports/logHistory.js';
import type { StreamReader } from '../../subscriptions/ports/streamReader.js';
import type { ReadModel } from '../documents/documentTable.js';
import type { ReadModelSchema } from '../ports/readModelSchema.js';
import { Build } from './build.js';
import { type Comparison, compareTables, parkedStreams } from './compare.js';
import { patiently } from './patiently.js';
import { dropBuild, positionOf, type Route, routeOf, runnerOf, schemaOf } from './routes.js';

/** A read model with the statements that make its tables. */
export interface Rebuildable {
  /** As operators call it: `order_view`. */
  readonly name: string;
  readonly schema: ReadModelSchema;
  readonly readModel: ReadModel;
}

export interface RebuildOptions {
  readonly what: Rebuildable;
  readonly database: Database;
  readonly feed: EventFeed;
  /** How the log is read; default: by subscriptions of the feed. */
  readonly history?: LogHistory;
  readonly reader: StreamReader;
  readonly owner: string;
  readonly park: boolean;
  readonly rate?: number;
  /** Events of one transaction at most. */
  readonly batchSize?: number;
  /** How long a switch may take to catch up and to get hold of the tables, in milliseconds; default 10,000. */
  readonly switchWithinMs?: number;
  /** Hears how many events were read and up to which position, out of the last one that is to be read. */
  readonly progress?: (read: number, position: bigint, upTo: bigint) => void;
  readonly signal: AbortSignal;
}

const isIndex = (statement: string): boolean => /^\s*CREATE\s+(UNIQUE\s+)?INDEX/i.test(statement);
/** So far behind what serves, the build is compared at once: what is left takes less than a moment. */
const CLOSE_EVENTS = 2_000;
/**
 * Makes the next build of a read model beside the one that serves, up to where that one stands, and compares the two. Goes on
 * with a build that was interrupted. Only rows are made: nothing is published and no command is issued.
 */
export async function rebuild(options: RebuildOptions): Promise<Route> {
  const { what, database, signal } = options;
  const build = await prepare(database, what);
  const schema = schemaOf(what.name, build);
  const building = await Build.begin({ ...options, ...buildParts(options, build), signal });
  try {
    for (let read = CLOSE_EVENTS; read >= CLOSE_EVENTS;) {
      const upTo = await positionOf(database, what.readModel.name);
      if (upTo === null) break;
      read = await building.advanceTo(upTo);
    }
    await patiently(database, async (transaction) => {
      await transaction.query(`SET LOCAL search_path TO ${schema}, public`);
      for (const statement of what.schema.statements.filter(isIndex)) {
        await transaction.query(statement.replace(/INDEX/i, 'INDEX IF NOT EXISTS'));
      }
    });
    const checked = await compare(options, building, build);
    await database.query(
      `UPDATE projection_routes SET state = 'ready', checked = $2, updated_at = now() WHERE name = $1 AND next = $3`,
      [what.name, JSON.stringify(checked), build],
    );
    return await routeOf(database, what.name);
  } finally {
    await building.end();
  }
}

/** Drops what an earlier rebuild left behind unfinished or unused. */
export async function abandon(database: Database, name: string): Promise<void> {
  const route = await routeOf(database, name);
  await database.transaction(async (transaction) => {
    if (route.next !== null) await dropBuild(transaction, name, route.next);
    await transaction.query(
      `UPDATE projection_routes SET next = NULL, checked = NULL, state = 'idle' WHERE name = $1`,
      [name],
    );
  });
}

async function prepare(database: Database, { name, schema, readModel }: Rebuildable): Promise<number> {
  const route = await routeOf(database, name);
  if (route.next !== null) return route.next;
  const build = Math.max(route.serving, route.previous ?? 0) + 1;
  await database.transaction(async (transaction) => {
    // one way back is enough: the older build makes place
    if (route.previous !== null) await dropBuild(transaction, name, route.previous);
    await transaction.query(`CREATE SCHEMA ${schemaOf(name, build)}`);
    await transaction.query(`SET LOCAL search_path TO ${schemaOf(name, build)}, public`);
    for (const statement of schema.statements.filter((candidate) => !isIndex(candidate)))
      await transaction.query(statement);
    for (const { table } of readModel.tables)
      await transaction.query(`SELECT 1 FROM ${schemaOf(name, build)}.${table}`);
    await transaction.query(
      `UPDATE projection_routes SET next = $2, previous = NULL, state = 'building', checked = NULL, updated_at = now()
       WHERE name = $1`,
      [name, build],
    );
  });
  return build;
}

/** Both builds at one and the same position: what serves as a snapshot sees it, the other one brought exactly there. */
async function compare(
  { database, what, reader }: RebuildOptions,
  building: Build,
  build: number,
): Promise<Comparison> {
  const { name } = what.readModel;
  const schema = schemaOf(what.name, build);
  return await patiently(database, async (snapshot) => {
    await snapshot.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const position = await positionOf(snapshot, name);
    if (position !== null) await building.advanceTo(position);
    const skipped = await parkedStreams(database, [name, runnerOf(what.name, build)]);
    const tables = await patiently(database, async (built) => {
      const compared = [];
      for (const table of what.readModel.tables) {
        compared.push(await compareTables(table, snapshot, built, schema, skipped, reader));
      }
      return compared;
    });
    return { position: String(position ?? ''), tables, parkedStreams: skipped.length };
  });
}

/** The parts of a build that come from what was asked. */
export const buildParts = ({ what, feed, history = historyOf(feed) }: RebuildOptions, build: number) => ({
  history,
  readModel: what.readModel,
  runner: runnerOf(what.name, build),
  schema: schemaOf(what.name, build),
});
