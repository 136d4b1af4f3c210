import { mkdirSync } from 'node:fs';
import { TOMBSTONE } from '../protocol/recorded.js';
import { DataFolderError, inspectFolder } from './dataFolder.js';
import {
  FORMAT,
  META,
  headOf,
  headValue,
  indexEntry,
  nameKey,
  placeOf,
  positionKey,
  positionOf,
  revisionKey,
  revisionOf,
} from './format.js';
import { requireSound } from '../offline/verify.js';
import { lockFolder } from './lock.js';
import type { Commit, Direction, Storage, StoredRecord, StreamEntry, StreamHead } from './storage.js';
import type { Tables } from './tables.js';
import { openTables } from './tables.js';

/** A log in a folder, on LMDB: what `commit` resolved is on the disk. */
class LmdbStorage implements Storage {
  readonly kind = 'lmdb';
  private endPosition = 0;
  private nextId = 1;
  private erased = 0;

  constructor(
    private readonly tables: Tables,
    private readonly unlock: () => Promise<void>,
  ) {}

  /** Reads where the log ends, or begins a new one. */
  async begin(): Promise<void> {
    const { root, meta, fresh } = this.tables;
    if (fresh) {
      await root.batch(() => {
        void meta.put(META.format, positionKey(FORMAT));
        void meta.put(META.end, positionKey(0));
        void meta.put(META.nextStream, positionKey(1));
      });
      return;
    }
    const [end, next, erased] = [META.end, META.nextStream, META.erased].map((key) => meta.get(key));
    if (!end || !next) throw new DataFolderError('the data folder is damaged: it does not say where the log ends');
    this.endPosition = positionOf(end);
    this.nextId = positionOf(next);
    this.erased = erased ? positionOf(erased) : 0;
  }

  end(): number {
    return this.endPosition;
  }

  nextStreamId(): number {
    return this.nextId;
  }

  head(stream: string): StreamHead | undefined {
    const value = this.tables.heads.get(nameKey(stream));
    return value && headOf(value);
  }

  async commit(commit: Commit): Promise<void> {
    // a put's own promise may resolve before the transaction is on the disk: only that of the batch counts
    const { root, records, index, heads, meta } = this.tables;
    await root.batch(() => {
      for (const { position, bytes, streamId, revision } of commit.records) {
        void records.put(positionKey(position), bytes);
        void index.put(revisionKey(streamId, revision), indexEntry(position, bytes));
      }
      for (const [stream, head] of commit.heads) void heads.put(nameKey(stream), headValue(head));
      void meta.put(META.end, positionKey(commit.end));
      void meta.put(META.nextStream, positionKey(commit.nextStreamId));
    });
    this.endPosition = commit.end;
    this.nextId = commit.nextStreamId;
  }

  at(streamId: number, revision: number): StoredRecord | undefined {
    const entry = this.tables.index.get(revisionKey(streamId, revision));
    return entry && { position: positionOf(entry), bytes: this.bytesAt(entry) };
  }

  stream(streamId: number, from: number, limit: number, direction: Direction): StreamEntry[] {
    const forwards = direction === 'forwards';
    const range = this.tables.index.getRange({
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
    const range = this.tables.records.getRange({
      start: positionKey(forwards ? from : from - 1),
      limit,
      reverse: !forwards,
    });
    return Array.from(range, ({ key, value }) => ({ position: positionOf(key), bytes: value }));
  }

  has(position: number): boolean {
    return this.tables.records.doesExist(positionKey(position));
  }

  async erase(
    entries: readonly { readonly streamId: number; readonly revision: number; readonly position: number }[],
  ): Promise<void> {
    const { root, records, index, meta } = this.tables;
    const erased = this.erased + entries.length;
    await root.batch(() => {
      for (const { streamId, revision, position } of entries) {
        void records.remove(positionKey(position));
        void index.remove(revisionKey(streamId, revision));
      }
      void meta.put(META.erased, positionKey(erased));
    });
    this.erased = erased;
  }

  async close(): Promise<void> {
    await this.tables.root.close();
    await this.unlock();
  }

  private bytesAt(entry: Buffer): Buffer {
    const bytes = this.tables.records.get(placeOf(entry));
    if (!bytes) throw new DataFolderError('the data folder is damaged: an event of the index is missing');
    return bytes;
  }
}

/**
 * Opens the log in a folder, which is made if it is not there.
 * @throws DataFolderError on a folder that is in use, damaged, or of a format that this version does not know
 */
export const openLmdb = async (folder: string): Promise<Storage> => {
  mkdirSync(folder, { recursive: true });
  const unlock = await lockFolder(folder);
  let tables: Tables | undefined;
  try {
    if (inspectFolder(folder) === 'short') await requireSound(folder);
    tables = await openTables(folder, { readOnly: false });
    const storage = new LmdbStorage(tables, unlock);
    await storage.begin();
    return storage;
  } catch (error) {
    await tables?.root.close();
    await unlock();
    throw error;
  }
};
