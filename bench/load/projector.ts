/** The order view caught up from the first event on, and what its rows cost the database without anything else. */
import * as E from 'fp-ts/lib/Either.js';
import type { RecordedEvent } from '#comanda/domain/events.js';
import { openEventStore } from '#comanda/infrastructure/eventstore/index.js';
import { openPostgres } from '#comanda/infrastructure/postgres/database.js';
import { migrate } from '#comanda/infrastructure/postgres/migrate.js';
import { hearing } from '#comanda/projections/documents/hearing.js';
import { orderProjection } from '#comanda/projections/order/projection.js';
import { ORDER_VIEW, orderViewSchema } from '#comanda/projections/order/schema.js';
import { feedItem } from '#comanda/subscriptions/feed/feedItem.js';
import { createSubscriptions } from '#comanda/subscriptions/subscriptions.js';
import type { Queryable, QueryResult } from '#comanda/subscriptions/ports/database.js';
import { serveJobs } from '../harness/child.js';

export interface ProjectJob {
  readonly kind: 'catch-up' | 'one by one' | 'upserts';
  readonly eventStoreUrl: string;
  /** Of an empty database. */
  readonly postgresUrl: string;
  /** So many events of the beginning of the log. */
  readonly events: number;
}

const log = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
const BATCH = 1_000;

serveJobs<ProjectJob, number>(async (job) => {
  await migrate({ url: job.postgresUrl, readModels: [orderViewSchema] });
  return job.kind === 'upserts' ? await upsertAll(job) : await project(job);
});

/** Events a second of Comanda's own runner, projection and transaction. */
async function project({ kind, eventStoreUrl, postgresUrl, events }: ProjectJob): Promise<number> {
  const store = openEventStore({ url: eventStoreUrl });
  const database = openPostgres({ url: postgresUrl, maxConnections: 5 });
  const subscriptions = createSubscriptions({
    feed: store.feed,
    reader: store.eventStore,
    database,
    log,
    owner: 'bench',
    ...(kind === 'one by one' ? { runnerTimings: { batchSize: 1, batchMs: 0 } } : {}),
  });
  let done = 0;
  const all = new Promise<void>((resolve) => {
    const committed = (batch: readonly RecordedEvent[]): void => {
      done += batch.length;
      if (done >= events) resolve();
    };
    subscriptions.addProjection(hearing(orderProjection(), committed));
  });
  const from = performance.now();
  await subscriptions.start();
  await all;
  const seconds = (performance.now() - from) / 1_000;
  await subscriptions.stop();
  await database.close();
  await store.close();
  return done / seconds;
}

interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** A transaction that keeps the rows in memory and the statements for later. */
class Recording implements Queryable {
  private readonly rows = new Map<unknown, { id: unknown; revision: number; state: unknown }>();
  statements: Statement[] = [];

  query<R extends object>(sql: string, params: readonly unknown[] = []): Promise<QueryResult<R>> {
    if (sql.startsWith('SELECT')) {
      const rows = (params[0] as readonly unknown[]).flatMap((id) => this.rows.get(id) ?? []);
      return Promise.resolve({ rows: rows as unknown as R[], rowCount: rows.length });
    }
    this.statements.push({ sql, params });
    const columns = /\(([^)]+)\)/.exec(sql.slice(sql.indexOf(' AS kept ')))?.[1]?.split(', ') ?? [];
    for (let first = 0; first < params.length; first += columns.length) {
      const row = Object.fromEntries(columns.map((name, index) => [name, params[first + index]]));
      this.rows.set(row['id'], {
        id: row['id'],
        revision: Number(row['revision']),
        state: JSON.parse(String(row['state'])) as unknown,
      });
    }
    return Promise.resolve({ rows: [], rowCount: params.length / columns.length });
  }
}

let recorded: { readonly events: number; readonly batches: readonly (readonly Statement[])[] } | undefined;

async function record(eventStoreUrl: string, events: number): Promise<readonly (readonly Statement[])[]> {
  const store = openEventStore({ url: eventStoreUrl });
  const projection = orderProjection();
  const transaction = new Recording();
  const batches: Statement[][] = [];
  let batch: RecordedEvent[] = [];
  let done = 0;
  const enough = new AbortController();
  for await (const message of store.feed.subscribe(null, enough.signal)) {
    if (message.kind === 'event') {
      const { decoded } = feedItem(message.event);
      if (E.isRight(decoded) && projection.wants(decoded.right.event.type)) {
        done += 1;
        batch.push(decoded.right);
      }
    }
    if (batch.length === BATCH || done === events || message.kind === 'caughtUp') {
      await projection.project(batch, transaction);
      batches.push(transaction.statements);
      transaction.statements = [];
      batch = [];
    }
    if (done === events || message.kind === 'caughtUp') break;
  }
  enough.abort();
  await store.close();
  return batches;
}

/** The same rows in the same batches, the statements alone, one transaction a batch: events a second that they stand for. */
async function upsertAll({ eventStoreUrl, postgresUrl, events }: ProjectJob): Promise<number> {
  if (recorded?.events !== events) recorded = { events, batches: await record(eventStoreUrl, events) };
  const database = openPostgres({ url: postgresUrl, maxConnections: 5 });
  await database.query(`SELECT FROM ${ORDER_VIEW}`);
  const from = performance.now();
  for (const statements of recorded.batches) {
    await database.transaction((transaction) =>
      Promise.all(statements.map(({ sql, params }) => transaction.query(sql, params))),
    );
  }
  const seconds = (performance.now() - from) / 1_000;
  await database.close();
  return events / seconds;
}
