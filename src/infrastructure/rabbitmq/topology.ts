import type { Channel } from 'amqplib';
import { DIRECT_EXCHANGES, directRouteOf } from '../../consumers/contracts/routes.js';

/** Facts for anybody. */
export const EXCHANGE = 'comanda.events';

/** The exchange that routes by queue name; every queue is bound to it (AMQP 0-9-1, 3.1.3.1). */
export const TO_QUEUE = '';

/**
 * The broker's own limit is a last resort against messages that kill the process that handles them: it also counts the
 * deliveries that a crash or a lost connection takes back, so it is far above our own number of attempts.
 */
export const DELIVERY_LIMIT = 20;

export const deadQueueOf = (queue: string): string => `${queue}.dead`;

/** A queue's arguments cannot change, so another delay is another queue. */
export const retryQueueOf = (queue: string, delayMs: number): string => `${queue}.retry.${delayMs}`;

const quorum = (args: Record<string, unknown>) => ({
  durable: true,
  arguments: { 'x-queue-type': 'quorum', ...args },
});

/** What moves to another queue must arrive there before it leaves this one (RabbitMQ ≥ 3.10, "at-least-once dead lettering"). */
const deadLetteringTo = (queue: string) => ({
  'x-dead-letter-exchange': TO_QUEUE,
  'x-dead-letter-routing-key': queue,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

export const declareExchange = async (channel: Channel, exchange: string): Promise<void> => {
  await channel.assertExchange(exchange, 'topic', { durable: true });
};

/** Where messages of a type are published, and bound from. */
export interface Way {
  readonly exchange: string;
  readonly routingKey: string;
}

/** The way of a type, or of a pattern over types of facts. */
export const wayOf = (exchange: string, type: string): Way => {
  const direct = directRouteOf(type);
  return direct === undefined ? { exchange, routingKey: type } : { exchange: direct.exchange, routingKey: direct.key };
};

/** The exchange of all facts, and those of jobs and their answers. */
export const declareExchanges = async (channel: Channel, exchange: string): Promise<void> => {
  await declareExchange(channel, exchange);
  for (const direct of DIRECT_EXCHANGES) await channel.assertExchange(direct, 'direct', { durable: true });
};

const lapsing = (ttlMs: number | undefined) => (ttlMs === undefined ? {} : { 'x-message-ttl': ttlMs });

/** Since version 4 every quorum queue has a delivery limit unless told otherwise, and dead letters are read again and again. */
export const declareDeadQueue = async (
  channel: Channel,
  queue: string,
  serverMajor: number,
  ttlMs?: number,
): Promise<void> => {
  await channel.assertQueue(
    deadQueueOf(queue),
    quorum({ ...(serverMajor >= 4 ? { 'x-delivery-limit': -1 } : {}), ...lapsing(ttlMs) }),
  );
};

export interface ConsumerTopology {
  readonly exchange: string;
  readonly queue: string;
  readonly bindings: readonly string[];
  readonly retryDelaysMs: readonly number[];
  /** How long a message may wait in the queue, and again among its dead letters. */
  readonly ttlMs?: number;
}

/**
 * Everything one consumer needs, all durable and replicated: its queue with its bindings, one retry queue for each delay
 * whose messages expire back into the consumer's own queue (no other consumer sees them), and its dead letters.
 */
export const declareConsumer = async (
  channel: Channel,
  { exchange, queue, bindings, retryDelaysMs, ttlMs }: ConsumerTopology,
  serverMajor: number,
): Promise<void> => {
  await declareExchanges(channel, exchange);
  await declareDeadQueue(channel, queue, serverMajor, ttlMs);
  for (const delayMs of new Set(retryDelaysMs)) {
    await channel.assertQueue(
      retryQueueOf(queue, delayMs),
      quorum({ ...deadLetteringTo(queue), 'x-message-ttl': delayMs }),
    );
  }
  await channel.assertQueue(
    queue,
    quorum({ ...deadLetteringTo(deadQueueOf(queue)), 'x-delivery-limit': DELIVERY_LIMIT, ...lapsing(ttlMs) }),
  );
  for (const pattern of bindings) {
    const way = wayOf(exchange, pattern);
    await channel.bindQueue(queue, way.exchange, way.routingKey);
  }
};
