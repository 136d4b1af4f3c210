/** An event as storage keeps it: where it lies in the log, and its encoded RecordedEvent (protocol/recorded.ts). */
export interface StoredRecord {
  readonly position: number;
  readonly bytes: Buffer;
}

/** What is known of a stream without reading its events. */
export interface StreamHead {
  /** The stream's number in this log; never used twice. */
  readonly id: number;
  /** The last revision; TOMBSTONE when the stream is tombstoned. */
  readonly lastRevision: number;
}

/** One event of a commit. */
export interface NewRecord extends StoredRecord {
  readonly streamId: number;
  readonly revision: number;
}

/** Everything that becomes durable at once. */
export interface Commit {
  /** In the order of their positions. */
  readonly records: readonly NewRecord[];
  /** The heads after the commit, by stream name. */
  readonly heads: ReadonlyMap<string, StreamHead>;
  /** Where the next event goes. */
  readonly end: number;
  /** The number that the next new stream gets. */
  readonly nextStreamId: number;
}

export type Direction = 'forwards' | 'backwards';

/**
 * Where the log lies. Reads are synchronous and see exactly what `commit` has made durable; a commit either becomes visible
 * as a whole or, after a crash, not at all. One writer at a time: `commit` is not called again before its promise settles.
 */
export interface Storage {
  readonly kind: 'memory' | 'lmdb';
  /** Where the next event goes: behind the last one. */
  end(): number;
  nextStreamId(): number;
  head(stream: string): StreamHead | undefined;
  /** Resolves when everything is durable. Rejects when nothing is; the log is then closed to writes. */
  commit(commit: Commit): Promise<void>;
  /** The event of a stream at a revision. */
  at(streamId: number, revision: number): StoredRecord | undefined;
  /** Up to `limit` events of a stream, from a revision on (inclusive in both directions), those that are still there. */
  stream(streamId: number, from: number, limit: number, direction: Direction): StreamEntry[];
  /** Up to `limit` events of the log: forwards from `from` on, backwards those before `from`. */
  all(from: number, limit: number, direction: Direction): StoredRecord[];
  /** Whether an event lies exactly at this position. */
  has(position: number): boolean;
  /** Frees space: removes events for good (a scavenge). Durable when it resolves. */
  erase(
    entries: readonly { readonly streamId: number; readonly revision: number; readonly position: number }[],
  ): Promise<void>;
  close(): Promise<void>;
}

export interface StreamEntry extends StoredRecord {
  readonly revision: number;
}
