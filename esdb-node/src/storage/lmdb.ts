import { setImmediate as nextTurn } from 'node:timers/promises';
import { requireSound } from '../offline/verify.js';
import { decodeRecorded } from '../protocol/recorded.js';
import { DataFolderError, inspectFolder, makeFolder } from './dataFolder.js';
import type { Place } from './format.js';
import {
  FORMAT,
  META,
  headOf,
  headValue,
  isIntact,
  nameKey,
  positionKey,
  positionOf,
  sealed,
  unsealed,
} from './format.js';
import { lockFolder } from './lock.js';
import { Recent } from './recent.js';
import type { Commit, Direction, Storage, StoredRecord, StreamEntry, StreamHead } from './storage.js';
import { StreamIndex } from './streamIndex.js';
import type { Tables } from './tables.js';
import { openTables } from './tables.js';

/** Events that may be in the log without being in the index: what opening the log reads again. */
const UNINDEXED = 8192;

interface Options {
  /** Events after which the index is brought up to date. */
  readonly unindexed?: number;
}

/**
 * A log in a folder, on LMDB: what `commit` resolved is on the disk. A commit writes its events one behind the other and little
 * else; index and heads follow in runs of many events, in one go with a later commit, so that an append costs the same however
 * long the log is. What they do not know yet is in memory, and can be read again from the log.
 */
class LmdbStorage implements Storage {
  readonly kind = 'lmdb';
  private readonly index: StreamIndex;
  private recent = new Recent();
  private endPosition = 0;
  private nextId = 1;
  private erased = 0;
  /** The write before: there is one at a time. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly tables: Tables,
    private readonly unlock: () => Promise<void>,
    private readonly unindexed: number,
  ) {
    this.index = new StreamIndex(tables.index);
  }

  /** Reads where the log ends, or begins a new one. */
  async begin(): Promise<void> {
    const { meta, fresh } = this.tables;
    if (fresh) {
      await this.batch(() => {
        void meta.put(META.format, positionKey(FORMAT));
        void meta.put(META.end, positionKey(0));
        void meta.put(META.indexed, positionKey(0));
        void meta.put(META.nextStream, positionKey(1));
      });
      return;
    }
    const keys = [META.end, META.indexed, META.nextStream, META.erased];
    const [end, indexed, next, erased] = keys.map((key) => meta.get(key)).map((value) => value && positionOf(value));
    if (end === undefined || indexed === undefined || next === undefined) {
      throw new DataFolderError('the data folder is damaged: it does not say where the log ends');
    }
    this.endPosition = end;
    this.nextId = next;
    this.erased = erased ?? 0;
    this.readRecent(indexed);
  }

  end(): number {
    return this.endPosition;
  }

  nextStreamId(): number {
    return this.nextId;
  }

  head(stream: string): StreamHead | undefined {
    const recent = this.recent.heads.get(stream);
    if (recent) return recent;
    const value = this.tables.heads.get(nameKey(stream));
    return value && headOf(value);
  }

  commit(commit: Commit): Promise<void> {
    return this.alone(() => this.write(commit));
  }

  at(streamId: number, revision: number): StoredRecord | undefined {
    const place = this.recent.at(streamId, revision) ?? this.index.at(streamId, revision);
    return place && { position: place.position, bytes: this.bytesAt(place.position) };
  }

  stream(streamId: number, from: number, limit: number, direction: Direction): StreamEntry[] {
    const places =
      direction === 'forwards' ? this.forwards(streamId, from, limit) : this.backwards(streamId, from, limit);
    return places.map(({ revision, position }) => ({ revision, position, bytes: this.bytesAt(position) }));
  }

  all(from: number, limit: number, direction: Direction): StoredRecord[] {
    const before = Math.min(from, this.endPosition);
    if (direction === 'backwards' && before <= 0) return [];
    const range =
      direction === 'forwards'
        ? { start: positionKey(from), end: positionKey(this.endPosition) }
        : { start: positionKey(before - 1), reverse: true };
    return Array.from(this.tables.records.getRange({ ...range, limit }), ({ key, value }) => ({
      position: positionOf(key),
      bytes: unsealed(value),
    }));
  }

  has(position: number): boolean {
    return this.tables.records.doesExist(positionKey(position));
  }

  erase(
    entries: readonly { readonly streamId: number; readonly revision: number; readonly position: number }[],
  ): Promise<void> {
    return this.alone(async () => {
      // entries of the index can be changed only where they are
      if (this.recent.size > 0) await this.writeIndex();
      const revisions = new Map<number, Set<number>>();
      for (const { streamId, revision } of entries) {
        revisions.set(streamId, (revisions.get(streamId) ?? new Set()).add(revision));
      }
      const left = [...revisions].flatMap(([streamId, gone]) => this.index.without(streamId, gone));
      const erased = this.erased + entries.length;
      const { records, meta } = this.tables;
      await this.batch(() => {
        for (const { position } of entries) void records.remove(positionKey(position));
        for (const entry of left) this.index.replace(entry);
        void meta.put(META.erased, positionKey(erased));
      });
      this.erased = erased;
    });
  }

