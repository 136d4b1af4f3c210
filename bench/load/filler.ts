/** Makes a log long: events that concern nobody, many in one append, as fast as the node takes them. */
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { serveJobs } from '../harness/child.js';

export interface FillJob {
  readonly url: string;
  /** How many events more. */
  readonly events: number;
}

const IN_ONE_APPEND = 500;
const APPENDS_AT_ONCE = 8;
/** About as long as an event of a stock item. */
const DATA = { note: 'An event like many others of a log that has grown for years. '.repeat(4) };

const clients = new Map<string, EventStoreDBClient>();

serveJobs<FillJob, number>(async ({ url, events }) => {
  const store = clients.get(url) ?? EventStoreDBClient.connectionString(url);
  clients.set(url, store);
  let left = events;
  const fill = async (): Promise<void> => {
    while (left > 0) {
      const many = Math.min(IN_ONE_APPEND, left);
      left -= many;
      const some = Array.from({ length: many }, () =>
        jsonEvent({ type: 'SomethingHappened', data: DATA, metadata: {} }),
      );
      await store.appendToStream(`filler-${randomUUID()}`, some, { expectedRevision: NO_STREAM });
    }
  };
  await Promise.all(Array.from({ length: APPENDS_AT_ONCE }, fill));
  return events;
});
