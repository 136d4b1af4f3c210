import type { StoredEvent } from '../../domain/kernel/storedEvent.js';

/** An event about to be stored. `metadata` is the encoded envelope. */
export interface EventToAppend {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** The revision that a stream must have for an append: a number, or no stream at all. Never "any". */
export type ExpectedRevision = number | 'no_stream';

export interface Appended {
  /** Revision of the last event appended. */
  readonly revision: number;
  readonly position: bigint;
}

/** The event store as commands need it. */
export interface EventStore {
  /**
   * Appends events in one piece, durably. Repeating the identical append is safe: the store recognises event ids.
   * @throws WrongExpectedRevision when the stream stands elsewhere
   * @throws AppendOutcomeUnknown when the answer did not come: stored or not, nobody knows; only the identical append may follow
   * @throws StoreUnavailable when the events were certainly not stored
   * @throws AppendRefused when the store will never take them
   */
  append(stream: string, events: readonly EventToAppend[], expected: ExpectedRevision): Promise<Appended>;
  /**
   * Reads a stream forwards from a revision, all of it or up to `maxCount`; a missing stream is an empty one.
   * @throws StoreUnavailable, also on silence: a read has a deadline between two events
   */
  read(
    stream: string,
    options?: { readonly fromRevision?: number; readonly maxCount?: number },
  ): AsyncIterable<StoredEvent>;
}

export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
    options?: ErrorOptions,
  ) {
    super(`${stream} stands at ${actual}, not at ${expected}`, options);
  }
}

/** The store cannot be reached or does not answer; certain: nothing was written. */
export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
  /** Marks a fault of the system: it never counts against a message or an event. */
  readonly isSystemFault = true;
}

/** An append was sent and no answer came: the events may be stored. */
export class AppendOutcomeUnknown extends StoreUnavailable {
  override readonly name = 'AppendOutcomeUnknown';
}

/**
 * The store will not take this append, however often it is tried: the events are too large, or the stream is deleted
 * for good. Nothing was written. A fault of what was asked, not of the system.
 */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';
}
