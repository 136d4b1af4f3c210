import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedEventStore } from '../../embedded/eventstore/start.js';
import { openEventStore, type OpenEventStore } from '../../infrastructure/eventstore/index.js';
import type { Logger } from '../../infrastructure/telemetry/logger.js';
import type { EventFeed } from '../../subscriptions/ports/eventFeed.js';
import type { Config } from '../config.js';
import { StartupError } from '../startupError.js';
import { type Component, placeOf } from './component.js';

export interface EventStoreComponent extends Component, Omit<OpenEventStore, 'close'> {}

const PATIENCE_MS = 10_000;

/**
 * The event store: the EventStoreDB of EVENTSTORE_URL, or esdb-node under the data folder.
 * @throws StartupError when it cannot be started or does not answer
 */
export async function openStore({ eventStoreUrl, dataFolder }: Config, log: Logger): Promise<EventStoreComponent> {
  const server = eventStoreUrl === undefined ? await embedded(dataFolder) : real(eventStoreUrl);
  const store = openEventStore({ url: server.url });
  const stop = async () => {
    await store.close();
    await server.stop();
  };
  try {
    await firstAnswer(store.feed, log);
  } catch (cause) {
    await stop();
    throw new StartupError(
      `EVENTSTORE_URL: no event store answers at ${placeOf(server.url)}: is it running, and is tls=false right or wrong?`,
      { cause },
    );
  }
  const { eventStore, feed, removal, history, historyApart } = store;
  return { eventStore, feed, removal, history, historyApart, describe: server.describe, stop };
}

async function embedded(dataFolder: string) {
  try {
    return await startEmbeddedEventStore(dataFolder);
  } catch (cause) {
    throw new StartupError(
      `COMANDA_DATA: the embedded event store did not start: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

const real = (url: string) => ({ url, describe: `EventStoreDB at ${placeOf(url)}`, stop: () => Promise.resolve() });

/** A store that is just being started beside us may need a moment. */
async function firstAnswer(feed: EventFeed, log: Logger): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    try {
      await feed.head();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      log.debug('the event store does not answer yet', { error });
      await sleep(250);
    }
  }
}
