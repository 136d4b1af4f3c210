import type { EventStore } from '../../commands/ports/eventStore.js';
import type { StreamRemoval } from '../../processes/ports/streamRemoval.js';
import type { EventFeed } from '../../subscriptions/ports/eventFeed.js';
import type { LogHistory } from '../../subscriptions/ports/logHistory.js';
import { type AppendOptions, createAppends } from './appends.js';
import { connect } from './connection.js';
import { createFeed } from './feed.js';
import { createHead } from './head.js';
import { createHistory, createHistoryApart } from './history/index.js';
import { createReads, type ReadOptions } from './reads.js';
import { createRemoval } from './removal.js';

export interface EventStoreOptions extends Partial<AppendOptions>, Partial<ReadOptions> {
  /** `esdb://…`, as `@eventstore/db-client` reads it. */
  readonly url: string;
}

/** The event store for commands and for subscriptions. */
export interface OpenEventStore {
  readonly eventStore: EventStore;
  readonly feed: EventFeed;
  readonly removal: StreamRemoval;
  readonly history: LogHistory;
  /** The same by a thread of its own for each reading. */
  readonly historyApart: LogHistory;
  /** Ends every call and lets go of the connections. */
  close(): Promise<void>;
}

const DEFAULTS: AppendOptions & ReadOptions = {
  timeoutMs: 5_000,
  maxInFlight: 4_096,
  silenceMs: 5_000,
  // a real server's limit is 100 calls on a connection; a few stay free
  maxConcurrent: 90,
  maxWaiting: 10_000,
  pageSize: 500,
};

/**
 * Opens an EventStoreDB (21.10 or newer; `caughtUp` needs 23.10) or esdb-node through `@eventstore/db-client`: appends,
 * stream reads and the feed each on a connection of their own, with time limits of their own, since the client has none
 * for them. Connects with the first call, and again by itself.
 */
export function openEventStore({ url, ...options }: EventStoreOptions): OpenEventStore {
  const settings = { ...DEFAULTS, ...options };
  const appends = connect(url, 'appends');
  const reads = connect(url, 'reads');
  const feed = connect(url, 'feed');
  const read = createReads(reads, settings);
  return {
    eventStore: { append: createAppends(appends, settings), read },
    removal: createRemoval(reads, read, settings.timeoutMs),
    feed: { subscribe: createFeed(feed, settings.silenceMs), head: createHead(feed, settings.silenceMs) },
    history: createHistory(feed),
    historyApart: createHistoryApart(url),
    close: async () => {
      await Promise.all([appends.close(), reads.close(), feed.close()]);
    },
  };
}
