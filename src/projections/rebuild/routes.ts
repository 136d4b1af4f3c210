import { BUILD_SIGN } from '../../subscriptions/lag.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import type { Comparison } from './compare.js';

/**
 * Where a read model's queries lead. The build that serves has its tables in the schema `public`, every other one has tables
 * of the same names in a schema of its own; so a switch moves tables, and every query of every process follows at once.
 */
export interface Route {
  readonly name: string;
  readonly serving: number;
  /** The build that served before, kept for the way back. */
  readonly previous: number | null;
  /** The build that is being made. */
  readonly next: number | null;
  readonly state: 'idle' | 'building' | 'ready';
  readonly checked: Comparison | null;
  /** A rebuild that was asked for and that a process with the role `projections` does. */
  readonly asked: AskedRebuild | null;
  /** How far it is. */
  readonly progress: RebuildProgress | null;
  /** Why the last one that was asked for failed. */
  readonly failed: string | null;
}

export interface AskedRebuild {
  /** Events a second at most. */
  readonly rate?: number;
  /** Park what cannot be projected, instead of failing. */
  readonly park?: boolean;
  /** Drop what an earlier rebuild has made. */
  readonly restart?: boolean;
}

export interface RebuildProgress {
  readonly events: number;
  /** Decimal positions in the log: how far it is, and how far it is to go. */
  readonly position: string;
  readonly upTo: string;
}

/** Schema of a build's tables while it does not serve. */
export const schemaOf = (name: string, build: number): string => `rebuild_${name}_${build}`;
/** Checkpoint and lease of a build while it does not serve. */
export const runnerOf = (name: string, build: number): string => `${name}${BUILD_SIGN}${build}`;

/** The route of a read model, made where there is none yet. */
export async function routeOf(database: Queryable, name: string): Promise<Route> {
  await database.query(
    `INSERT INTO projection_routes (name, serving, state) VALUES ($1, 1, 'idle') ON CONFLICT (name) DO NOTHING`,
    [name],
  );
  const { rows } = await database.query<Route>(
    `SELECT name, serving, previous, next, state, checked, asked, progress, failed FROM projection_routes WHERE name = $1`,
    [name],
  );
  const route = rows[0];
  if (!route) throw new Error(`no route of ${name}`);
  return route;
}

/** Forgets a build that does not serve, with its tables, its checkpoint and what it parked. */
export async function dropBuild(transaction: Queryable, name: string, build: number): Promise<void> {
  await transaction.query(`DROP SCHEMA IF EXISTS ${schemaOf(name, build)} CASCADE`);
  await transaction.query('DELETE FROM checkpoints WHERE name = $1', [runnerOf(name, build)]);
  await transaction.query('DELETE FROM parked WHERE runner = $1', [runnerOf(name, build)]);
}

/** Up to where a runner has come; null: nowhere yet. */
export async function positionOf(database: Queryable, runner: string): Promise<bigint | null> {
  const { rows } = await database.query<{ position: string | null }>(
    'SELECT position FROM checkpoints WHERE name = $1',
    [runner],
  );
  const position = rows[0]?.position;
  return position == null ? null : BigInt(position);
}
