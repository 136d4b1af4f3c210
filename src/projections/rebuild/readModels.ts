import * as E from 'fp-ts/lib/Either.js';
import type { Database } from '../../subscriptions/ports/database.js';
import { askRebuild } from './asked.js';
import type { Rebuildable, RebuildOptions } from './rebuild.js';
import { type AskedRebuild, positionOf, type Route, routeOf } from './routes.js';
import { RebuildRefused, switchTo } from './switchTo.js';

/** A read model as operators see it. */
export interface ReadModelStatus extends Route {
  /** Up to where it shows the log, decimal; null: nothing yet. */
  readonly position: string | null;
}

/** What operators do with read models, beside a rebuild that they watch. Every method throws faults of the systems. */
export interface ReadModelTools {
  list(): Promise<readonly ReadModelStatus[]>;
  find(name: string): Promise<ReadModelStatus | undefined>;
  /** Writes down that a rebuild is wished; undefined: there is no such read model. */
  askRebuild(name: string, asked: AskedRebuild): Promise<ReadModelStatus | undefined>;
  /** Lets the next or the previous build serve; undefined: there is no such read model. */
  switchTo(
    name: string,
    which: 'next' | 'previous',
    acceptDifferences: boolean,
  ): Promise<E.Either<RebuildRefused, ReadModelStatus> | undefined>;
}

/** A read model as it is now. Throws DatabaseUnavailable. */
export async function statusOf(database: Database, { name, readModel }: Rebuildable): Promise<ReadModelStatus> {
  const route = await routeOf(database, name);
  return { ...route, position: (await positionOf(database, readModel.name))?.toString() ?? null };
}

export function readModelTools(
  rebuildables: readonly Rebuildable[],
  options: Omit<RebuildOptions, 'what' | 'park'>,
): ReadModelTools {
  const { database } = options;
  const named = (name: string): Rebuildable | undefined => rebuildables.find((what) => what.name === name);

  return {
    list: () => Promise.all(rebuildables.map((what) => statusOf(database, what))),
    find: async (name) => {
      const what = named(name);
      return what && (await statusOf(database, what));
    },
    askRebuild: async (name, asked) => {
      const what = named(name);
      if (!what) return undefined;
      await askRebuild(database, name, asked);
      return await statusOf(database, what);
    },
    switchTo: async (name, which, acceptDifferences) => {
      const what = named(name);
      if (!what) return undefined;
      try {
        await switchTo({ ...options, what, park: false }, which, acceptDifferences);
      } catch (error) {
        if (error instanceof RebuildRefused) return E.left(error);
        throw error;
      }
      return E.right(await statusOf(database, what));
    },
  };
}
