import { constants, existsSync, readdirSync, statSync } from 'node:fs';
import { open, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { platform } from 'node:os';
import { DATA_FILE, DataFolderError, inspectFolder, makeFolder } from '../storage/dataFolder.js';
import { readLog } from './reader.js';

export interface BackupOptions {
  /** Leaves out the space that is free in the file: smaller, but slower. */
  readonly compact?: boolean;
  /** Gives the backup up; what was copied is removed. */
  readonly signal?: AbortSignal;
}

const flush = async (path: string, flags = constants.O_RDWR): Promise<void> => {
  const file = await open(path, flags);
  await file.sync();
  await file.close();
};

/** Makes the entries of a folder durable; Windows keeps no folder open. */
const flushFolder = async (path: string): Promise<void> => {
  if (platform() !== 'win32') await flush(path, constants.O_RDONLY);
};

/**
 * Copies the log in a folder, as it is at one moment, also while a node runs on it. The copy appears at `to` when it is whole
 * and on the disk; until then it lies beside it, under another name. Resolves with its size in bytes.
 * @throws DataFolderError when there is no log to copy, or there is something at `to`: nothing is ever overwritten
 */
export const backupFolder = async (folder: string, to: string, options: BackupOptions = {}): Promise<number> => {
  if (inspectFolder(folder) === 'none') throw new DataFolderError(`there is no log in ${folder}`);
  const target = resolve(to);
  const taken = existsSync(target);
  if (taken && !statSync(target).isDirectory()) throw new DataFolderError(`${to} is no folder`);
  if (taken && readdirSync(target).length > 0) {
    throw new DataFolderError(`${to} is not empty: a backup overwrites nothing`);
  }
  const parent = dirname(target);
  const partial = `${target}.part-${process.pid}`;
  makeFolder(partial);
  try {
    await readLog(options.compact ? 'compact' : 'backup', [folder, partial], options.signal);
    await flush(join(partial, DATA_FILE));
    await flushFolder(partial);
    if (taken) await rmdir(target);
    await rename(partial, target);
    await flushFolder(parent);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return (await stat(join(target, DATA_FILE))).size;
};
