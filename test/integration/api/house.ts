import type { Express } from 'express';
import { type ApiDependencies, createApi } from '../../../src/api/createApi.js';
import type { WakeUp } from '../../../src/api/ports/wakeUp.js';
import type { Executor } from '../../../src/commands/executor/contract.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { openDefaultLocation } from '../../../src/commands/location/openDefaultLocation.js';
import type { RecordedEvent } from '../../../src/domain/events.js';
import { inMemoryWakeUp } from '../../../src/embedded/wakeup/inMemoryWakeUp.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { postgresIdempotencyClaims } from '../../../src/infrastructure/postgres/idempotencyClaims.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { personalData } from '../../../src/infrastructure/crypto/personalData.js';
import { postgresSubjectKeys } from '../../../src/infrastructure/postgres/subjectKeys.js';
import { sealedText } from '../../../src/infrastructure/crypto/sealedText.js';
import { postgresWebhookInbox } from '../../../src/infrastructure/postgres/webhookInbox.js';
import { createCatalogueMemory } from '../../../src/projections/catalogue/memory.js';
import { catalogueQueries } from '../../../src/projections/catalogue/queries.js';
import { customerQueries } from '../../../src/projections/customers/queries.js';
import { kitchenQueries } from '../../../src/projections/kitchen/queries.js';
import { orderQueries } from '../../../src/projections/order/queries.js';
import { paymentQueries } from '../../../src/projections/payments/queries.js';
import { createSettingsMemory } from '../../../src/projections/settings/memory.js';
import { shipmentQueries } from '../../../src/projections/shipments/queries.js';
import { stockQueries } from '../../../src/projections/stock/queries.js';
import { taskQueries } from '../../../src/projections/tasks/queries.js';
import { deadLetterTools } from '../../../src/consumers/deadLetters.js';
import { type EmbeddedBroker, openEmbeddedBroker } from '../../../src/embedded/broker/open.js';
import { announceShown, READ_MODELS, readModels, rebuildables } from '../../../src/main/roles/projections.js';
import { hearing } from '../../../src/projections/documents/hearing.js';
import { startAskedRebuilds } from '../../../src/projections/rebuild/asked.js';
import { readModelTools } from '../../../src/projections/rebuild/readModels.js';
import { parkedEvents } from '../../../src/subscriptions/parking/parkedEvents.js';
import { createSubscriptions } from '../../../src/subscriptions/subscriptions.js';
import { type CutProxy, testEventStore } from '../../support/eventstore/index.js';
import { serve, type Served } from '../../support/inMemory/api.js';
import { wordCarriers, wordVerification } from '../../support/inMemory/ports.js';
import { keptLog } from '../../support/projections.js';
import { postgres } from '../../support/services/index.js';
import { behindProxy } from '../../support/services/proxy.js';
import type { RunningService } from '../../support/services/types.js';

const DEFAULT_POSTGRES_PORT = 5432;

/** The API on a real event store and a real PostgreSQL, each behind a proxy that can cut it off, with its views kept up. */
export interface ApiHouse extends Served {
  readonly executor: Executor;
  /** It gives a message up after the first attempt. */
  readonly broker: EmbeddedBroker;
  readonly database: PostgresDatabase;
  readonly eventStore: OpenEventStore['eventStore'];
  /** The API's way to the event store; views are fed by another. */
  readonly storeProxy: CutProxy;
  /** The API's way to PostgreSQL; views are written by another. */
  readonly databaseProxy: RunningService;
  /**
   * The API as another process would have it: on the same event store and database, with executor, pool and wake-ups of its
   * own, so that it hears of nothing that happens here. Without proxies.
   */
  readonly another: (change?: Partial<ApiDependencies>) => Express;
  readonly leave: () => Promise<void>;
}

