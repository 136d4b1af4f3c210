import { type Database, isLockTimeout, type Queryable } from '../../subscriptions/ports/database.js';
import type { EventFeed } from '../../subscriptions/ports/eventFeed.js';
import { historyOf } from '../../subscriptions/feed/history.js';
import type { LogHistory } from '../../subscriptions/ports/logHistory.js';
import type { StreamReader } from '../../subscriptions/ports/streamReader.js';
import { retrying } from '../../subscriptions/retry.js';
import type { ReadModel } from '../documents/documentTable.js';
import type { ReadModelSchema } from '../ports/readModelSchema.js';
import { Build, BuildFailed } from './build.js';
import { agrees, type Comparison, compareTables, isTrue, parkedStreams } from './compare.js';
import { patiently } from './patiently.js';
import { dropBuild, type Route, routeOf, runnerOf, schemaOf } from './routes.js';

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

/** What cannot be done now, for the person who asked. Nothing of what serves has changed. */
export class RebuildRefused extends Error {
  override readonly name = 'RebuildRefused';

  constructor(
    readonly why: 'no-build' | 'not-finished' | 'untrue' | 'differs' | 'not-caught-up' | 'changed-meanwhile',
    message: string,
  ) {
    super(message);
  }
}

const isIndex = (statement: string): boolean => /^\s*CREATE\s+(UNIQUE\s+)?INDEX/i.test(statement);
/** So far behind what serves, the build is compared at once: what is left takes less than a moment. */
const CLOSE_EVENTS = 2_000;
const SWITCH_WITHIN_MS = 10_000;
/** While the tables are locked, everybody who reads them waits. */
const LOCKED_MS = 2_000;
/** Everybody who comes after us waits as long as we do. */
const LOCK_TIMEOUT_MS = 500;

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

/**
 * Lets another build serve, in one transaction: while nobody can write what serves, the other one is brought to the very same
 * event, the tables change places, and so do checkpoints and parked events. Nobody ever reads anything older than before.
 * @throws RebuildRefused when there is none, when it is not finished, when it is not what it must be, or when it could not
 * catch up in time
 */
export async function switchTo(
  options: RebuildOptions,
  which: 'next' | 'previous',
  acceptDifferences: boolean,
): Promise<Route> {
  const { what, database, switchWithinMs = SWITCH_WITHIN_MS } = options;
  const route = await routeOf(database, what.name);
  const build = which === 'next' ? allowed(route, acceptDifferences) : route.previous;
  if (build === null) throw new RebuildRefused('no-build', `${what.name} has no build that served before`);
  const late = AbortSignal.timeout(switchWithinMs);
  const signal = AbortSignal.any([options.signal, late]);
  try {
    const building = await Build.begin({ ...options, ...buildParts(options, build), signal });
    try {
      await retrying(() => changePlaces(options, building, route, build), {
        firstDelayMs: 100,
        maxDelayMs: 1_000,
        signal,
        shouldRetry: (error) => isLockTimeout(error) || (error instanceof BuildFailed && !signal.aborted),
      });
    } finally {
      await building.end();
    }
  } catch (error) {
    if (!late.aborted || !(error instanceof BuildFailed || isLockTimeout(error))) throw error;
    throw new RebuildRefused(
      'not-caught-up',
      `build ${build} of ${what.name} did not catch up with the one that serves within ${switchWithinMs / 1_000} s: try again when there is less to do`,
    );
  }
  return await routeOf(database, what.name);
}

/** @throws BuildFailed when the build could not be brought to the last event while the tables were locked */
async function changePlaces(
  { what, database }: RebuildOptions,
  building: Build,
  route: Route,
  build: number,
): Promise<void> {
  const near = await positionOf(database, what.readModel.name);
  if (near !== null) await building.advanceTo(near);
  await database.transaction(async (transaction) => {
    await transaction.query(`SET LOCAL lock_timeout TO ${LOCK_TIMEOUT_MS}`);
    const tables = what.readModel.tables.map(({ table }) => table);
    await transaction.query(
      `LOCK TABLE ${tables.map((table) => `public.${table}`).join(', ')} IN ACCESS EXCLUSIVE MODE`,
    );
    const position = await positionOf(transaction, what.readModel.name);
    if (position !== null) await building.advanceTo(position, AbortSignal.timeout(LOCKED_MS));
    await exchange(transaction, what, route, build);
  });
}

