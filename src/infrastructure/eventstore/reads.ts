import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import type { StoredEvent } from '../../domain/kernel/storedEvent.js';
import { type EventStore, StoreUnavailable } from '../../commands/ports/eventStore.js';
import type { StoreConnection } from './connection.js';
import { readToEnd } from './readCall.js';
import { pageRequest } from './readRequests.js';

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
      return await places.execute(() =>
        readToEnd(connection, pageRequest(stream, from, count), stream, options.silenceMs),
      );
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
