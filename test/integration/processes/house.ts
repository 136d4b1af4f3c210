import { randomUUID } from 'node:crypto';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import type { Executor } from '../../../src/commands/executor/contract.js';
import type { EventStore } from '../../../src/commands/ports/eventStore.js';
import type { PersonalData } from '../../../src/commands/ports/personalData.js';
import {
  carrierAnswers,
  carrierEngine,
  kitchenConsumer,
  observedSessions,
  paymentConsumer,
  startWebhookInbox,
} from '../../../src/consumers/index.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { openEmbeddedBroker } from '../../../src/embedded/broker/open.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { personalData } from '../../../src/infrastructure/crypto/personalData.js';
import { sealedText } from '../../../src/infrastructure/crypto/sealedText.js';
import { postgresSubjectKeys } from '../../../src/infrastructure/postgres/subjectKeys.js';
import { postgresWebhookInbox } from '../../../src/infrastructure/postgres/webhookInbox.js';
import { createProcesses } from '../../../src/processes/index.js';
import { unpaidOrdersOf } from '../../../src/main/unpaidOrders.js';
import { publisherReactor } from '../../../src/projections/publishers/publisher.js';
import { createSubscriptions } from '../../../src/subscriptions/subscriptions.js';
import { type TestEventStore, testEventStore } from '../../support/eventstore/index.js';
import { keptLog } from '../../support/projections.js';
import { postgres } from '../../support/services/index.js';
import type { SuiteDatabase } from '../../support/services/index.js';
import { Fuse } from '../../support/world/fuse.js';
import { MemoryProvider, throughFuse } from '../../support/world/provider.js';

const STRIPE = 'stripe';
const QUICK = {
  leaseMs: 1_500,
  heartbeatMs: 50,
  firstRetryMs: 20,
  maxRetryMs: 200,
  giveUpAfterMs: 5_000,
  drainMs: 200,
};

/** A clock that a test can put forward. */
class TestClock {
  private aheadMs = 0;
  now = (): string => new Date(Date.now() + this.aheadMs).toISOString();
  forward(minutes: number): void {
    this.aheadMs += minutes * 60_000;
  }
}

/** What outlives Comanda's processes: a real event store, a real PostgreSQL, and the payment provider. */
const SECRET = 'a secret for tests only';
const sealed = sealedText(SECRET);

export interface Ground {
  readonly store: OpenEventStore;
  readonly database: PostgresDatabase;
  readonly provider: MemoryProvider;
  readonly clock: TestClock;
  /** Where the keys of people are. */
  readonly people: PersonalData;
  /** Commands from outside, by a process of their own. */
  readonly outside: Executor;
  /** Stores a webhook about a session, as the API does. */
  webhook(eventId: string, sessionId: string): Promise<void>;
  leave(): Promise<void>;
}

export async function ground(): Promise<Ground> {
  const server: TestEventStore = await testEventStore();
  const suite: SuiteDatabase = await (await postgres()).createDatabase();
  await migrate({ url: suite.url, readModels: [] });
  const store = openEventStore({ url: server.url });
  const database = openPostgres({ url: suite.url, maxConnections: 20 });
  const inbox = postgresWebhookInbox(database, sealed, () => undefined);
  return {
    store,
    database,
    provider: new MemoryProvider(),
    clock: new TestClock(),
    people: personalData(postgresSubjectKeys(database), SECRET),
    outside: createExecutor({ eventStore: store.eventStore, random: Math.random }),
    webhook: async (eventId, sessionId) => {
      const eventType = 'checkout.session.completed';
      const object = { kind: 'checkout.session', id: sessionId };
      const event = { id: eventId, type: eventType, createdAt: new Date().toISOString(), live: false, object };
      await inbox.store({ provider: STRIPE, eventId, eventType, body: JSON.stringify(event) });
    },
    leave: async () => {
      await database.close();
      await store.close();
      await suite.drop();
      await server.stop();
    },
  };
}

export interface House {
  readonly fuse: Fuse;
  /** Everything ends in order; after the fuse blew, what is left in memory is thrown away. */
  stop(): Promise<void>;
}

export interface HouseOptions {
  /** Ends it at this point, counted from when it has started: before or after an append, a call to the provider, or a write of a checkpoint, timer or message. */
  readonly endsAt?: number;
  readonly simulateKitchen?: boolean;
}

let houses = 0;

/** Comanda's processes and consumers with the embedded broker, in one process. */
export async function startHouse(
  { store, database: real, provider: payments, clock, people }: Ground,
  { endsAt, simulateKitchen = true }: HouseOptions = {},
): Promise<House> {
  const fuse = new Fuse();
  const log = keptLog();
  const eventStore: EventStore = {
    append: (...call) => fuse.through(() => store.eventStore.append(...call)),
    read: (...call) => store.eventStore.read(...call),
  };
  const database = {
    pool: real.pool,
    // looking at a table ends no process, and is no end of one
    query: (sql: string, params?: readonly unknown[]) =>
      /^\s*SELECT/i.test(sql) ? real.query(sql, params) : fuse.through(() => real.query(sql, params)),
    transaction: (work: Parameters<PostgresDatabase['transaction']>[0]) => fuse.through(() => real.transaction(work)),
    close: () => Promise.resolve(),
  } as PostgresDatabase;
  const provider = throughFuse(payments, fuse);

  const executor = createExecutor({ eventStore, random: Math.random });
  const broker = await openEmbeddedBroker({ database, breaker: { initialMs: 50, maxMs: 200 } });
  const subscriptions = createSubscriptions({
    feed: store.feed,
    reader: store.eventStore,
    database,
    log,
    owner: `house ${++houses}`,
    takeOver: true,
    runnerTimings: QUICK,
  });
  const processes = createProcesses({
    executor,
    folds: subscriptions.folds,
    database,
    clock,
    timerClock: clock,
    settings: { now: () => DEFAULT_SETTINGS },
    sessions: observedSessions(provider, clock),
    unpaidOrders: unpaidOrdersOf(database),
    simulateKitchen,
    timerFailed: () => undefined,
  });
  for (const reactor of processes.reactors) subscriptions.addReactor(reactor);
  subscriptions.addReactor(publisherReactor({ folds: subscriptions.folds, publisher: broker.publisher }));
  const returnTo = () => ({ successUrl: 'http://shop', cancelUrl: 'http://shop' });
  await broker.consumer.consume(paymentConsumer({ executor, clock, provider, returnTo }));
  await broker.consumer.consume(kitchenConsumer({ executor, clock }));
  await broker.consumer.consume(carrierEngine({ callbacks: broker.publisher, personalData: people }));
  await broker.consumer.consume(carrierAnswers({ executor, clock }));
  await subscriptions.start();
  const timers = processes.startTimers();
  const inbox = startWebhookInbox({
    executor,
    clock,
    provider,
    tenant: 'main',
    database,
    sealed,
    providerName: STRIPE,
    failed: () => undefined,
  });
  if (endsAt !== undefined) fuse.arm(endsAt);
  return {
    fuse,
    stop: async () => {
      await Promise.allSettled([timers.stop(), inbox.stop(), broker.close(), subscriptions.stop()]);
    },
  };
}

/** A name that no other test has used, nor an earlier run against the same event store. */
export const freshName = (of: string): string => `${of}-${randomUUID()}`;