  async close(): Promise<void> {
    await this.last;
    await this.tables.root.close();
    await this.unlock();
  }

  private async write({ records: added, heads, end, nextStreamId }: Commit): Promise<void> {
    const { records, meta } = this.tables;
    const full = this.recent.size >= this.unindexed;
    // a put's own promise may resolve before the transaction is on the disk: only that of the batch counts
    await this.batch(() => {
      for (const { position, bytes } of added) void records.put(positionKey(position), sealed(bytes));
      void meta.put(META.end, positionKey(end));
      if (full) this.putRecent();
    });
    if (full) this.recent = new Recent();
    // not the record itself: its bytes are to be forgotten
    for (const { streamId, revision, position } of added) this.recent.add(streamId, { revision, position });
    for (const [stream, head] of heads) this.recent.heads.set(stream, head);
    this.endPosition = end;
    this.nextId = nextStreamId;
  }

  private async writeIndex(): Promise<void> {
    await this.batch(() => this.putRecent());
    this.recent = new Recent();
  }

  /** Brings index and heads up to where the log ends now; to be called within a batch. */
  private putRecent(): void {
    const { heads, meta } = this.tables;
    this.index.write(this.recent);
    for (const [stream, head] of this.recent.heads) void heads.put(nameKey(stream), headValue(head));
    void meta.put(META.indexed, positionKey(this.endPosition));
    void meta.put(META.nextStream, positionKey(this.nextId));
  }

  /** Reads the events again that the index does not know; new streams get the numbers that they had, in the order of their events. */
  private readRecent(from: number): void {
    for (const { key, value } of this.tables.records.getRange({ start: positionKey(from) })) {
      const position = positionOf(key);
      if (!isIntact(value)) {
        throw new DataFolderError(`the data folder is damaged: so is its event at position ${position}`);
      }
      const { stream, revision } = decodeRecorded(unsealed(value));
      const id = this.head(stream)?.id ?? this.nextId++;
      this.recent.add(id, { revision, position });
      this.recent.heads.set(stream, { id, lastRevision: revision });
    }
  }

  private forwards(streamId: number, from: number, limit: number): readonly Place[] {
    const [first] = this.recent.of(streamId);
    if (first && first.revision <= from) return this.recent.forwards(streamId, from, limit);
    const places = this.index.forwards(streamId, from, limit);
    const next = (places.at(-1)?.revision ?? from - 1) + 1;
    return first ? places.concat(this.recent.forwards(streamId, next, limit - places.length)) : places;
  }

  private backwards(streamId: number, from: number, limit: number): readonly Place[] {
    const places = this.recent.backwards(streamId, from, limit);
    const next = (places.at(-1)?.revision ?? from + 1) - 1;
    if (places.length === limit || next < 0) return places;
    return places.concat(this.index.backwards(streamId, next, limit - places.length));
  }

  private bytesAt(position: number): Buffer {
    const value = this.tables.records.get(positionKey(position));
    if (!value) throw new DataFolderError('the data folder is damaged: an event of the index is missing');
    return unsealed(value);
  }

  /**
   * Writes in one transaction. Rejects with what the disk said: lmdb tells that in a promise beside its error, and the process
   * would end over it if nobody looked.
   */
  private async batch(write: () => void): Promise<void> {
    try {
      await this.tables.root.batch(write);
    } catch (failure) {
      let reason = failure;
      (failure as { commitError?: Promise<never> }).commitError?.catch((said: unknown) => (reason = said));
      await nextTurn();
      throw reason;
    }
  }

  /** Runs a write when the one before is over. */
  private alone(write: () => Promise<void>): Promise<void> {
    const done = this.last.then(write);
    this.last = done.catch(() => undefined);
    return done;
  }
}

/** What a file that LMDB cannot make sense of, or an event that is none, means to whoever opens the log. */
const damagedBy = (folder: string, cause: unknown): DataFolderError =>
  cause instanceof DataFolderError
    ? cause
    : new DataFolderError(`the data folder ${folder} is damaged: ${(cause as Error).message}`, { cause });

/**
 * Opens the log in a folder, which is made if it is not there.
 * @throws DataFolderError on a folder that is in use, damaged, or of a format that this version does not know
 */
export const openLmdb = async (folder: string, { unindexed = UNINDEXED }: Options = {}): Promise<Storage> => {
  makeFolder(folder);
  const unlock = await lockFolder(folder);
  let tables: Tables | undefined;
  try {
    if (inspectFolder(folder) === 'short') await requireSound(folder);
    tables = await openTables(folder, { readOnly: false });
    const storage = new LmdbStorage(tables, unlock, unindexed);
    await storage.begin().catch((cause: unknown) => {
      throw tables?.fresh ? cause : damagedBy(folder, cause);
    });
    return storage;
  } catch (error) {
    await tables?.root.close();
    await unlock();
    throw error;
  }
};
