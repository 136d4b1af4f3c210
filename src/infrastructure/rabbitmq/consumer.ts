import { ExponentialBackoff, handleAll, retry } from 'cockatiel';
import { deliveryPolicy } from '../../consumers/ports/deliveryPolicy.js';
import type { DeliveryPolicyOptions } from '../../consumers/ports/deliveryPolicy.js';
import { RETRY_DELAYS_MS } from '../../consumers/ports/messageConsumer.js';
import type {
  ConsumeOptions,
  Consumption,
  MessageConsumer,
  QueueOptions,
} from '../../consumers/ports/messageConsumer.js';
import { BrokerUnavailable } from '../../projections/publishers/ports/messagePublisher.js';
import { closeQuietly } from './connection.js';
import type { RabbitConnection } from './connection.js';
import { startSession } from './session.js';
import type { Session } from './session.js';
import { declareConsumer } from './topology.js';

export interface ConsumerOptions extends DeliveryPolicyOptions {
  readonly connection: RabbitConnection;
  readonly exchange: string;
  readonly log: (line: string) => void;
}

const OPEN_TIMEOUT_MS = 10_000;
const HOLD_LIMIT_MS = 10 * 60_000;

/** Consumers that come back by themselves after a lost connection or channel. `closeAll` stops every one of them. */
export const rabbitConsumer = (options: ConsumerOptions): MessageConsumer & { closeAll(): Promise<void> } => {
  const consumptions = new Set<Consumption>();
  return {
    declare: (what) => declare(options, what),
    consume: async (what) => {
      const consumption = await startConsumption(options, what);
      consumptions.add(consumption);
      return consumption;
    },
    closeAll: async () => {
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
    },
  };
};

/** Tries again and again, with growing pauses of at most 5 s, until `signal`. */
const persistently = ({ log }: ConsumerOptions, queue: string) => {
  const policy = retry(handleAll, { backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 5_000 }) });
  policy.onFailure(({ reason }) => {
    if ('error' in reason) log(`RabbitMQ: ${queue} cannot be consumed yet: ${reason.error.message}`);
  });
  return policy;
};

const declare = async (options: ConsumerOptions, { queue, bindings, ttlMs }: QueueOptions): Promise<void> => {
  const { connection, exchange, retryDelaysMs = RETRY_DELAYS_MS } = options;
  const topology = { exchange, queue, bindings, retryDelaysMs, ...(ttlMs === undefined ? {} : { ttlMs }) };
  await persistently(options, queue).execute(async () => {
    const channel = await connection.openChannel(OPEN_TIMEOUT_MS);
    try {
      await declareConsumer(channel, topology, connection.serverMajor(channel));
    } finally {
      await closeQuietly(channel);
    }
  });
};

const startConsumption = async (options: ConsumerOptions, what: ConsumeOptions): Promise<Consumption> => {
  const { connection, exchange, log } = options;
  const { queue, bindings, prefetch, ttlMs } = what;
  const retryDelaysMs = options.retryDelaysMs ?? RETRY_DELAYS_MS;
  const topology = { exchange, queue, bindings, retryDelaysMs, ...(ttlMs === undefined ? {} : { ttlMs }) };
  const policy = deliveryPolicy(what, options);
  let running = new AbortController();
  let stopped: Promise<void> | undefined;

  const open = async (): Promise<Session> => {
    const channel = await connection.openChannel(OPEN_TIMEOUT_MS);
    try {
      await declareConsumer(channel, topology, connection.serverMajor(channel));
      return await startSession(channel, {
        queue,
        prefetch,
        policy,
        holdLimitMs: HOLD_LIMIT_MS,
        onFault: (error) => {
          log(`RabbitMQ: ${queue}: a delivery was not settled and comes again: ${String(error)}`);
        },
      });
    } catch (error) {
      await closeQuietly(channel);
      throw error;
    }
  };

  const persistent = persistently(options, queue);

  /** Opens session after session until `signal`; calls `onOpen` after the first. */
  const keepConsuming = async (signal: AbortSignal, onOpen: () => void): Promise<void> => {
    while (!signal.aborted) {
      const session = await persistent.execute(open, signal);
      onOpen();
      // a new session only when the old one's handlers are through: with prefetch 1 the order depends on it
      await new Promise<void>((resolve) => {
        const stop = (): void => void session.end().then(resolve);
        signal.addEventListener('abort', stop, { once: true });
        void session.ended.then(() => {
          signal.removeEventListener('abort', stop);
          resolve();
        });
        // an abort that came before the listener calls nobody
        if (signal.aborted) stop();
      });
    }
  };

  let loop: Promise<void> = Promise.resolve();
  const begin = (): Promise<void> =>
    new Promise((resolve, reject) => {
      running = new AbortController();
      loop = keepConsuming(running.signal, resolve).catch((error: unknown) => {
        // only a stop ends the tries
        reject(new BrokerUnavailable(`RabbitMQ: ${queue} could not be consumed`, { cause: error }));
      });
    });
  await begin();

  const pause = async (): Promise<void> => {
    running.abort();
    await loop;
  };
  return {
    pause,
    resume: () => {
      if (!running.signal.aborted || stopped !== undefined) return;
      begin().catch(() => undefined);
    },
    stop: () => (stopped ??= pause()),
  };
};
