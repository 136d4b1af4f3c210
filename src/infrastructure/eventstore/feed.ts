import { convertToCommandError, TimeoutError } from '@eventstore/db-client';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { StoreUnavailable } from '../../commands/ports/eventStore.js';
import { type EventFeed, FeedDropped, type FeedMessage } from '../../subscriptions/ports/eventFeed.js';
import { closedError, type StoreConnection } from './connection.js';
import { readFault } from './faults.js';
import { startRead } from './readCall.js';
import type { ReadMessage } from './readMessages.js';
import { feedRequest } from './readRequests.js';
import { silenceLimit } from './silence.js';

/** Messages that may wait on this side: the server drops a subscription as soon as 32 wait on its own. */
const READ_AHEAD = 1_000;

/**
 * `$all` without `$` events, as one subscription for each call.
 *
 * @param confirmMs how long the server may take to confirm a subscription. After that silence is no fault: nothing may
 *   happen for days. A connection that dies then is found by keep-alive, and by whoever compares with the head.
 */
export function createFeed(connection: StoreConnection, confirmMs: number): EventFeed['subscribe'] {
  return async function* (after, signal) {
    if (signal.aborted) return;
    if (connection.closed) throw closedError();
    const client = connection.client();
    const arrivals = new Arrivals();
    const confirmation = silenceLimit(confirmMs, () => {
      connection.suspect(client, confirmMs);
      arrivals.end(new StoreUnavailable(`no subscription confirmed after ${confirmMs} ms`));
    });
    startRead(connection, client, feedRequest(after)).then(
      (reading) =>
        arrivals.follow(reading, ({ kind }) => {
          connection.heard(client);
          if (kind === 'confirmation') confirmation.end();
        }),
      (error: unknown) => arrivals.end(readFault('$all', error)),
    );
    const aborted = (): void => arrivals.end();
    signal.addEventListener('abort', aborted, { once: true });
    try {
      for (;;) {
        const messages = await arrivals.take();
        if (!messages) return;
        for (const message of messages) {
          if (signal.aborted) return;
          const told = tell(message);
          if (told) yield told;
        }
      }
    } catch (error) {
      // an everyday event: 32 events waited for us in the server
      if (error instanceof TimeoutError) throw new FeedDropped('the server dropped the subscription', { cause: error });
      throw readFault('$all', error);
    } finally {
      signal.removeEventListener('abort', aborted);
      confirmation.end();
      arrivals.leave();
    }
  };
}

function tell(message: ReadMessage): FeedMessage | undefined {
  if (message.kind === 'caughtUp') return { kind: 'caughtUp' };
  if (message.kind !== 'event' || !message.event || message.event.type.startsWith('$')) return undefined;
  return { kind: 'event', event: message.event };
}

/** What a call brought and nobody has looked at yet, in its order; after a failure first all that came before it. */
class Arrivals {
  private waiting: ReadMessage[] = [];
  private reading: ClientReadableStream<ReadMessage> | undefined;
  private over = false;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  follow(reading: ClientReadableStream<ReadMessage>, heard: (message: ReadMessage) => void): void {
    // told to end before the call had begun
    if (this.over) {
      reading.on('error', () => undefined);
      reading.cancel();
      return;
    }
    this.reading = reading;
    reading.on('data', (message: ReadMessage) => {
      heard(message);
      this.waiting.push(message);
      if (this.waiting.length >= READ_AHEAD) reading.pause();
      this.wake();
    });
    reading.on('error', (error) => this.end(convertToCommandError(error)));
    reading.on('end', () => this.end(new Error('the server ended the subscription')));
  }

  /** Nothing more will come; the first reason counts. Without one somebody wanted it so, and there is no failure. */
  end(failure?: Error): void {
    if (!this.over) this.failure = failure;
    this.over = true;
    this.wake();
  }

  leave(): void {
    this.end();
    this.reading?.cancel();
  }

  /** All that came since; waits for the first. Undefined once nothing more will come; throws what ended it, if anything did. */
  async take(): Promise<readonly ReadMessage[] | undefined> {
    while (this.waiting.length === 0) {
      if (this.reading?.isPaused()) {
        // what the call holds back comes first, even where it has failed meanwhile
        this.reading.resume();
        await new Promise(setImmediate);
      } else if (!this.over) {
        await new Promise<void>((resolve) => (this.wake = resolve));
      } else {
        if (this.failure !== undefined) throw this.failure;
        return undefined;
      }
    }
    const came = this.waiting;
    this.waiting = [];
    return came;
  }
}
