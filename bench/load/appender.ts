/** The event store's own client alone: appends the same bytes to new streams, so many at once. */
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { serveJobs } from '../harness/child.js';
import type { LoadResult } from './requests.js';

export interface AppendJob {
  readonly url: string;
  readonly inFlight: number;
  readonly seconds: number;
  readonly events: readonly { readonly type: string; readonly data: object; readonly metadata: object }[];
}

let client: EventStoreDBClient | undefined;

serveJobs<AppendJob, LoadResult>(async ({ url, inFlight, seconds, events }) => {
  client ??= EventStoreDBClient.connectionString(url);
  const store = client;
  const from = performance.now();
  const until = from + seconds * 1_000;
  let answers = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() < until) {
      const same = events.map(({ type, data, metadata }) =>
        jsonEvent({ type, data: data as Record<string, never>, metadata: metadata as Record<string, never> }),
      );
      await store.appendToStream(`bare-${randomUUID()}`, same, { expectedRevision: NO_STREAM });
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  return { perSecond: answers / ((performance.now() - from) / 1_000), answers, p50: 0, p99: 0 };
});
