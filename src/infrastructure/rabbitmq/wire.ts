import type { ConfirmChannel, ConsumeMessage, GetMessage, Message, Options } from 'amqplib';
import { v4 as uuidv4 } from 'uuid';
import { BrokerUnavailable } from '../../projections/publishers/ports/messagePublisher.js';
import { messageOf } from './connection.js';
import { TO_QUEUE } from './topology.js';

/** Our own headers; they survive the way through retry queues. */
export const HEADER = {
  attempt: 'x-comanda-attempt',
  reason: 'x-comanda-reason',
  deadAt: 'x-comanda-dead-at',
  forward: 'x-comanda-forward',
} as const;

type Received = ConsumeMessage | GetMessage;

export const headersOf = ({ properties }: Received): Readonly<Record<string, unknown>> => properties.headers ?? {};

/** 1 for a message that was never retried. */
export const attemptOf = (message: Received): number => {
  const attempt = headersOf(message)[HEADER.attempt];
  return typeof attempt === 'number' && attempt >= 1 ? attempt : 1;
};

/** How often a quorum queue has delivered the message before and taken it back. */
export const deliveryCountOf = (message: Received): number => {
  const count = headersOf(message)['x-delivery-count'];
  return typeof count === 'number' ? count : 0;
};

/** Publishes and resolves when the broker has confirmed: the message is durable in every queue that it was routed to. */
export const publishConfirmed = (
  channel: ConfirmChannel,
  to: { readonly exchange: string; readonly routingKey: string },
  body: Buffer,
  options: Options.Publish,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const refused = (error: unknown): void => {
      reject(new BrokerUnavailable(`${messageOf(error)} (not confirmed)`, { cause: error }));
    };
    try {
      channel.publish(to.exchange, to.routingKey, body, { ...options, persistent: true, mandatory: true }, (error) => {
        if (error === null || error === undefined) resolve();
        else refused(error);
      });
    } catch (error) {
      refused(error);
    }
  });

/** What the broker could not route, by channel: it says so (`basic.return`) right before it confirms. */
const returnedOn = new WeakMap<ConfirmChannel, Set<unknown>>();

const returnedBy = (channel: ConfirmChannel): Set<unknown> => {
  const known = returnedOn.get(channel);
  if (known !== undefined) return known;
  const returned = new Set<unknown>();
  returnedOn.set(channel, returned);
  channel.on('return', ({ properties }: Message) => {
    returned.add(properties.headers?.[HEADER.forward]);
  });
  return returned;
};

/**
 * Puts a copy of a received message into a queue with other headers; resolves when it is safe there.
 * @throws BrokerUnavailable also when the queue is gone: then the original must not be acknowledged.
 */
export const forward = async (
  channel: ConfirmChannel,
  queue: string,
  message: Received,
  headers: Record<string, unknown>,
): Promise<void> => {
  const properties: Readonly<Record<string, unknown>> = { ...message.properties };
  const kept = ['contentType', 'messageId', 'type', 'timestamp'].filter((name) => properties[name] !== undefined);
  const returned = returnedBy(channel);
  const id = uuidv4();
  await publishConfirmed(channel, { exchange: TO_QUEUE, routingKey: queue }, message.content, {
    ...Object.fromEntries(kept.map((name) => [name, properties[name]])),
    headers: { ...headers, [HEADER.forward]: id },
  });
  if (returned.delete(id)) throw new BrokerUnavailable(`RabbitMQ: the queue ${queue} does not exist`);
};
