import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open } from 'lmdb';
import type { Database, RootDatabase } from 'lmdb';
import { TOMBSTONE } from '../protocol/recorded.js';
import { DataFolderError, requireLogFile } from './dataFolder.js';
import { lockFolder } from './lock.js';
import type { Commit, Direction, Storage, StoredRecord, StreamEntry, StreamHead } from './storage.js';

/** The format of the folder; a number that this version does not know is refused. */
const FORMAT = 1;
/** Names longer than this are kept under their hash: LMDB's keys are bounded. */
const MAX_NAME = 400;

const positionKey = (position: number): Buffer => {
  const key = Buffer.allocUnsafe(8);
  key.writeUInt32BE(Math.floor(position / 2 ** 32), 0);
  key.writeUInt32BE(position >>> 0, 4);
  return key;
};

const positionOf = (key: Buffer): number => key.readUInt32BE(0) * 2 ** 32 + key.readUInt32BE(4);

/** Stream number, then revision: a stream's events lie side by side, in order. */
const revisionKey = (streamId: number, revision: number): Buffer => {
  const key = Buffer.allocUnsafe(12);
  key.writeUInt32BE(streamId, 0);
  key.writeUInt32BE(Math.floor(revision / 2 ** 32), 4);
  key.writeUInt32BE(revision >>> 0, 8);
  return key;
};

const revisionOf = (key: Buffer): number => key.readUInt32BE(4) * 2 ** 32 + key.readUInt32BE(8);

const nameKey = (stream: string): Buffer => {
  const name = Buffer.from(stream);
  if (name.length <= MAX_NAME) return Buffer.concat([Buffer.from('='), name]);
  const hash = createHash('sha256').update(name).digest();
  return Buffer.concat([Buffer.from('#'), hash]);
};

const headValue = ({ id, lastRevision }: StreamHead): Buffer => {
  const value = Buffer.allocUnsafe(12);
  value.writeUInt32BE(id, 0);
  value.writeDoubleBE(lastRevision, 4);
  return value;
};

const END = Buffer.from('end');
const NEXT_STREAM = Buffer.from('nextStream');
const FORMAT_KEY = Buffer.from('format');

/** A log in a folder, on LMDB: what `commit` resolved is on the disk. */
class LmdbStorage implements Storage {
  readonly kind = 'lmdb';
  private readonly records: Database<Buffer, Buffer>;
  private readonly index: Database<Buffer, Buffer>;
  private readonly heads: Database<Buffer, Buffer>;
  private readonly meta: Database<Buffer, Buffer>;
  private endPosition = 0;
  private nextId = 1;

  constructor(
    private readonly root: RootDatabase,
    private readonly unlock: () => Promise<void>,
  ) {
    const table = { keyEncoding: 'binary', encoding: 'binary' } as const;
    this.records = root.openDB({ name: 'records', ...table });
    this.index = root.openDB({ name: 'index', ...table });
    this.heads = root.openDB({ name: 'heads', ...table });
    this.meta = root.openDB({ name: 'meta', ...table });
  }

  /** Reads where the log ends, or begins a new one. */
  async begin(): Promise<void> {
    const format = this.meta.get(FORMAT_KEY);
    if (format === undefined) {
      if (this.records.getKeysCount({ limit: 1 }) > 0)
        throw new DataFolderError('the data folder is damaged: it has events, but no format');
      await this.root.batch(() => {
        void this.meta.put(FORMAT_KEY, positionKey(FORMAT));
        void this.meta.put(END, positionKey(0));
        void this.meta.put(NEXT_STREAM, positionKey(1));
      });
      return;
    }
    if (positionOf(format) !== FORMAT) {
      throw new DataFolderError(`the data folder has format ${positionOf(format)}, this version knows ${FORMAT}`);
    }
    const [end, next] = [this.meta.get(END), this.meta.get(NEXT_STREAM)];
    if (!end || !next) throw new DataFolderError('the data folder is damaged: it does not say where the log ends');
    this.endPosition = positionOf(end);
    this.nextId = positionOf(next);
  }

