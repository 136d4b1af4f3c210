import {
  type Appended,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
  WrongExpectedRevision,
} from '../../../src/commands/ports/eventStore.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';

/** The event store's port, in memory: for tests of what stands in front of it, never of the store itself. */
export class InMemoryEventStore implements EventStore {
  private readonly streams = new Map<string, StoredEvent[]>();
  private fault: Error | undefined;
  reads = 0;
  appends = 0;
  /** Every event in the order in which it was stored: the one at position n is the n-th. */
  readonly log: StoredEvent[] = [];

  /** From now on every call throws this, until it is healed. */
  breakWith(fault: Error): void {
    this.fault = fault;
  }

  heal(): void {
    this.fault = undefined;
  }

  /** How many events there are, of all streams. */
  get size(): number {
    return this.log.length;
  }

  events(stream: string): readonly StoredEvent[] {
    return this.streams.get(stream) ?? [];
  }

  /** Names of all streams of a category. */
  names(category: string): readonly string[] {
    return [...this.streams.keys()].filter((name) => name.startsWith(`${category}-`));
  }

  append(stream: string, events: readonly EventToAppend[], expected: ExpectedRevision): Promise<Appended> {
    this.appends++;
    if (this.fault) return Promise.reject(this.fault);
    const known = this.streams.get(stream) ?? [];
    const actual: ExpectedRevision = known.length === 0 ? 'no_stream' : known.length - 1;
    if (actual !== expected) {
      const repeated = this.repetition(known, events, expected);
      return repeated ? Promise.resolve(repeated) : Promise.reject(new WrongExpectedRevision(stream, expected, actual));
    }
    for (const { id, type, data, metadata } of events) {
      const revision = known.length;
      const position = BigInt(this.size + 1);
      const event = { id, type, data, metadata, stream, revision, position, createdAt: new Date() };
      const stored = structuredClone(event);
      known.push(stored);
      this.log.push(stored);
    }
    this.streams.set(stream, known);
    return Promise.resolve({ revision: known.length - 1, position: BigInt(this.size) });
  }

  async *read(
    stream: string,
    { fromRevision = 0, maxCount = Number.MAX_SAFE_INTEGER }: { fromRevision?: number; maxCount?: number } = {},
  ): AsyncIterable<StoredEvent> {
    this.reads++;
    if (this.fault) throw this.fault;
    const events = (this.streams.get(stream) ?? []).slice(fromRevision, fromRevision + maxCount);
    for (const event of events) yield await Promise.resolve(event);
  }

  private repetition(
    known: readonly StoredEvent[],
    events: readonly EventToAppend[],
    expected: ExpectedRevision,
  ): Appended | undefined {
    const from = expected === 'no_stream' ? 0 : expected + 1;
    const last = known[from + events.length - 1];
    const same = events.every(({ id }, index) => known[from + index]?.id === id);
    return same && last ? { revision: last.revision, position: last.position } : undefined;
  }
}
