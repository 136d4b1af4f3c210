import { type EventStoreDBClient, FORWARDS, START, StreamNotFoundError } from '@eventstore/db-client';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import type { StoredEvent } from '../../domain/kernel/storedEvent.js';
import { type EventStore, StoreUnavailable } from '../../commands/ports/eventStore.js';
import { closedError, type StoreConnection } from './connection.js';
import { readFault } from './faults.js';
import { toStored } from './storedEvents.js';
import { silenceLimit } from './silence.js';

export interface ReadOptions {
  /** How long a read may stay without a further event, in milliseconds. */
  readonly silenceMs: number;
  /** Pages read at once; a server carries 100 calls on a connection and lets the next one wait without a word. */
  readonly maxConcurrent: number;
  /** Pages that may wait for their turn. */
  readonly maxWaiting: number;
  /** Events of one page. */
  readonly pageSize: number;
}

/** Stream reads, page by page, so that a slow reader holds neither a call nor a place in the line. */
export function createReads(connection: StoreConnection, options: ReadOptions): EventStore['read'] {
  const places = bulkhead(options.maxConcurrent, options.maxWaiting);

  async function page(stream: string, from: number, count: number): Promise<readonly StoredEvent[]> {
    try {
      return await places.execute(() => readPage(connection, stream, from, count, options.silenceMs));
    } catch (error) {
      if (error instanceof BulkheadRejectedError) {
        throw new StoreUnavailable('too many reads wait for the event store', { cause: error });
      }
      throw error;
    }
  }

  return async function* (stream, { fromRevision = 0, maxCount = Number.POSITIVE_INFINITY } = {}) {
    let next = fromRevision;
    let left = maxCount;
    while (left > 0) {
      const wanted = Math.min(left, options.pageSize);
      const events = await page(stream, next, wanted);
      yield* events;
      const last = events.at(-1);
      if (!last || events.length < wanted) return;
      next = last.revision + 1;
      left -= events.length;
    }
  };
}

async function readPage(
  connection: StoreConnection,
  stream: string,
  from: number,
  count: number,
  silenceMs: number,
): Promise<readonly StoredEvent[]> {
  if (connection.closed) throw closedError();
  const client: EventStoreDBClient = connection.client();
  const reading = client.readStream(stream, {
    direction: FORWARDS,
    fromRevision: from === 0 ? START : BigInt(from),
    maxCount: count,
    requiresLeader: true,
  });
  const silence = silenceLimit(silenceMs, () => {
    connection.suspect(client, silenceMs);
    reading.destroy(new StoreUnavailable(`the event store is silent about ${stream} for ${silenceMs} ms`));
    reading.cancel().catch(() => undefined);
  });
  const events: StoredEvent[] = [];
  try {
    for await (const { event } of reading) {
      silence.heard();
      connection.heard(client);
      if (event) events.push(toStored(event));
    }
  } catch (error) {
    if (error instanceof StreamNotFoundError) return [];
    throw readFault(stream, error);
  } finally {
    silence.end();
  }
  // a call that its own side ends looks like a complete one
  if (connection.closed) throw closedError();
  return events;
}
