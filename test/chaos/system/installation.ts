import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { DEFAULT_LOCATION } from '../../../src/commands/location/openDefaultLocation.js';
import type { LocationId } from '../../../src/domain/kernel/ids.js';
import { locationStream } from '../../../src/domain/kernel/streams.js';
import { location } from '../../../src/domain/location/index.js';
import { openEventStore } from '../../../src/infrastructure/eventstore/index.js';
import type { Role } from '../../../src/main/config.js';
import { freePort } from '../../support/freePort.js';
import { temporaryFolder } from '../../support/services/folders.js';
import { services } from '../../support/services/index.js';
import { openWay, type Way } from '../../support/services/way.js';
import { until } from '../../support/until.js';
import { randomOf } from '../plan/random.js';
import { LOCATIONS } from '../plan/shelf.js';
import { type Relay, startRelay } from './relay.js';
import { type Program, serving, supervise, type Supervised } from './supervised.js';
import { processVictim, serviceVictim, type Victims } from './victims.js';
import { startWitness, type Witness } from './witness.js';

/** A whole Comanda, two processes a role, on real services: everything in processes of its own. */
export interface Installation {
  readonly apiUrls: readonly string[];
  readonly eventStoreUrl: string;
  readonly postgresUrl: string;
  readonly stripe: { readonly url: string; readonly secretKey: string };
  readonly victims: Victims;
  readonly processes: readonly Supervised[];
  readonly relay: Relay;
  readonly witness: Witness;
  /** For `comanda` as a command-line tool. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** By role, a CommonJS module. */
export type Preload = Readonly<Partial<Record<Role, string>>>;

const root = join(import.meta.dirname, '../../..');
const COMANDA = ['--enable-source-maps', join(root, 'dist/main/comanda.js')];
const ESDB_NODE = join(root, 'esdb-node/bin/esdb-node.js');
const START_WITHIN_MS = 180_000;

/**
 * Starts everything, opens the locations and waits until all of it serves.
 * @param preload a module for the processes of a role to load before they start
 * @param logs folder for what the processes print and for the messages that were published
 */
export async function install(seed: string, logs: string, preload: Preload = {}): Promise<Installation> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    return await open(seed, logs, preload, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(
  seed: string,
  logs: string,
  preload: Preload,
  stops: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Installation> {
  const folder = await temporaryFolder('chaos');
  const { postgres, redis, rabbitmq } = await services();
  const database = await postgres.createDatabase();
  stops.push(() => database.drop());
  const rabbitmqUrl = rabbitmq.createVhost();
  const witness = await startWitness(rabbitmqUrl, join(logs, 'messages.jsonl'));
  stops.push(() => witness.stop());

  const started: Supervised[] = [];
  const run = (program: Program): Supervised => {
    const process = supervise(program, { folder, logs });
    started.push(process);
    return process;
  };
  const opened: Way[] = [];
  stops.push(() => Promise.all(opened.map((way) => way.close())));
  stops.push(() => Promise.all(started.map((process) => process.stop())));

  const storePort = await freePort();
  const eventStoreUrl = `esdb://127.0.0.1:${storePort}?tls=false`;
  const store = run({
    name: 'event-store',
    args: [ESDB_NODE, '--port', String(storePort), '--data', join(folder, 'events'), '--projections', 'off'],
    environment: {},
    readyWhen: 'esdb-node listens at',
  });

  const apiPorts = [await freePort(), await freePort()];
  const apiUrls = apiPorts.map((port) => `http://127.0.0.1:${port}`);
  const relay = await startRelay(
    apiUrls.map((url) => `${url}/v1/webhooks/stripe`),
    randomOf(seed, 'relay'),
  );
  stops.push(() => relay.stop());

  const stripePort = await freePort();
  const stripe = { url: `http://127.0.0.1:${stripePort}`, secretKey: `sk_test_${randomUUID()}` };
  const stripeVariables = { STRIPE_SECRET_KEY: stripe.secretKey, STRIPE_WEBHOOK_SECRET: `whsec_${randomUUID()}` };
  const simulator = run({
    name: 'stripe-simulator',
    args: [...COMANDA, 'stripe-simulator', '--webhook-url', relay.url],
    environment: {
      ...stripeVariables,
      STRIPE_SIMULATOR_PORT: String(stripePort),
      COMANDA_DATA: join(folder, 'stripe-simulator'),
    },
    readyWhen: 'The Stripe simulator is ready',
  });
  await serving([store, simulator], START_WITHIN_MS);
  await openLocations(eventStoreUrl);

  const wayTo = async (url: string, port: number): Promise<Way> => {
    const way = await openWay(url, port);
    opened.push(way);
    return way;
  };
  const ways = {
    store: await wayTo(eventStoreUrl, storePort),
    postgres: await wayTo(database.url, 5432),
    rabbitmq: await wayTo(rabbitmqUrl, 5672),
    redis: await wayTo(redis.url, 6379),
  };
  const environment = {
    EVENTSTORE_URL: ways.store.url,
    POSTGRES_URL: ways.postgres.url,
    RABBITMQ_URL: ways.rabbitmq.url,
    REDIS_URL: ways.redis.url,
    COMANDA_SECRET: randomUUID(),
    STRIPE_API_BASE: stripe.url,
    ...stripeVariables,
    PUBLIC_URL: apiUrls[0] ?? '',
  };
  const comanda = async (role: Role, number: number): Promise<Supervised> => {
    const name = `${role}-${number}`;
    await mkdir(join(folder, name));
    const planted = preload[role];
    const port = role === 'api' ? apiPorts[number - 1] : await freePort();
    return run({
      name,
      args: [...(planted === undefined ? [] : ['--require', planted]), ...COMANDA, 'start', '--roles', role],
      environment: { ...environment, COMANDA_DATA: join(folder, name), PORT: String(port) },
      readyWhen: 'Comanda is ready.',
    });
  };
  // one after the other would be no harder on the database's first migration than what a real installation does: all at once
  const [api1, api2, projections1, projections2, processes1, processes2, consumers1, consumers2] = await Promise.all([
    comanda('api', 1),
    comanda('api', 2),
    comanda('projections', 1),
    comanda('projections', 2),
    comanda('processes', 1),
    comanda('processes', 2),
    comanda('consumers', 1),
    comanda('consumers', 2),
  ]);
  await serving(started, START_WITHIN_MS);

  return {
    apiUrls,
    eventStoreUrl,
    postgresUrl: database.url,
    stripe,
    processes: started,
    relay,
    witness,
    environment: { ...environment, COMANDA_DATA: join(folder, 'operator') },
    victims: {
      'api-1': processVictim(api1),
      'api-2': processVictim(api2),
      'projections-1': processVictim(projections1),
      'projections-2': processVictim(projections2),
      'processes-1': processVictim(processes1),
      'processes-2': processVictim(processes2),
      'consumers-1': processVictim(consumers1),
      'consumers-2': processVictim(consumers2),
      'stripe-simulator': processVictim(simulator),
      'event-store': processVictim(store, ways.store),
      postgres: serviceVictim(postgres, ways.postgres),
      rabbitmq: serviceVictim(rabbitmq, ways.rabbitmq),
      redis: serviceVictim(redis, ways.redis),
    },
    stop,
  };
}

/** The locations are opened before anything else is: as of their first order they know how long a customer may take to pay. */
async function openLocations(eventStoreUrl: string): Promise<void> {
  const store = openEventStore({ url: eventStoreUrl });
  try {
    const executor = createExecutor({ eventStore: store.eventStore, random: Math.random });
    for (const { id, paymentWindowMinutes } of LOCATIONS) {
      const locationId = id as LocationId;
      await executor.execute(
        location,
        locationStream(locationId),
        { type: 'OpenLocation', location: { ...DEFAULT_LOCATION, locationId, paymentWindowMinutes } },
        {
          commandId: randomUUID(),
          correlationId: randomUUID(),
          causationId: null,
          actor: { kind: 'system', id: 'system/chaos' },
          tenant: 'main',
          at: new Date().toISOString(),
        },
      );
    }
  } finally {
    await store.close();
  }
}

/** Waits until everything that was hit is up again. */
export const allUp = ({ victims, processes }: Installation, withinMs: number): Promise<void> =>
  until(
    'everything is up again',
    () => Object.values(victims).every((victim) => victim.ready()) && processes.every((process) => process.ready()),
    withinMs,
  );
