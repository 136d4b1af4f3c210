import type { Database } from '../../subscriptions/ports/database.js';
import { pause } from '../../subscriptions/wait.js';
import { startWorkLoop, type WorkLoop } from '../../subscriptions/workLoop.js';
import { describeFault, LeaseLost } from '../../subscriptions/faults.js';
import { isSystemFault } from '../../subscriptions/systemFault.js';
import { abandon, rebuild, type Rebuildable, type RebuildOptions } from './rebuild.js';
import { type AskedRebuild, routeOf } from './routes.js';

export interface AskedRebuildsOptions extends Omit<RebuildOptions, 'what' | 'signal' | 'park' | 'rate' | 'progress'> {
  readonly rebuildables: readonly Rebuildable[];
  /** Hears of faults of the systems; the rebuild goes on when they are over. */
  readonly failed: (error: unknown) => void;
  /** How long a claim counts without a sign of life, in milliseconds; default 10,000. */
  readonly claimMs?: number;
  readonly lookEveryMs?: number;
}

interface Claimed {
  readonly what: Rebuildable;
  readonly asked: AskedRebuild;
}

const CLAIM_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
const AFTER_A_FAULT_MS = 1_000;
/** It shares a process with what serves: small batches let others have their turn. */
const BATCH = 500;
const RATE = 5_000;

/** Writes down that a rebuild is wished; whoever runs the read models does it, also after a restart of everything. */
export async function askRebuild(database: Database, name: string, asked: AskedRebuild): Promise<void> {
  await routeOf(database, name);
  await database.query(
    'UPDATE projection_routes SET asked = $2, failed = NULL, progress = NULL, updated_at = now() WHERE name = $1',
    [name, JSON.stringify(asked)],
  );
}

/**
 * Does the rebuilds that were asked for, one at a time. A claim keeps other processes from the same work, and the lease of
 * the build keeps whoever lost its claim unawares from writing.
 */
export function startAskedRebuilds(options: AskedRebuildsOptions): WorkLoop {
  const { database, owner, rebuildables, claimMs = CLAIM_MS, lookEveryMs = LOOK_EVERY_MS } = options;
  const stopping = new AbortController();
  const byName = new Map(rebuildables.map((what) => [what.name, what]));

  const claim = async (): Promise<readonly Claimed[]> => {
    const { rows } = await database.query<{ name: string; asked: AskedRebuild }>(
      `UPDATE projection_routes SET worker = $2, worker_until = now() + $3 * interval '1 millisecond'
       WHERE name = (SELECT name FROM projection_routes
                     WHERE asked IS NOT NULL AND name = ANY ($1) AND (worker_until IS NULL OR worker_until < now())
                     ORDER BY updated_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING name, asked`,
      [[...byName.keys()], owner, claimMs],
    );
    return rows.flatMap(({ name, asked }) => {
      const what = byName.get(name);
      return what ? [{ what, asked }] : [];
    });
  };

  const work = async ({ what, asked }: Claimed): Promise<void> => {
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, stopping.signal]);
    const far = { events: 0, position: '0', upTo: '0' };
    const signs = signsOfLife(database, what.name, owner, claimMs, far, ending);
    const { rate = RATE, park = false, restart = false } = asked;
    try {
      if (restart) await beginAnew(what.name);
      await rebuild({
        ...options,
        what,
        park,
        rate,
        batchSize: BATCH,
        signal,
        progress: (read, position, upTo) => {
          far.events += read;
          [far.position, far.upTo] = [position.toString(), upTo.toString()];
        },
      });
      await settle(what.name, asked, null);
    } catch (error) {
      if (stopping.signal.aborted || ending.signal.aborted || error instanceof LeaseLost)
        return await release(what.name);
      if (!isSystemFault(error)) return await settle(what.name, asked, describeFault(error));
      options.failed(error);
      await pause(AFTER_A_FAULT_MS, signal);
      await release(what.name);
    } finally {
      ending.abort();
      await signs;
    }
  };

  const beginAnew = async (name: string): Promise<void> => {
    await abandon(database, name);
    await database.query(`UPDATE projection_routes SET asked = asked - 'restart' WHERE name = $1`, [name]);
  };
  /** Ends the wish; another one that came meanwhile stays. */
  const settle = async (name: string, asked: AskedRebuild, failed: string | null): Promise<void> => {
    await database.query(
      `UPDATE projection_routes
       SET asked = CASE WHEN asked - 'restart' = $4::jsonb - 'restart' THEN NULL ELSE asked END,
           failed = $3, progress = NULL, worker = NULL, worker_until = NULL
       WHERE name = $1 AND worker = $2`,
      [name, owner, failed, JSON.stringify(asked)],
    );
  };
  const release = async (name: string): Promise<void> => {
    await database.query(
      'UPDATE projection_routes SET worker = NULL, worker_until = NULL WHERE name = $1 AND worker = $2',
      [name, owner],
    );
  };

  const loop = startWorkLoop<Claimed>({
    claim,
    work,
    untilNextMs: () => Promise.resolve(undefined),
    idleMs: lookEveryMs,
    maxInFlight: 1,
    failed: options.failed,
  });
  return {
    wake: () => loop.wake(),
    stop: () => {
      stopping.abort();
      return loop.stop();
    },
  };
}

/** Keeps a claim and tells how far the work is, until it ends; ends the work when the claim is somebody else's. */
async function signsOfLife(
  database: Database,
  name: string,
  owner: string,
  claimMs: number,
  far: { readonly events: number; readonly position: string; readonly upTo: string },
  ending: AbortController,
): Promise<void> {
  for (;;) {
    await pause(claimMs / 10, ending.signal);
    if (ending.signal.aborted) return;
    try {
      const { rowCount } = await database.query(
        `UPDATE projection_routes SET progress = $3, worker_until = now() + $4 * interval '1 millisecond'
         WHERE name = $1 AND worker = $2 AND asked IS NOT NULL`,
        [name, owner, JSON.stringify(far), claimMs],
      );
      if (rowCount === 0) ending.abort();
    } catch {
      // a database that is away ends the work itself; the next sign may come in time
    }
  }
}
