import { convertToCommandError, type EventStoreDBClient } from '@eventstore/db-client';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { StoreUnavailable } from '../../commands/ports/eventStore.js';
import type { StoredEvent } from '../../domain/kernel/storedEvent.js';
import { closedError, type StoreConnection } from './connection.js';
import { readFault } from './faults.js';
import { readMessage, type ReadMessage } from './readMessages.js';
import { silenceLimit } from './silence.js';

const { path, requestSerialize } = streamsGrpc.StreamsService.read;

/** Begins a Read call over the client's connection, its answers read by {@link readMessage}. */
export const startRead = (
  connection: StoreConnection,
  client: EventStoreDBClient,
  request: ReadReq,
): Promise<ClientReadableStream<ReadMessage>> => startReadOf(connection, client, request, readMessage);

/** The same with answers as `read` makes them from their bytes. */
export const startReadOf = <Answer>(
  connection: StoreConnection,
  client: EventStoreDBClient,
  request: ReadReq,
  read: (bytes: Buffer) => Answer,
): Promise<ClientReadableStream<Answer>> =>
  connection.start(client, (service, metadata, options) =>
    service.makeServerStreamRequest(path, requestSerialize, read, request, metadata, options),
  );

/**
 * Everything that a read answers which comes to an end; nothing where there is no such stream.
 *
 * @param what is read, for errors
 * @param silenceMs how long the server may stay without a further event
 * @throws StoreUnavailable
 */
export function readToEnd(
  connection: StoreConnection,
  request: ReadReq,
  what: string,
  silenceMs: number,
): Promise<readonly StoredEvent[]> {
  if (connection.closed) return Promise.reject(closedError());
  const client = connection.client();
  return new Promise((resolve, reject) => {
    const events: StoredEvent[] = [];
    let givenUp = false;
    let cancel = (): void => undefined;
    const fail = (error: unknown): void => {
      givenUp = true;
      silence.end();
      reject(readFault(what, error));
      cancel();
    };
    const silence = silenceLimit(silenceMs, () => {
      connection.suspect(client, silenceMs);
      fail(new StoreUnavailable(`the event store is silent about ${what} for ${silenceMs} ms`));
    });
    startRead(connection, client, request)
      .then((reading) => {
        cancel = () => reading.cancel();
        // a call that begins when nobody waits for it any more would keep its connection for as long as the server likes
        if (givenUp) cancel();
        reading.on('data', (message: ReadMessage) => {
          silence.heard();
          connection.heard(client);
          if (message.kind === 'event' && message.event) events.push(message.event);
        });
        reading.on('error', (error) => fail(convertToCommandError(error)));
        reading.on('end', () => {
          silence.end();
          // a call that its own side ends looks like a complete one
          if (connection.closed) reject(closedError());
          else resolve(events);
        });
      })
      .catch(fail);
  });
}
