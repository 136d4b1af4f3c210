import { LRUCache } from 'lru-cache';
import type { Storage, StoredRecord, StreamHead } from '../storage/storage.js';
import type { Group } from './group.js';

/** The head of a stream that is not there. */
export const MISSING: StreamHead = { id: 0, lastRevision: -1 };

const CACHED_STREAMS = 50_000;

/** The newest state of streams, with writes that are not durable yet: what the next append is checked against. */
export class Heads {
  private readonly cache = new LRUCache<string, StreamHead>({ max: CACHED_STREAMS });

  /** @param pending groups that are not durable yet, newest first */
  constructor(
    private readonly storage: Storage,
    private readonly pending: () => readonly Group[],
  ) {}

  of(stream: string): StreamHead {
    for (const group of this.pending()) {
      const staged = group.heads.get(stream);
      if (staged) return staged;
    }
    const cached = this.cache.get(stream);
    if (cached) return cached;
    const stored = this.storage.head(stream) ?? MISSING;
    this.cache.set(stream, stored);
    return stored;
  }

  /** The event of a stream at a revision, durable or not. */
  eventAt(head: StreamHead, revision: number): StoredRecord | undefined {
    if (head.id === 0 || revision < 0) return undefined;
    for (const group of this.pending()) {
      const staged = group.at(head.id, revision);
      if (staged) return staged;
    }
    return this.storage.at(head.id, revision);
  }

  /** Takes over what a group left, once it is durable. */
  settle(group: Group): void {
    for (const [stream, head] of group.heads) this.cache.set(stream, head);
  }
}
