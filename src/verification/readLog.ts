import { type FeedItem, feedItem } from '../subscriptions/feed/feedItem.js';
import { FeedDropped } from '../subscriptions/ports/eventFeed.js';
import type { LogHistory } from '../subscriptions/ports/logHistory.js';
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
  history: LogHistory,
  upTo: bigint,
  signal: AbortSignal | undefined,
  onItem: (item: FeedItem) => void,
): Promise<void> {
  let last: bigint | null = null;
  let failures = 0;
  const stopped = signal ?? new AbortController().signal;

  const follow = async (): Promise<void> => {
    for await (const events of history.read({ after: last, upTo }, stopped)) {
      for (const event of events) {
        onItem(feedItem(event));
        last = event.position;
      }
      failures = 0;
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
