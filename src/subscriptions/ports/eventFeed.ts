import type { StoredEvent } from '../../domain/kernel/storedEvent.js';

/** What a subscription to `$all` says, in order. */
export type FeedMessage =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  /** History is done; what follows is live. May come again after falling behind. */
  | { readonly kind: 'caughtUp' };

/** `$all` as subscriptions need it: without `$` events, in order. */
export interface EventFeed {
  /**
   * Events after a position (null: from the start), for ever, until `signal` aborts or the connection fails.
   * A real server drops a slow consumer: that surfaces as {@link FeedDropped}, and going on after the last event processed is cheap.
   */
  subscribe(after: bigint | null, signal: AbortSignal): AsyncIterable<FeedMessage>;
  /**
   * Position of the last event in the log that is not a `$` event; null in an empty log.
   * @param withinMs for how long the store may be silent, where that is not as usual; then a system fault is thrown
   */
  head(withinMs?: number): Promise<bigint | null>;
}

/** The server ended the subscription because its buffer was full: an everyday event, not a fault. */
export class FeedDropped extends Error {
  override readonly name = 'FeedDropped';
}
