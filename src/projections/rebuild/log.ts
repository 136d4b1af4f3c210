import { type FeedItem, feedItem } from '../../subscriptions/feed/feedItem.js';
import { FeedDropped } from '../../subscriptions/ports/eventFeed.js';
import type { LogHistory } from '../../subscriptions/ports/logHistory.js';

export interface StretchOptions {
  readonly history: LogHistory;
  /** Events after it; null: from the start. */
  readonly after: bigint | null;
  /** Up to it, inclusive. */
  readonly upTo: bigint;
  readonly categories: ReadonlySet<string>;
  /** Events of one batch. */
  readonly batchSize: number;
  readonly signal: AbortSignal;
}

/** Events of the wanted categories, in order. */
export interface Batch {
  readonly items: readonly FeedItem[];
  /** Everything of those categories up to here is in this batch or in an earlier one. */
  readonly position: bigint;
}

/** A stretch of the log in batches; the next one is read while the last one is being worked. */
export async function* stretchOf(options: StretchOptions): AsyncGenerator<Batch, void> {
  const batches = read(options);
  for (let next = batches.next(); ;) {
    const { value, done } = await next;
    if (done) return;
    next = batches.next();
    // whoever stops listening leaves a read behind that nobody waits for
    next.catch(() => undefined);
    yield value;
  }
}

async function* read({
  history,
  after,
  upTo,
  categories,
  batchSize,
  signal,
}: StretchOptions): AsyncGenerator<Batch, void> {
  let items: FeedItem[] = [];
  let position = after;
  for (let dropped = true; dropped && !signal.aborted && (position === null || position < upTo);) {
    dropped = false;
    try {
      for await (const events of history.read({ after: position, upTo, categories }, signal)) {
        for (const event of events) {
          items.push(feedItem(event));
          position = event.position;
          if (items.length < batchSize) continue;
          yield { items, position };
          items = [];
        }
      }
    } catch (error) {
      // an everyday event where the history is a subscription: the server's buffer for us was full
      if (!(error instanceof FeedDropped)) throw error;
      dropped = true;
    }
  }
  if (items.length > 0 && position !== null) yield { items, position };
}
