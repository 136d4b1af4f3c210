import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The folder cannot be opened as a log: it is in use, damaged, or of a format that this version does not know. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** The file in which LMDB keeps everything; beside it lies only `lock.mdb`, which means nothing after its last user. */
export const DATA_FILE = 'data.mdb';

/**
 * Makes a folder, and those that it lies in, where they are missing. One by one: Node's own recursion never ends where the
 * system denies that a folder can be made in one that is there, as in /proc.
 * @throws DataFolderError when it cannot be made, or is no folder
 */
export const makeFolder = (folder: string): void => {
  const path = resolve(folder);
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return;
    throw new DataFolderError(`${folder} is no folder`);
  }
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (cause) {
    // somebody else may have made it at the same time
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new DataFolderError(`the folder ${folder} cannot be made: ${(cause as Error).message}`, { cause });
  }
};

/** Opens the file of a log. @throws DataFolderError when it is there, but may not be read */
const openFile = (folder: string, path: string): number | undefined => {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new DataFolderError(`the data folder ${folder} cannot be read: ${message}`, { cause });
  }
};

/** What the first two pages of every LMDB file have behind their headers (LMDB source, `mdb.c`: `MDB_page`, `MDB_meta`). */
const MAGIC = 0xbeefc0de;
/** Where the facts of such a page lie, in bytes from its beginning: roots of the free list and of the tables, last page, transaction. */
const AT = { magic: 24, pageSize: 48, roots: [88, 136], lastPage: 144, transaction: 152 } as const;
const META_BYTES = 160;
const NO_ROOT = 2n ** 64n - 1n;
const PAGE_SIZES = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

/** What describes the file, at one of its two places; zeros where the file has ended already. */
const bytesAt = (file: number, position: number): Buffer => {
  const bytes = Buffer.alloc(META_BYTES);
  readSync(file, bytes, 0, META_BYTES, position);
  return bytes;
};

const transactionOf = (meta: Buffer): bigint => meta.readBigUInt64LE(AT.transaction);

/**
 * What a data folder holds: nothing yet, a file that LMDB can be asked about, or one that ends before the last page that it
 * should have. LMDB leaves out last pages that it gave up before they were written, so a short file may be sound.
 */
export type LogFile = 'none' | 'whole' | 'short';

/**
 * Looks at a log's file before LMDB does: LMDB reads it as memory, so over a file that is no log, or that was cut short, it
 * ends the process without a word.
 * @throws DataFolderError on a file that is no log, or that cannot be whole
 */
export const inspectFolder = (folder: string): LogFile => {
  const path = join(folder, DATA_FILE);
  const file = openFile(folder, path);
  if (file === undefined) return 'none';
  try {
    const { size } = fstatSync(file);
    // an empty file is what a process leaves behind that was killed while it made the folder
    if (size === 0) return 'none';
    const first = bytesAt(file, 0);
    const pageSize = first.readUInt32LE(AT.pageSize);
    if (first.readUInt32LE(AT.magic) !== MAGIC || !PAGE_SIZES.includes(pageSize)) {
      throw new DataFolderError(`the data folder ${folder} is damaged: ${path} is no log`);
    }
    const second = bytesAt(file, pageSize);
    const newest = transactionOf(second) > transactionOf(first) ? second : first;
    const endOf = (page: bigint): number => (Number(page) + 1) * pageSize;
    const roots = AT.roots.map((at) => newest.readBigUInt64LE(at)).filter((page) => page !== NO_ROOT);
    const needed = Math.max(2 * pageSize, ...roots.map(endOf));
    if (size < needed) {
      throw new DataFolderError(
        `the data folder ${folder} is damaged: ${path} has ${size} bytes, but must have ${needed} at least: put it back from a backup`,
      );
    }
    return size < endOf(newest.readBigUInt64LE(AT.lastPage)) ? 'short' : 'whole';
  } finally {
    closeSync(file);
  }
};
