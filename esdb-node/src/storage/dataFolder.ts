import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** The folder cannot be opened as a log: it is in use, damaged, or of a format that this version does not know. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** What every LMDB file has behind the header of its first page. */
const MAGIC = 0xbeefc0de;
const MAGIC_AT = 24;

/** Throws DataFolderError on a file that is no LMDB file: LMDB itself must not be asked, it can end the process over one. */
export const requireLogFile = (folder: string): void => {
  const path = join(folder, 'data.mdb');
  if (!existsSync(path)) return;
  const head = Buffer.alloc(MAGIC_AT + 4);
  const file = openSync(path, 'r');
  const length = readSync(file, head);
  closeSync(file);
  // an empty file is what a process leaves behind that was killed while it made the folder
  if (length === 0 || (length === head.length && head.readUInt32LE(MAGIC_AT) === MAGIC)) return;
  throw new DataFolderError(`the data folder ${folder} is damaged: ${path} is no log`);
};