  end(): number {
    return this.endPosition;
  }

  nextStreamId(): number {
    return this.nextId;
  }

  head(stream: string): StreamHead | undefined {
    const value = this.heads.get(nameKey(stream));
    return value && { id: value.readUInt32BE(0), lastRevision: value.readDoubleBE(4) };
  }

  async commit(commit: Commit): Promise<void> {
    // a put's own promise may resolve before the transaction is on the disk: only that of the batch counts
    await this.root.batch(() => {
      for (const { position, bytes, streamId, revision } of commit.records) {
        const key = positionKey(position);
        void this.records.put(key, bytes);
        void this.index.put(revisionKey(streamId, revision), key);
      }
      for (const [stream, head] of commit.heads) void this.heads.put(nameKey(stream), headValue(head));
      void this.meta.put(END, positionKey(commit.end));
      void this.meta.put(NEXT_STREAM, positionKey(commit.nextStreamId));
    });
    this.endPosition = commit.end;
    this.nextId = commit.nextStreamId;
  }

  at(streamId: number, revision: number): StoredRecord | undefined {
    const place = this.index.get(revisionKey(streamId, revision));
    return place && { position: positionOf(place), bytes: this.bytesAt(place) };
  }

  stream(streamId: number, from: number, limit: number, direction: Direction): StreamEntry[] {
    const forwards = direction === 'forwards';
    const range = this.index.getRange({
      start: revisionKey(streamId, from),
      end: forwards ? revisionKey(streamId + 1, 0) : revisionKey(streamId - 1, TOMBSTONE),
      limit,
      reverse: !forwards,
    });
    const entries: StreamEntry[] = [];
    for (const { key, value } of range) {
      entries.push({ position: positionOf(value), bytes: this.bytesAt(value), revision: revisionOf(key) });
    }
    return entries;
  }

  all(from: number, limit: number, direction: Direction): StoredRecord[] {
    const forwards = direction === 'forwards';
    if (!forwards && from <= 0) return [];
    const range = this.records.getRange({
      start: positionKey(forwards ? from : from - 1),
      limit,
      reverse: !forwards,
    });
    return Array.from(range, ({ key, value }) => ({ position: positionOf(key), bytes: value }));
  }

  has(position: number): boolean {
    return this.records.doesExist(positionKey(position));
  }

  async erase(
    entries: readonly { readonly streamId: number; readonly revision: number; readonly position: number }[],
  ): Promise<void> {
    await this.root.batch(() => {
      for (const { streamId, revision, position } of entries) {
        void this.records.remove(positionKey(position));
        void this.index.remove(revisionKey(streamId, revision));
      }
    });
  }

  async close(): Promise<void> {
    await this.root.close();
    await this.unlock();
  }

  private bytesAt(place: Buffer): Buffer {
    const bytes = this.records.get(place);
    if (!bytes) throw new DataFolderError('the data folder is damaged: an event of the index is missing');
    return bytes;
  }
}

const openRoot = (folder: string): RootDatabase => {
  try {
    return open({
      path: folder,
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
    throw new DataFolderError(`the data folder ${folder} cannot be opened as a log`, { cause });
  }
};

/**
 * Opens the log in a folder, which is made if it is not there.
 * @throws DataFolderError on a folder that is in use, damaged, or of a format that this version does not know
 */
export const openLmdb = async (folder: string): Promise<Storage> => {
  mkdirSync(folder, { recursive: true });
  requireLogFile(folder);
  const unlock = await lockFolder(folder);
  let root: RootDatabase | undefined;
  try {
    root = openRoot(folder);
    const storage = new LmdbStorage(root, unlock);
    await storage.begin();
    return storage;
  } catch (error) {
    await root?.close();
    await unlock();
    throw error;
  }
};