function allowed({ name, next, state, checked }: Route, acceptDifferences: boolean): number {
  if (next === null) throw new RebuildRefused('no-build', `${name} has no other build: rebuild it first`);
  if (state !== 'ready' || !checked)
    throw new RebuildRefused('not-finished', `build ${next} of ${name} is not finished: rebuild goes on with it`);
  if (!isTrue(checked))
    throw new RebuildRefused('untrue', `build ${next} of ${name} is not what the log says: it must not serve`);
  if (!agrees(checked) && !acceptDifferences)
    throw new RebuildRefused(
      'differs',
      `build ${next} of ${name} differs from the one that serves: look at the comparison, and accept the differences if the new build is right`,
    );
  return next;
}

async function exchange(
  transaction: Queryable,
  { name, readModel }: Rebuildable,
  route: Route,
  build: number,
): Promise<void> {
  const { rows } = await transaction.query<Pick<Route, 'serving' | 'previous' | 'next'>>(
    'SELECT serving, previous, next FROM projection_routes WHERE name = $1 FOR UPDATE',
    [name],
  );
  const now = rows[0];
  if (now?.serving !== route.serving || (now.next !== build && now.previous !== build)) {
    throw new RebuildRefused('changed-meanwhile', `somebody else changed the builds of ${name} at this moment`);
  }
  const old = schemaOf(name, route.serving);
  const fresh = schemaOf(name, build);
  await transaction.query(`CREATE SCHEMA IF NOT EXISTS ${old}`);
  for (const { table } of readModel.tables) {
    await transaction.query(`ALTER TABLE public.${table} SET SCHEMA ${old}`);
    await transaction.query(`ALTER TABLE ${fresh}.${table} SET SCHEMA public`);
  }
  await transaction.query(`DROP SCHEMA ${fresh}`);
  const serving = readModel.name;
  const oldRunner = runnerOf(name, route.serving);
  await transaction.query(
    `INSERT INTO checkpoints (name, position, epoch, as_of) SELECT $2, position, 1, as_of FROM checkpoints WHERE name = $1`,
    [serving, oldRunner],
  );
  // both stand at one position; whoever runs the read model begins anew, with the memory of what serves now
  await transaction.query(
    'UPDATE checkpoints SET epoch = epoch + 1, owner = NULL, lease_until = NULL WHERE name = $1',
    [serving],
  );
  await transaction.query('DELETE FROM checkpoints WHERE name = $1', [runnerOf(name, build)]);
  await transaction.query('UPDATE parked SET runner = $2 WHERE runner = $1', [serving, oldRunner]);
  await transaction.query('UPDATE parked SET runner = $2 WHERE runner = $1', [runnerOf(name, build), serving]);
  await transaction.query(
    `UPDATE projection_routes SET serving = $2, previous = $3, next = NULLIF(next, $2), checked = NULL,
       state = CASE WHEN next = $2 OR next IS NULL THEN 'idle' ELSE state END, updated_at = now() WHERE name = $1`,
    [name, build, route.serving],
  );
}

const buildParts = ({ what, feed, history = historyOf(feed) }: RebuildOptions, build: number) => ({
  history,
  readModel: what.readModel,
  runner: runnerOf(what.name, build),
  schema: schemaOf(what.name, build),
});

/** Up to where a runner has come; null: nowhere yet. */
export async function positionOf(database: Queryable, runner: string): Promise<bigint | null> {
  const { rows } = await database.query<{ position: string | null }>(
    'SELECT position FROM checkpoints WHERE name = $1',
    [runner],
  );
  const position = rows[0]?.position;
  return position == null ? null : BigInt(position);
}
