import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  START,
  streamNameFilter,
  TimeoutError,
} from '@eventstore/db-client';
import { StoreUnavailable } from '../../commands/ports/eventStore.js';
import { type EventFeed, FeedDropped, type FeedMessage } from '../../subscriptions/ports/eventFeed.js';
import { closedError, type StoreConnection } from './connection.js';
import { readFault } from './faults.js';
import { OUTSIDE_SYSTEM_STREAMS } from './headRequest.js';
import { silenceLimit } from './silence.js';
import { toStored } from './storedEvents.js';

/** A checkpoint of the server's after this many windows of 32 events; nobody keeps it, so it may be rare. */
const CHECKPOINT_INTERVAL = 100;
/** Events that may wait on this side: the server drops a subscription as soon as 32 wait on its own. */
const READ_AHEAD = 1_000;

/**
 * `$all` without `$` events, as one subscription of the client for each call.
 *
 * @param confirmMs how long the server may take to confirm a subscription. After that silence is no fault: nothing may
 *   happen for days. A connection that dies then is found by keep-alive, and by whoever compares with the head.
 */
export function createFeed(connection: StoreConnection, confirmMs: number): EventFeed['subscribe'] {
  return async function* (after, signal) {
    if (signal.aborted) return;
    if (connection.closed) throw closedError();
    const client = connection.client();
    const subscription = client.subscribeToAll(
      {
        fromPosition: after === null ? START : { commit: after, prepare: after },
        filter: streamNameFilter({ regex: OUTSIDE_SYSTEM_STREAMS, checkpointInterval: CHECKPOINT_INTERVAL }),
      },
      { highWaterMark: READ_AHEAD },
    );
    const news = listen(subscription, signal);
    const confirmation = silenceLimit(confirmMs, () => {
      connection.suspect(client, confirmMs);
      news.fail(new StoreUnavailable(`no subscription confirmed after ${confirmMs} ms`));
    });
    subscription.on('confirmation', () => {
      confirmation.end();
      connection.heard(client);
    });
    subscription.on('readable', () => connection.heard(client));
    try {
      yield* news.messages();
    } catch (error) {
      // an everyday event: 32 events waited for us in the server
      if (error instanceof TimeoutError) throw new FeedDropped('the server dropped the subscription', { cause: error });
      throw readFault('$all', error);
    } finally {
      confirmation.end();
      subscription.unsubscribe().catch(() => undefined);
    }
  };
}

/**
 * Brings what the subscription emits back into one order. `caughtUp` is emitted while earlier events still wait in the
 * stream's buffer, so it is handed on once as many events as waited then were taken out. After a failure the events
 * that had arrived are handed on first.
 */
function listen(subscription: AllStreamSubscription, signal: AbortSignal) {
  let failure: Error | undefined;
  let over = false;
  /** Events to take out before `caughtUp` is due; undefined: it is not. */
  let caughtUpAfter: number | undefined;
  let wake: () => void = () => undefined;

  const end = (error?: Error): void => {
    if (!over) failure = error;
    over = true;
    wake();
  };
  const aborted = (): void => end();
  subscription.on('readable', () => wake());
  subscription.on('caughtUp', () => {
    caughtUpAfter = subscription.readableLength;
    wake();
  });
  subscription.on('error', end);
  subscription.on('end', () => end(new Error('the server ended the subscription')));
  signal.addEventListener('abort', aborted, { once: true });

  async function* messages(): AsyncGenerator<FeedMessage, void> {
    try {
      while (!signal.aborted) {
        if (caughtUpAfter === 0) {
          caughtUpAfter = undefined;
          yield { kind: 'caughtUp' };
          continue;
        }
        const resolved = subscription.read() as AllStreamResolvedEvent | null;
        if (resolved) {
          if (caughtUpAfter !== undefined) caughtUpAfter -= 1;
          if (resolved.event && !resolved.event.type.startsWith('$')) {
            yield { kind: 'event', event: toStored(resolved.event) };
          }
          continue;
        }
        if (over) {
          if (failure) throw failure;
          return;
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', aborted);
    }
  }

  return { messages, fail: end };
}
