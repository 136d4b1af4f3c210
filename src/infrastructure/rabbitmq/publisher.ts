import type { ConfirmChannel, Message } from 'amqplib';
import { MAX_MESSAGE_BYTES } from '../../consumers/contracts/cloudEvent.js';
import { BrokerUnavailable, MessageTooLarge } from '../../projections/publishers/ports/messagePublisher.js';
import type { MessagePublisher } from '../../projections/publishers/ports/messagePublisher.js';
import type { RabbitConnection } from './connection.js';
import { closeQuietly } from './connection.js';
import { declareExchanges, wayOf } from './topology.js';
import { publishConfirmed } from './wire.js';

export interface PublisherOptions {
  readonly connection: RabbitConnection;
  readonly exchange: string;
  /** Reconnecting and the confirm together may take this long, in milliseconds. */
  readonly timeoutMs: number;
  /** Types that some queue has to take: the broker may have lost its queues, and what it cannot route it forgets. */
  readonly mustReach: ReadonlySet<string>;
}

/** Publishes on one confirm channel; `messageId` is the event's id, the routing key its type, or that of its kind of engine. */
export const rabbitPublisher = ({ connection, exchange, timeoutMs, mustReach }: PublisherOptions): MessagePublisher => {
  let current: Promise<ConfirmChannel> | undefined;
  /** Ids of messages that no queue took; the broker says so (`basic.return`) right before it confirms them. */
  const returned = new Set<unknown>();

  const open = async (): Promise<ConfirmChannel> => {
    const channel = await connection.openChannel(timeoutMs);
    // the next publish opens another
    channel.once('close', () => (current = undefined));
    channel.on('return', ({ properties }: Message) => returned.add(properties.messageId));
    try {
      await declareExchanges(channel, exchange);
    } catch (error) {
      void closeQuietly(channel);
      throw new BrokerUnavailable('RabbitMQ: the exchanges could not be declared', { cause: error });
    }
    return channel;
  };
  const channel = (): Promise<ConfirmChannel> => {
    current ??= open().catch((error: unknown) => {
      current = undefined;
      throw error;
    });
    return current;
  };

  return {
    publish: async (message) => {
      const body = Buffer.from(JSON.stringify(message));
      if (body.length > MAX_MESSAGE_BYTES) throw new MessageTooLarge(message.id, body.length, MAX_MESSAGE_BYTES);
      const sent = channel().then((open) =>
        publishConfirmed(open, wayOf(exchange, message.type), body, {
          messageId: message.id,
          type: message.type,
          contentType: 'application/cloudevents+json',
          timestamp: Math.floor(Date.parse(message.time) / 1_000),
          headers: message.traceparent === undefined ? {} : { traceparent: message.traceparent },
        }),
      );
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new BrokerUnavailable(`RabbitMQ did not confirm ${message.id} within ${timeoutMs} ms`));
        }, timeoutMs);
      });
      try {
        await Promise.race([sent, tooLate]);
      } finally {
        clearTimeout(timer);
      }
      if (returned.delete(message.id) && mustReach.has(message.type)) {
        throw new BrokerUnavailable(`RabbitMQ has no queue that takes ${message.type}`);
      }
    },
  };
};
