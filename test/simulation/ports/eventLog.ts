import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import {
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
  WrongExpectedRevision,
} from '../../../src/commands/ports/eventStore.js';

/** The event store itself: durable, one for everybody, without time or faults. */
export class EventLog {
  readonly all: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #listeners: ((event: StoredEvent) => void)[] = [];
  readonly #onRecognised: ((stored: readonly StoredEvent[], sent: readonly EventToAppend[]) => void)[] = [];

  /** @param now milliseconds since 1970, for the time that the store writes beside an event */
  constructor(private readonly now: () => number) {}

  onAppended(listener: (event: StoredEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Told of each append that is confirmed because events with these ids stand there already. */
  onRecognised(listener: (stored: readonly StoredEvent[], sent: readonly EventToAppend[]) => void): void {
    this.#onRecognised.push(listener);
  }

  stream(name: string): readonly StoredEvent[] {
    return this.#streams.get(name) ?? [];
  }

  get streams(): Iterable<readonly [string, readonly StoredEvent[]]> {
    return this.#streams;
  }

  get head(): bigint | null {
    return this.all.at(-1)?.position ?? null;
  }

  /**
   * As a real store does: an append whose events stand where they were expected to go is recognised.
   * @throws WrongExpectedRevision
   */
  append(stream: string, events: readonly EventToAppend[], expected: ExpectedRevision): Appended {
    const known = this.#streams.get(stream) ?? [];
    const actual: ExpectedRevision = known.length === 0 ? 'no_stream' : known.length - 1;
    if (actual !== expected) {
      const stored = repetition(known, events, expected);
      const last = stored?.at(-1);
      if (stored && last) {
        for (const listener of this.#onRecognised) listener(stored, events);
        return { revision: last.revision, position: last.position };
      }
      throw new WrongExpectedRevision(stream, expected, actual);
    }
    this.#streams.set(stream, known);
    const added = events.map(({ id, type, data, metadata }, index): StoredEvent => {
      const copied = JSON.parse(JSON.stringify({ data, metadata })) as { data: unknown; metadata: unknown };
      return deepFreeze({
        id,
        type,
        ...copied,
        stream,
        revision: known.length + index,
        position: BigInt(this.all.length + index + 1) * 100n,
        createdAt: new Date(this.now()),
      });
    });
    known.push(...added);
    this.all.push(...added);
    for (const event of added) for (const listener of this.#listeners) listener(event);
    const last = known.at(-1);
    if (!last) throw new Error('an append of nothing');
    return { revision: last.revision, position: last.position };
  }

  /** How many events stand at or before a position. */
  indexAfter(position: bigint | null): number {
    return position === null ? 0 : Number(position / 100n);
  }
}

function repetition(
  known: readonly StoredEvent[],
  events: readonly EventToAppend[],
  expected: ExpectedRevision,
): readonly StoredEvent[] | undefined {
  const from = expected === 'no_stream' ? 0 : expected + 1;
  const same = events.every(({ id }, index) => known[from + index]?.id === id);
  return same ? known.slice(from, from + events.length) : undefined;
}

/** Whoever changes what was stored is found out. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
