import { open } from 'lmdb';
import type { Database, RootDatabase } from 'lmdb';
import { DataFolderError } from './dataFolder.js';
import { FORMAT, META, positionOf } from './format.js';

export type Table = Database<Buffer, Buffer>;

/** The tables of a log; their keys and values are those of format.ts. */
export interface Tables {
  readonly root: RootDatabase<Buffer, string>;
  /** Position → event. */
  readonly records: Table;
  /** Stream number and revision → position and checksum. */
  readonly index: Table;
  /** Stream name → number and last revision. */
  readonly heads: Table;
  /** Format, end of the log, next stream number. */
  readonly meta: Table;
  /** Whether nothing was ever written: not even a format. */
  readonly fresh: boolean;
}

const NAMES = ['records', 'index', 'heads', 'meta'] as const;

const openRoot = (folder: string, readOnly: boolean): RootDatabase<Buffer, string> => {
  try {
    return open({
      path: folder,
      readOnly,
      // else a folder with a dot in its name is taken for a file
      noSubdir: false,
      maxDbs: 8,
      // without overlapping a transaction is on the disk when it counts as committed
      overlappingSync: false,
      // the writer makes groups of its own
      eventTurnBatching: false,
      noMemInit: true,
      encoding: 'binary',
    });
  } catch (cause) {
    throw new DataFolderError(`the data folder ${folder} cannot be opened as a log: ${(cause as Error).message}`, {
      cause,
    });
  }
};

/** A table, undefined where it is not there; lmdb's types do not know `create`. */
const tableOf = (
  root: RootDatabase<Buffer, string>,
  name: (typeof NAMES)[number],
  create: boolean,
): Table | undefined => {
  const options = { name, keyEncoding: 'binary', encoding: 'binary', create } as const;
  return root.openDB<Buffer, Buffer>(options);
};

/** Whether what is in the folder is nothing, or what is left of a log whose making was interrupted. Looks, and writes nothing. */
const isUnbegun = (root: RootDatabase<Buffer, string>, names: readonly string[]): boolean => {
  if (!names.every((name) => NAMES.some((known) => known === name))) return false;
  return names.every((name) => tableOf(root, name as (typeof NAMES)[number], false)?.getKeysCount({ limit: 1 }) === 0);
};

/** Looks whether the folder is a log of this format, or none yet. @throws DataFolderError when it is neither */
const isFresh = (folder: string, root: RootDatabase<Buffer, string>): boolean => {
  const names = [...root.getKeys()].map(String);
  const meta = names.includes('meta') ? tableOf(root, 'meta', false) : undefined;
  const format = meta?.get(META.format);
  if (!format) {
    if (isUnbegun(root, names)) return true;
    throw new DataFolderError(`the data folder ${folder} is damaged, or no log: it has no format`);
  }
  if (positionOf(format) !== FORMAT) {
    throw new DataFolderError(
      `the data folder ${folder} has format ${positionOf(format)}, this version knows ${FORMAT}`,
    );
  }
  const missing = NAMES.filter((name) => !names.includes(name));
  if (missing.length === 0) return false;
  throw new DataFolderError(`the data folder ${folder} is damaged: it has no table ${missing.join(', ')}`);
};

/**
 * Opens the tables of the log in a folder, and makes them where there is no log yet. Read-only they may be open beside a node
 * that writes.
 * @throws DataFolderError on a folder that is no log of this format; nothing in it is changed then
 */
export const openTables = async (folder: string, how: { readonly readOnly: boolean }): Promise<Tables> => {
  const root = openRoot(folder, how.readOnly);
  try {
    const fresh = isFresh(folder, root);
    if (fresh && how.readOnly) throw new DataFolderError(`there is no log in ${folder}`);
    const [records, index, heads, meta] = NAMES.map((name) => tableOf(root, name, true)) as [
      Table,
      Table,
      Table,
      Table,
    ];
    return { root, records, index, heads, meta, fresh };
  } catch (cause) {
    await root.close();
    if (cause instanceof DataFolderError) throw cause;
    throw new DataFolderError(`the data folder ${folder} is damaged: ${(cause as Error).message}`, { cause });
  }
};
