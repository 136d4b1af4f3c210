/** How a feed behaves in time; all but `capacity` in milliseconds. */
export interface FeedTimings {
  /** How many of the newest events are kept in memory at least; also how far a reader may stay behind before it is waited for. */
  readonly capacity: number;
  /** How long the feed waits for a slow reader before that one has to read apart. */
  readonly patienceMs: number;
  /** A feed that is silent for so long is compared with the end of the log. */
  readonly silenceMs: number;
  readonly watchEveryMs: number;
  /** How long the store may take to say where the log ends; a connection that is dead is replaced then, and asked again. */
  readonly headMs: number;
  readonly firstReconnectMs: number;
  readonly maxReconnectMs: number;
}

export const FEED_TIMINGS: FeedTimings = {
  capacity: 2_048,
  patienceMs: 1_000,
  // with a dead connection, on which asking for the head takes its whole time, five seconds together
  silenceMs: 2_500,
  watchEveryMs: 250,
  headMs: 1_750,
  firstReconnectMs: 100,
  maxReconnectMs: 10_000,
};
