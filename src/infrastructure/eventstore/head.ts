import { convertToCommandError } from '@eventstore/db-client';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { StoreUnavailable } from '../../commands/ports/eventStore.js';
import type { EventFeed } from '../../subscriptions/ports/eventFeed.js';
import { closedError, type StoreConnection } from './connection.js';
import { readFault } from './faults.js';
import { headRequest } from './headRequest.js';
import { silenceLimit } from './silence.js';

/** Where the log ends, without `$` events. */
export function createHead(connection: StoreConnection, silenceMs: number): EventFeed['head'] {
  return async (withinMs = silenceMs) => {
    if (connection.closed) throw closedError();
    const client = connection.client();
    return new Promise<bigint | null>((resolve, reject) => {
      let position: bigint | null = null;
      let cancel = (): void => undefined;
      const fail = (error: unknown): void => {
        silence.end();
        reject(readFault('the end of the log', error));
        cancel();
      };
      const silence = silenceLimit(withinMs, () => {
        connection.suspect(client, withinMs);
        fail(new StoreUnavailable(`the event store is silent for ${withinMs} ms`));
      });
      connection
        .start(client, (service, ...args) => service.read(headRequest(), ...args))
        .then((reading) => {
          cancel = () => reading.cancel();
          reading.on('data', (response: ReadResp) => {
            silence.heard();
            connection.heard(client);
            const found = response.getEvent()?.getEvent()?.getCommitPosition();
            if (found !== undefined) position = BigInt(found);
          });
          reading.on('error', (error) => fail(convertToCommandError(error)));
          reading.on('end', () => {
            silence.end();
            resolve(position);
          });
        })
        .catch(fail);
    });
  };
}
