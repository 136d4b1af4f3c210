import { services, type ServiceControl } from '../support/services/index.js';
import { startEventStore } from '../support/services/eventStore.js';
import { openWay, type Way } from '../support/services/way.js';
import { type Comanda, place, run, startComanda } from '../e2e/support/comanda.js';
import type { Breakable, Part } from './parts.js';

/** One Comanda with all its roles in one process, and each of the parts that it stands on behind a way that can be broken. */
export interface Installation {
  readonly comanda: Comanda;
  readonly parts: Readonly<Record<Part, Breakable>>;
  /** `comanda verify`: undefined when nothing differs, else what it says. */
  verify(): Promise<string | undefined>;
  stop(): Promise<void>;
}

const START_WITHIN_MS = 180_000;

/** Starts everything; resolves when Comanda serves. */
export async function install(): Promise<Installation> {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const [{ postgres, redis, rabbitmq }, eventStore] = await Promise.all([services(), startEventStore()]);
    closing.push(() => eventStore.dispose());
    const database = await postgres.createDatabase();
    closing.push(() => database.drop());
    const behind = async (service: ServiceControl, url: string, port: number): Promise<Breakable & { way: Way }> => {
      const way = await openWay(url, port);
      closing.push(() => way.close());
      return { service, way };
    };
    const parts = {
      'event store': await behind(eventStore, eventStore.url, 2113),
      postgres: await behind(postgres, database.url, 5432),
      broker: await behind(rabbitmq, rabbitmq.createVhost(), 5672),
      redis: await behind(redis, redis.url, 6379),
    };
    const { environment, dispose } = await place({
      EVENTSTORE_URL: parts['event store'].way.url,
      POSTGRES_URL: parts.postgres.way.url,
      RABBITMQ_URL: parts.broker.way.url,
      REDIS_URL: parts.redis.way.url,
    });
    closing.push(dispose);
    const comanda = await startComanda(environment, ['start'], START_WITHIN_MS);
    closing.push(() => comanda.stop());
    return {
      comanda,
      parts,
      verify: async () => {
        const verifying = run(['verify'], environment);
        const code = await verifying.exit;
        return code === 0 ? undefined : `${verifying.printed()}${verifying.complained()}`;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
