import { MetadataCodec } from '../../../src/domain/kernel/envelope.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import {
  type Appended,
  AppendOutcomeUnknown,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
  StoreUnavailable,
  WrongExpectedRevision,
} from '../../../src/commands/ports/eventStore.js';
import { added, context } from './tally.js';

/** What happens to one call of `append`; calls beyond the script go well. */
export type Fate =
  | 'stored'
  /** Another process appends one event first. */
  | 'overtaken'
  /** Stored, but the answer is lost. */
  | 'ackLost'
  /** Lost on its way to the store. */
  | 'requestLost'
  /** No answer, and it reaches the store only just before the next append does. */
  | 'late'
  /** Turned away; certainly not stored. */
  | 'unavailable';

export interface ScriptedStore extends EventStore {
  readonly calls: string[];
  readonly batches: (readonly EventToAppend[])[];
  events(stream: string): readonly StoredEvent[];
  /** What another process does: appends an event that adds 1. */
  othersAppend(stream: string, commandId: string): void;
  script(...fates: readonly Fate[]): void;
  /** Holds every append back until `release`. */
  hold(): () => void;
  failReads(times: number): void;
  /** Puts the store back to an earlier time. */
  truncate(stream: string, length: number): void;
}

/** A store in memory with the rules of the real one for explicit revisions, and with a script of what goes wrong. */
export function scriptedStore(): ScriptedStore {
  const streams = new Map<string, StoredEvent[]>();
  const fates: Fate[] = [];
  const late: (() => void)[] = [];
  const calls: string[] = [];
  const batches: (readonly EventToAppend[])[] = [];
  let position = 0n;
  let failingReads = 0;
  let overtakers = 0;
  let gate: Promise<void> = Promise.resolve();
  const eventsOf = (stream: string): StoredEvent[] => {
    const known = streams.get(stream) ?? [];
    streams.set(stream, known);
    return known;
  };

  function store(stream: string, events: readonly EventToAppend[], expected: ExpectedRevision): Appended {
    const log = eventsOf(stream);
    const at = expected === 'no_stream' ? 0 : expected + 1;
    const there = log.slice(at, at + events.length);
    const last = there.at(-1);
    if (last && there.length === events.length && there.every(({ id }, index) => id === events[index]?.id)) {
      return { revision: last.revision, position: last.position };
    }
    if (at !== log.length) {
      throw new WrongExpectedRevision(stream, expected, log.length === 0 ? 'no_stream' : log.length - 1);
    }
    for (const { id, type, data, metadata } of JSON.parse(JSON.stringify(events)) as EventToAppend[]) {
      position += 10n;
      log.push({ id, type, data, metadata, stream, revision: log.length, position, createdAt: new Date(0) });
    }
    return { revision: log.length - 1, position };
  }

  function othersAppend(stream: string, commandId: string): void {
    const { type, data } = added(`other ${commandId}`);
    const metadata = MetadataCodec.encode({ ...context(commandId), v: 1 });
    const length = eventsOf(stream).length;
    store(stream, [{ id: `${commandId}/0`, type, data, metadata }], length === 0 ? 'no_stream' : length - 1);
  }

  return {
    calls,
    batches,
    events: eventsOf,
    othersAppend,
    script: (...more) => void fates.push(...more),
    hold: () => {
      let release: () => void = () => undefined;
      gate = new Promise((resolve) => (release = resolve));
      return release;
    },
    failReads: (times) => void (failingReads = times),
    truncate: (stream, length) => void (eventsOf(stream).length = length),
    append: async (stream, events, expected) => {
      calls.push('append');
      batches.push(events);
      await gate;
      for (const arrive of late.splice(0)) arrive();
      switch (fates.shift() ?? 'stored') {
        case 'overtaken':
          othersAppend(stream, `overtaker-${(overtakers += 1)}`);
          return store(stream, events, expected);
        case 'ackLost':
          store(stream, events, expected);
          throw new AppendOutcomeUnknown('no answer');
        case 'requestLost':
          throw new AppendOutcomeUnknown('no answer');
        case 'late':
          late.push(() => {
            try {
              store(stream, events, expected);
            } catch {
              // nobody listens to the answer any more
            }
          });
          throw new AppendOutcomeUnknown('no answer');
        case 'unavailable':
          throw new StoreUnavailable('down');
        case 'stored':
          return store(stream, events, expected);
      }
    },
    read: async function* (stream, { fromRevision = 0, maxCount = Infinity } = {}) {
      calls.push(fromRevision === 0 ? 'read' : 'tail');
      await Promise.resolve();
      if (failingReads > 0) {
        failingReads -= 1;
        throw new StoreUnavailable('silent');
      }
      yield* eventsOf(stream).slice(fromRevision, fromRevision + maxCount);
    },
  };
}
