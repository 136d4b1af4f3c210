import { type FeedItem, feedItem } from '../subscriptions/feed/feedItem.js';
import { type EventFeed, FeedDropped } from '../subscriptions/ports/eventFeed.js';
import { retrying } from '../subscriptions/retry.js';
import { isSystemFault } from '../subscriptions/systemFault.js';

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;
/** Failures in a row without an event in between, before the store is given up. */
const MAX_FAILURES = 5;

/**
 * Reads the log from its beginning to an event, once, in order; goes on after the last event where a connection fails.
 * @throws the store's fault when it stays away
 */
export async function readLog(
  feed: EventFeed,
  upTo: bigint,
  signal: AbortSignal | undefined,
  onItem: (item: FeedItem) => void,
): Promise<void> {
  let last: bigint | null = null;
  let failures = 0;
  const stopped = signal ?? new AbortController().signal;

  const follow = async (): Promise<void> => {
    const enough = new AbortController();
    try {
      for await (const message of feed.subscribe(last, enough.signal)) {
        if (stopped.aborted) return;
        if (message.kind === 'caughtUp') {
          // the event to stop at may be gone by now
          if (last !== null) return;
          continue;
        }
        const { event } = message;
        if (event.position > upTo) return;
        onItem(feedItem(event));
        last = event.position;
        failures = 0;
        if (last === upTo) return;
      }
      throw new FeedDropped('the subscription ended before the log did');
    } finally {
      enough.abort();
    }
  };

  await retrying(follow, {
    firstDelayMs: FIRST_RETRY_MS,
    maxDelayMs: MAX_RETRY_MS,
    signal: stopped,
    shouldRetry: (error) => {
      failures += 1;
      return failures <= MAX_FAILURES && (error instanceof FeedDropped || isSystemFault(error));
    },
  });
}
