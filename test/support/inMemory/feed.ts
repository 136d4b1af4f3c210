import type { EventFeed } from '../../../src/subscriptions/ports/eventFeed.js';
import { pause } from '../../../src/subscriptions/wait.js';
import type { InMemoryEventStore } from './eventStore.js';

const LOOK_AGAIN_MS = 2;

/** What is stored in memory, as subscriptions read it. */
export const feedOf = ({ log }: InMemoryEventStore): EventFeed => ({
  head: () => Promise.resolve(log.at(-1)?.position ?? null),
  subscribe: async function* (after, signal) {
    let next = Number(after ?? 0n);
    let saidCaughtUp = false;
    while (!signal.aborted) {
      const event = log[next];
      if (event) {
        next += 1;
        yield { kind: 'event', event };
      } else if (!saidCaughtUp) {
        saidCaughtUp = true;
        yield { kind: 'caughtUp' };
      } else await pause(LOOK_AGAIN_MS, signal);
    }
  },
});
