/** Rebuilds the order view, verifies a log, or only reads it: events a second of each. */
import { openEventStore } from '#comanda/infrastructure/eventstore/index.js';
import { openPostgres } from '#comanda/infrastructure/postgres/database.js';
import { migrate } from '#comanda/infrastructure/postgres/migrate.js';
import { READ_MODELS, rebuildables } from '#comanda/main/roles/projections.js';
import { orderViewSchema } from '#comanda/projections/order/schema.js';
import { rebuild } from '#comanda/projections/rebuild/rebuild.js';
import { createFolds } from '#comanda/subscriptions/folds.js';
import { verify } from '#comanda/verification/verify.js';
import { serveJobs } from '../harness/child.js';

export interface RebuildJob {
  readonly kind: 'rebuild' | 'verify' | 'read';
  readonly eventStoreUrl: string;
  /** Of an empty database. */
  readonly postgresUrl: string;
}

serveJobs<RebuildJob, number>(async ({ kind, eventStoreUrl, postgresUrl }) => {
  await migrate({ url: postgresUrl, readModels: READ_MODELS });
  const store = openEventStore({ url: eventStoreUrl });
  const database = openPostgres({ url: postgresUrl, maxConnections: 5 });
  const { feed, eventStore: reader } = store;
  const signal = new AbortController().signal;
  const end = (await feed.head()) ?? 0n;
  let events = 0;
  const from = performance.now();
  if (kind === 'verify') {
    ({ events } = await verify({ feed, database, readModels: [], reactors: [], graceMs: 0 }));
  } else if (kind === 'read') {
    const enough = new AbortController();
    for await (const message of feed.subscribe(null, enough.signal)) {
      if (message.kind === 'caughtUp') break;
      events += 1;
      if (message.event.position >= end) break;
    }
    enough.abort();
  } else {
    const what = rebuildables(createFolds({ reader })).find(({ name }) => name === orderViewSchema.name);
    if (!what) throw new Error('there is no order view');
    // an empty build serves that says it has seen the whole log: the new one is made up to there
    await database.query('INSERT INTO checkpoints (name, position, epoch) VALUES ($1, $2, 1)', [
      what.readModel.name,
      end.toString(),
    ]);
    const progress = (read: number): void => void (events += read);
    await rebuild({ what, database, feed, reader, owner: 'bench', park: false, signal, progress });
  }
  const seconds = (performance.now() - from) / 1_000;
  await database.close();
  await store.close();
  return events / seconds;
});
