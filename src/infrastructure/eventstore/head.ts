import type { EventFeed } from '../../subscriptions/ports/eventFeed.js';
import type { StoreConnection } from './connection.js';
import { readToEnd } from './readCall.js';
import { headRequest } from './readRequests.js';

/** Where the log ends, without `$` events. */
export const createHead =
  (connection: StoreConnection, silenceMs: number): EventFeed['head'] =>
  async (withinMs = silenceMs) => {
    const events = await readToEnd(connection, headRequest(), 'the end of the log', withinMs);
    return events.at(-1)?.position ?? null;
  };
