import { lowerBound } from './lowerBound.js';
import type { Commit, Direction, Storage, StoredRecord, StreamEntry, StreamHead } from './storage.js';

const take = <T>(list: readonly T[], from: number, limit: number, direction: Direction): T[] => {
  if (direction === 'forwards') return list.slice(from, from + limit);
  const start = Math.max(0, from - limit);
  return list.slice(start, from).reverse();
};

const positionOf = (record: StoredRecord): number => record.position;
const revisionOf = (entry: StreamEntry): number => entry.revision;

/** A log that lives as long as its process: for tests. */
export class MemoryStorage implements Storage {
  readonly kind = 'memory';
  private readonly heads = new Map<string, StreamHead>();
  private readonly streams = new Map<number, StreamEntry[]>();
  private log: StreamEntry[] = [];
  private endPosition = 0;
  private nextId = 1;

  end(): number {
    return this.endPosition;
  }

  nextStreamId(): number {
    return this.nextId;
  }

  head(stream: string): StreamHead | undefined {
    return this.heads.get(stream);
  }

  async commit(commit: Commit): Promise<void> {
    // not in the caller's own turn: what is visible before the answer would hide errors that a disk brings out
    await Promise.resolve();
    for (const record of commit.records) {
      this.log.push(record);
      const entries = this.streams.get(record.streamId);
      if (entries) entries.push(record);
      else this.streams.set(record.streamId, [record]);
    }
    for (const [stream, head] of commit.heads) this.heads.set(stream, head);
    this.endPosition = commit.end;
    this.nextId = commit.nextStreamId;
  }

  at(streamId: number, revision: number): StoredRecord | undefined {
    const entries = this.streams.get(streamId) ?? [];
    const found = entries[lowerBound(entries, revision, revisionOf)];
    return found?.revision === revision ? found : undefined;
  }

  stream(streamId: number, from: number, limit: number, direction: Direction): StreamEntry[] {
    const entries = this.streams.get(streamId) ?? [];
    const index = lowerBound(entries, direction === 'forwards' ? from : from + 1, revisionOf);
    return take(entries, index, limit, direction);
  }

  all(from: number, limit: number, direction: Direction): StoredRecord[] {
    return take(this.log, lowerBound(this.log, from, positionOf), limit, direction);
  }

  has(position: number): boolean {
    return this.log[lowerBound(this.log, position, positionOf)]?.position === position;
  }

  async erase(entries: readonly { readonly streamId: number; readonly position: number }[]): Promise<void> {
    const gone = new Set(entries.map((entry) => entry.position));
    this.log = this.log.filter((record) => !gone.has(record.position));
    for (const id of new Set(entries.map((entry) => entry.streamId))) {
      const left = (this.streams.get(id) ?? []).filter((entry) => !gone.has(entry.position));
      if (left.length > 0) this.streams.set(id, left);
      else this.streams.delete(id);
    }
    await Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
