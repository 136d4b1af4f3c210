import { categoryOf } from '../../domain/kernel/streams.js';
import type { EventFeed } from '../ports/eventFeed.js';
import type { LogHistory } from '../ports/logHistory.js';

/** The history as a subscription tells it: for a log that has no quicker way. A FeedDropped of the feed is passed on. */
export const historyOf = (feed: EventFeed): LogHistory => ({
  read: async function* ({ after, upTo, categories }, signal) {
    const enough = new AbortController();
    let begun = after !== null;
    try {
      for await (const message of feed.subscribe(after, AbortSignal.any([signal, enough.signal]))) {
        if (signal.aborted) return;
        if (message.kind === 'caughtUp') {
          // the event to stop at may be gone by now
          if (begun) return;
          continue;
        }
        const { event } = message;
        begun = true;
        if (event.position > upTo) return;
        if (!categories || categories.has(categoryOf(event.stream))) yield [event];
        if (event.position === upTo) return;
      }
    } finally {
      enough.abort();
    }
  },
});
