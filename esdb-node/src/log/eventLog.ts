import type { Storage } from '../storage/storage.js';
import type { Expected, ProposedEvent, WriteOutcome } from './expected.js';
import { Reader } from './reader.js';
import { Wakeups } from './wakeups.js';
import { Writer } from './writer.js';

/**
 * The log: everything that services need of it. Writes are answered when they are durable; `reader` sees what is durable;
 * `onAppend` says when there is more.
 */
export class EventLog {
  readonly reader: Reader;
  private readonly writer: Writer;
  private readonly wakeups = new Wakeups();

  constructor(
    private readonly storage: Storage,
    now: () => number = Date.now,
  ) {
    this.reader = new Reader(storage, now);
    this.writer = new Writer({ storage, now, onDurable: (group) => this.wakeups.notify(group) });
  }

  /** Appends that are made in the same turn become durable together, or not at all. */
  append(stream: string, expected: Expected, events: readonly ProposedEvent[]): Promise<WriteOutcome> {
    return this.writer.append(stream, expected, events);
  }

  softDelete(stream: string, expected: Expected): Promise<WriteOutcome> {
    return this.writer.softDelete(stream, expected);
  }

  tombstone(stream: string, expected: Expected): Promise<WriteOutcome> {
    return this.writer.tombstone(stream, expected);
  }

  /** Calls `wake` after each commit that wrote to `stream` (undefined: to any) until the returned function is called. */
  onAppend(stream: string | undefined, wake: () => void): () => void {
    return this.wakeups.on(stream, wake);
  }

  /** Waits for the writes that were accepted, then closes the storage. */
  async close(): Promise<void> {
    await this.writer.settled().catch(() => undefined);
    await this.storage.close();
  }
}

/** What those need that only write. */
export type WriteLog = Pick<EventLog, 'append' | 'softDelete' | 'tombstone'>;
