import { isLockTimeout, type Queryable } from '../../subscriptions/ports/database.js';
import { retrying } from '../../subscriptions/retry.js';
import { Build, BuildFailed } from './build.js';
import { agrees, isTrue } from './compare.js';
import { buildParts, type Rebuildable, type RebuildOptions } from './rebuild.js';
import { positionOf, type Route, routeOf, runnerOf, schemaOf } from './routes.js';

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

const SWITCH_WITHIN_MS = 10_000;
/** While the tables are locked, everybody who reads them waits. */
const LOCKED_MS = 2_000;
/** Everybody who comes after us waits as long as we do. */
const LOCK_TIMEOUT_MS = 500;

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
