import type { DeadLetters } from '../../consumers/ports/deadLetters.js';
import type { DeliveryPolicyOptions } from '../../consumers/ports/deliveryPolicy.js';
import type { MessageConsumer, QueueOptions } from '../../consumers/ports/messageConsumer.js';
import type { MessagePublisher } from '../../projections/publishers/ports/messagePublisher.js';
import { closeQuietly, openConnection } from './connection.js';
import { rabbitConsumer } from './consumer.js';
import { rabbitDeadLetters } from './deadLetters.js';
import { rabbitPublisher } from './publisher.js';
import { EXCHANGE } from './topology.js';

export interface RabbitMqOptions extends DeliveryPolicyOptions {
  /** `amqp://user:password@host:port/vhost`; `?heartbeat=` in seconds, default 10. */
  readonly url: string;
  /** Default `comanda.events`. */
  readonly exchange?: string;
  /** Within this time a publish is confirmed or fails, in milliseconds; default 10,000. */
  readonly publishTimeoutMs?: number;
  /** Message types that are not published unless some queue takes them; default none. */
  readonly mustReach?: readonly string[];
  /** Queues whose dead letters an operator may ask for although nobody consumes them in this program. */
  readonly knownQueues?: readonly Pick<QueueOptions, 'queue' | 'ttlMs'>[];
  readonly log?: (line: string) => void;
}

export interface RabbitMq {
  readonly publisher: MessagePublisher;
  readonly consumer: MessageConsumer;
  readonly deadLetters: DeadLetters;
  /** Resolves when the broker answers. Throws BrokerUnavailable. */
  answers(): Promise<void>;
  /** Stops every consumption (what is being handled is finished first) and closes the connections. */
  close(): Promise<void>;
}

/** Shorter than whoever asks for readiness waits. */
const ANSWER_WITHIN_MS = 1_500;

/**
 * RabbitMQ behind the broker's ports. Two connections, for a broker that is short of memory or disk stops reading from a
 * connection that publishes, and acknowledgements must not wait behind that (RabbitMQ documentation, "Connections",
 * "Connection Blocked"). Resolves at once; a broker that is down shows when something is published or consumed.
 */
export const openRabbitMq = async (options: RabbitMqOptions): Promise<RabbitMq> => {
  const log = options.log ?? (() => undefined);
  const exchange = options.exchange ?? EXCHANGE;
  const publishing = await openConnection({ url: options.url, log });
  const consuming = await openConnection({ url: options.url, log });
  const queues = new Map((options.knownQueues ?? []).map(({ queue, ttlMs }) => [queue, ttlMs] as const));
  const consumer = rabbitConsumer({ ...options, connection: consuming, exchange, log });

  return {
    publisher: rabbitPublisher({
      connection: publishing,
      exchange,
      timeoutMs: options.publishTimeoutMs ?? 10_000,
      mustReach: new Set(options.mustReach),
    }),
    consumer: {
      declare: (what) => consumer.declare(what),
      consume: (what) => {
        queues.set(what.queue, what.ttlMs);
        return consumer.consume(what);
      },
    },
    deadLetters: rabbitDeadLetters(consuming, queues),
    answers: async () => {
      void closeQuietly(await publishing.openChannel(ANSWER_WITHIN_MS));
    },
    close: async () => {
      await consumer.closeAll();
      await Promise.all([publishing.close(), consuming.close()]);
    },
  };
};