/** @param wakeUp what wakes its requests; closed when it is left. Default: one in memory */
export async function enterApi({ wakeUp = inMemoryWakeUp() }: { readonly wakeUp?: WakeUp } = {}): Promise<ApiHouse> {
  const server = await testEventStore();
  const storeProxy = await server.proxied();
  const suite = await (await postgres()).createDatabase();
  await migrate({ url: suite.url, readModels: READ_MODELS });
  const databaseProxy = await behindProxy(suite.url, 'external', DEFAULT_POSTGRES_PORT);
  const store = openEventStore({ url: storeProxy.url, timeoutMs: 1_000, silenceMs: 1_000 });
  const feedStore = openEventStore({ url: server.url });
  const database = openPostgres({ url: databaseProxy.url, connectTimeoutMs: 1_000 });
  const viewsDatabase = openPostgres({ url: suite.url });
  const log = keptLog();
  const broker = await openEmbeddedBroker({ database: viewsDatabase, retryDelaysMs: [] });

  const committed = announceShown(wakeUp);
  const subscriptions = createSubscriptions({
    feed: feedStore.feed,
    reader: feedStore.eventStore,
    database: viewsDatabase,
    log,
    owner: 'api suite',
    takeOver: true,
  });
  const catalogue = createCatalogueMemory({ database: viewsDatabase, folds: subscriptions.folds });
  const settings = createSettingsMemory({ folds: subscriptions.folds, feed: feedStore.feed });
  subscriptions.addListener(settings.listener);
  subscriptions.addListener(catalogue.listener);
  for (const readModel of readModels(subscriptions.folds)) subscriptions.addProjection(hearing(readModel, committed));

  const executor = createExecutor({
    eventStore: store.eventStore,
    random: Math.random,
    storeRetries: { retries: 1, baseMs: 10, maxMs: 50 },
    onCommitted: (stream, _revision, events) => {
      if (/^(offer|location)-/.test(stream)) for (const event of events as RecordedEvent[]) catalogue.apply(event);
      if (stream === 'settings-main') for (const event of events as RecordedEvent[]) settings.apply(event);
      wakeUp.notify(stream);
    },
  });
  const clock = { now: () => new Date().toISOString() };
  await openDefaultLocation(executor, clock);
  await subscriptions.start();
  const rebuilding = {
    database: viewsDatabase,
    feed: feedStore.feed,
    reader: feedStore.eventStore,
    owner: 'api suite',
  };
  const rebuilds = startAskedRebuilds({
    ...rebuilding,
    rebuildables: rebuildables(subscriptions.folds),
    lookEveryMs: 50,
    failed: (error) => log.warn('a rebuild failed', { error }),
  });
  const dependencies: ApiDependencies = {
    executor,
    eventStore: store.eventStore,
    catalogue,
    settings,
    customers: customerQueries(database),
    orders: orderQueries(database),
    stock: stockQueries(database),
    kitchen: kitchenQueries(database),
    offers: catalogueQueries(database),
    payments: paymentQueries(database),
    syncPayment: () => Promise.resolve(null),
    syncLimit: { take: () => Promise.resolve(0) },
    tasks: taskQueries(database),
    shipments: shipmentQueries(database),
    claims: postgresIdempotencyClaims(database),
    personalData: personalData(postgresSubjectKeys(database), 'a secret for tests only'),
    wakeUp,
    webhooks: {
      verification: wordVerification,
      carriers: wordCarriers,
      inbox: postgresWebhookInbox(database, sealedText('a secret for tests only'), () => undefined),
    },
    runners: subscriptions,
    parked: parkedEvents(database),
    deadLetters: deadLetterTools(broker.deadLetters),
    readModels: readModelTools(rebuildables(subscriptions.folds), {
      ...rebuilding,
      switchWithinMs: 3_000,
      signal: new AbortController().signal,
    }),
    readiness: [
      { name: 'event store', check: async () => void (await store.feed.head()) },
      { name: 'postgres', check: async () => void (await database.query('SELECT 1')) },
    ],
    clock,
    log,
    secret: 'a secret for tests only',
    version: '0.0.0-test',
    stopping: new AbortController().signal,
  };
  const served = await serve(createApi(dependencies));
  const others: (() => Promise<unknown>)[] = [];
  const another = (change: Partial<ApiDependencies> = {}): Express => {
    const theirDatabase = openPostgres({ url: suite.url });
    const theirStore = openEventStore({ url: server.url });
    const theirWakeUp = inMemoryWakeUp();
    others.push(() => Promise.all([theirWakeUp.close(), theirStore.close(), theirDatabase.close()]));
    return createApi({
      ...dependencies,
      executor: createExecutor({ eventStore: theirStore.eventStore, random: Math.random }),
      eventStore: theirStore.eventStore,
      orders: orderQueries(theirDatabase),
      kitchen: kitchenQueries(theirDatabase),
      wakeUp: theirWakeUp,
      ...change,
    });
  };
  return {
    ...served,
    executor,
    broker,
    database: viewsDatabase,
    eventStore: feedStore.eventStore,
    storeProxy,
    databaseProxy,
    another,
    leave: async () => {
      await served.close();
      await Promise.all(others.map((close) => close()));
      await rebuilds.stop();
      await broker.close();
      await subscriptions.stop();
      await wakeUp.close();
      await Promise.all([store.close(), feedStore.close(), database.close(), viewsDatabase.close()]);
      await databaseProxy.dispose();
      await suite.drop();
      await server.stop();
    },
  };
}
