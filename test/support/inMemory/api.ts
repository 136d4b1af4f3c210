import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import * as E from 'fp-ts/lib/Either.js';
import { type ApiDependencies, createApi } from '../../../src/api/createApi.js';
import { createHttpServer } from '../../../src/api/http/httpServer.js';
import type { Executor } from '../../../src/commands/executor/contract.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { openDefaultLocation } from '../../../src/commands/location/openDefaultLocation.js';
import type { RecordedEvent } from '../../../src/domain/events.js';
import { DEFAULT_SETTINGS, settings as settingsAggregate } from '../../../src/domain/settings/index.js';
import type { PersonalData } from '../../../src/commands/ports/personalData.js';
import type { Catalogue } from '../../../src/commands/ports/catalogue.js';
import type { Principal } from '../../../src/api/principal.js';
import type { ReadModelStatus } from '../../../src/api/ports/readModels.js';
import type { WakeUp } from '../../../src/api/ports/wakeUp.js';
import { deadLetterTools } from '../../../src/consumers/deadLetters.js';
import { inMemoryWakeUp } from '../../../src/embedded/wakeup/inMemoryWakeUp.js';
import { personalData } from '../../../src/infrastructure/crypto/personalData.js';
import { InMemoryEventStore } from './eventStore.js';
import {
  inMemoryClaims,
  inMemoryDeadLetters,
  inMemoryInbox,
  inMemoryParked,
  inMemorySubjectKeys,
  keptLog,
  wordCarriers,
  wordVerification,
} from './ports.js';
import { inMemoryViews } from './views.js';

/** The API on a free loopback port, with the real executor on a store in memory. */
export interface TestApi extends Served {
  readonly app: Express;
  readonly store: InMemoryEventStore;
  readonly executor: Executor;
  readonly wakeUp: WakeUp;
  readonly inbox: ReturnType<typeof inMemoryInbox>;
  readonly parked: ReturnType<typeof inMemoryParked>;
  readonly broker: ReturnType<typeof inMemoryDeadLetters>;
  readonly log: ReturnType<typeof keptLog>;
  readonly personalData: PersonalData;
  readonly subjectKeys: ReturnType<typeof inMemorySubjectKeys>;
  readonly stopping: AbortController;
  /** The same API as somebody else sees it; closed with it. */
  as(principal: Principal): Promise<Served>;
  /** The same API on another machine: with some things of its own, as its clock; closed with it. */
  beside(its: Partial<ApiDependencies>): Promise<Served>;
}

export interface RequestOptions {
  /** Sent as JSON, unless it is a text: that is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, if it is JSON; what is in it differs with every route, so assertions say what is expected. */
  readonly body: Readonly<Record<string, unknown>>;
}

const readModel: ReadModelStatus = {
  name: 'order_view',
  serving: 1,
  previous: null,
  next: 2,
  state: 'ready',
  position: '4711',
  checked: { position: '4711', parkedStreams: 0, tables: [] },
  asked: { rate: 100 },
  progress: { events: 1, position: '5', upTo: '10' },
  failed: null,
};

/** @param change replaces dependencies, for faults and clocks */
export async function startTestApi(
  change: (
    usual: ApiDependencies & { readonly eventStore: InMemoryEventStore },
  ) => Partial<ApiDependencies> = () => ({}),
): Promise<TestApi> {
  const store = new InMemoryEventStore();
  const wakeUp = inMemoryWakeUp();
  let settings = DEFAULT_SETTINGS;
  const executor = createExecutor({
    eventStore: store,
    random: () => 0.5,
    storeRetries: { retries: 1, baseMs: 1, maxMs: 1 },
    onCommitted: (stream, _revision, events) => {
      for (const { event } of events as readonly RecordedEvent[]) {
        if (event.type === 'SettingsChanged') settings = settingsAggregate.evolve(settings, event);
      }
      wakeUp.notify(stream);
    },
  });
  const clock = { now: () => new Date().toISOString() };
  await openDefaultLocation(executor, clock);
  const views = inMemoryViews(store);
  const inbox = inMemoryInbox();
  const log = keptLog();
  const stopping = new AbortController();
  const parked = inMemoryParked();
  const broker = inMemoryDeadLetters(['kitchen', 'payment']);
  const subjectKeys = inMemorySubjectKeys();
  const people = personalData(subjectKeys, 'a secret for tests only');
  const catalogue: Catalogue = {
    offer: (sku) => views.offers.offerBySku(sku),
    location: (id) => views.offers.locationById(id),
  };
  const usual: ApiDependencies & { readonly eventStore: InMemoryEventStore } = {
    executor,
    eventStore: store,
    catalogue,
    settings: { now: () => settings },
    customers: { known: () => Promise.resolve({ orders: 0, flags: ['new'] }) },
    ...views,
    syncPayment: () => Promise.resolve(null),
    syncLimit: { take: () => Promise.resolve(0) },
    claims: inMemoryClaims(),
    personalData: people,
    wakeUp,
    webhooks: { verification: wordVerification, carriers: wordCarriers, inbox },
    runners: { lag: () => Promise.resolve([]) },
    parked,
    deadLetters: deadLetterTools(broker),
    readModels: {
      list: () => Promise.resolve([readModel]),
      find: (name) => Promise.resolve(name === readModel.name ? readModel : undefined),
      askRebuild: (name) => Promise.resolve(name === readModel.name ? readModel : undefined),
      switchTo: (name, which) =>
        Promise.resolve(
          name !== readModel.name
            ? undefined
            : which === 'next'
              ? E.right(readModel)
              : E.left({ why: 'no-build', message: 'there is no build that served before' } as const),
        ),
    },
    readiness: [],
    clock,
    log,
    secret: 'a secret for tests only',
    version: '0.0.0-test',
    stopping: stopping.signal,
  };
  const dependencies = { ...usual, ...change(usual) };
  const app = createApi(dependencies);
  const served = await serve(app);
  const others: Served[] = [];
  const another = async (application: Express): Promise<Served> => {
    const other = await serve(application);
    others.push(other);
    return other;
  };
  return {
    ...served,
    app,
    store,
    executor,
    wakeUp,
    inbox,
    parked,
    broker,
    log,
    personalData: people,
    subjectKeys,
    stopping,
    as: (principal) => another(createApi(dependencies, principal)),
    beside: (its) => another(createApi({ ...dependencies, ...its })),
    close: async () => {
      await wakeUp.close();
      await Promise.all(others.map((other) => other.close()));
      await served.close();
    },
  };
}

/** An application on a free loopback port. */
export interface Served {
  readonly base: string;
  readonly request: (method: string, path: string, options?: RequestOptions) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export async function serve(app: RequestListener): Promise<Served> {
  const server = createHttpServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    request: (method, path, options) => send(base, method, path, options),
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

async function send(base: string, method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { body, headers = {} } = options;
  const response = await fetch(`${base}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const parsed = (isJson && text !== '' ? JSON.parse(text) : {}) as Answer['body'];
  return { status: response.status, headers: response.headers, text, body: parsed };
}
