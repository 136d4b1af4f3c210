import type { StoredEvent } from '../../domain/kernel/storedEvent.js';

/** A part of what the log holds already. */
export interface Stretch {
  /** Events after it; null: from the beginning. */
  readonly after: bigint | null;
  /** Up to it, inclusive. */
  readonly upTo: bigint;
  /** Of streams of these categories alone; absent: of all. */
  readonly categories?: ReadonlySet<string>;
}

/** The log as far as it is written, for whoever reads much of it: at a fraction of what a subscription costs. */
export interface LogHistory {
  /**
   * The events of a stretch in order, without `$` events, in portions as they come; ends behind the last one, also where
   * the event at its end is not there any more.
   * @throws StoreUnavailable when the connection fails; going on after the last event is cheap
   */
  read(stretch: Stretch, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>;
}
