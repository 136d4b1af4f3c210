import { LRUCache } from 'lru-cache';
import type { StreamState } from './streamState.js';

export interface CacheLimits {
  /** Streams held at most. */
  readonly streams: number;
  /** Sum of the held streams' lengths in events, each counted up to 10,000: a stand-in for the memory that states take. */
  readonly events: number;
}
export const CACHE_LIMITS: CacheLimits = { streams: 10_000, events: 300_000 };
const HEAVIEST = 10_000;

/** States by stream, least recently used out first. */
export interface StreamCache {
  get(stream: string): StreamState | undefined;
  /** Keeps a state unless a newer one of the stream is there: streams only grow, so the higher revision is the truth. */
  offer(stream: string, state: StreamState): void;
  /** Keeps a state of the very revision that is held: something else about the stream changed. */
  replace(stream: string, state: StreamState): void;
  drop(stream: string): void;
}

export function createStreamCache(limits: CacheLimits): StreamCache {
  const states = new LRUCache<string, StreamState>({
    max: limits.streams,
    maxSize: limits.events,
    sizeCalculation: ({ revision }) => Math.min(revision + 2, HEAVIEST, limits.events),
  });
  return {
    get: (stream) => states.get(stream),
    offer: (stream, state) => {
      const held = states.peek(stream);
      if (!held || held.revision < state.revision) states.set(stream, state);
    },
    replace: (stream, state) => {
      if (states.peek(stream)?.revision === state.revision) states.set(stream, state);
    },
    drop: (stream) => void states.delete(stream),
  };
}
