import { type FeedItem, feedItem } from '../../subscriptions/feed/feedItem.js';
import { type EventFeed, FeedDropped } from '../../subscriptions/ports/eventFeed.js';
import { categoryOf } from '../../domain/kernel/streams.js';

export interface StretchOptions {
  readonly feed: EventFeed;
  /** Events after it; null: from the start. */
  readonly after: bigint | null;
  /** Up to it, inclusive. */
  readonly upTo: bigint;
  readonly categories: ReadonlySet<string>;
  /** Events of one batch, of whatever category. */
  readonly batchSize: number;
  readonly signal: AbortSignal;
}

export interface Batch {
  /** Those of the wanted categories, decoded. */
  readonly items: readonly FeedItem[];
  /** How many events of any category were read. */
  readonly read: number;
  /** Everything up to here is in this batch or in an earlier one. */
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
  feed,
  after,
  upTo,
  categories,
  batchSize,
  signal,
}: StretchOptions): AsyncGenerator<Batch, void> {
  let position = after;
  let items: FeedItem[] = [];
  let count = 0;
  while (!signal.aborted && (position === null || position < upTo)) {
    const ending = new AbortController();
    try {
      for await (const message of feed.subscribe(position, AbortSignal.any([signal, ending.signal]))) {
        if (message.kind === 'caughtUp') continue;
        const { event } = message;
        if (event.position > upTo) {
          position = upTo;
          break;
        }
        position = event.position;
        count += 1;
        if (categories.has(categoryOf(event.stream))) items.push(feedItem(event));
        if (count >= batchSize) {
          yield { items, read: count, position };
          [items, count] = [[], 0];
        }
        if (position === upTo) break;
      }
    } catch (error) {
      // an everyday event: the server's buffer for us was full
      if (!(error instanceof FeedDropped)) throw error;
    } finally {
      ending.abort();
    }
  }
  if (count > 0 && position !== null) yield { items, read: count, position };
}
