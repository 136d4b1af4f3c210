import { createHash } from 'node:crypto';
import type { ConfirmChannel, GetMessage } from 'amqplib';
import * as E from 'fp-ts/lib/Either.js';
import { decodeCloudEvent } from '../../consumers/contracts/cloudEvent.js';
import type { DeadLetter, DeadLetters } from '../../consumers/ports/deadLetters.js';
import { BrokerUnavailable } from '../../projections/publishers/ports/messagePublisher.js';
import { closeQuietly, messageOf } from './connection.js';
import type { RabbitConnection } from './connection.js';
import { deadQueueOf, declareDeadQueue } from './topology.js';
import { attemptOf, forward, HEADER, headersOf } from './wire.js';

const TIMEOUT_MS = 10_000;
/** So many bodies are held in memory at a time. */
const AT_ONCE = 1_000;

/**
 * Dead letters are read by getting them without acknowledging; closing the channel puts them back in their places. So
 * looking at them hides them from others for that moment and changes nothing. AMQP cannot list queues: `queues` are the
 * consumers that this program was told of, with how long their messages may wait.
 */
export const rabbitDeadLetters = (
  connection: RabbitConnection,
  queues: ReadonlyMap<string, number | undefined>,
): DeadLetters => {
  const onChannel = async <T>(queue: string, work: (channel: ConfirmChannel) => Promise<T>): Promise<T> => {
    const channel = await connection.openChannel(TIMEOUT_MS);
    try {
      await declareDeadQueue(channel, queue, connection.serverMajor(channel), queues.get(queue));
      return await work(channel);
    } catch (error) {
      throw error instanceof BrokerUnavailable ? error : new BrokerUnavailable(messageOf(error), { cause: error });
    } finally {
      await closeQuietly(channel);
    }
  };

  /**
   * Gets up to `limit` dead letters, oldest first. They stay unacknowledged, so none comes twice.
   */
  const gather = async (channel: ConfirmChannel, queue: string, limit: number): Promise<readonly GetMessage[]> => {
    const found: GetMessage[] = [];
    while (found.length < limit) {
      const message = await channel.get(deadQueueOf(queue));
      if (message === false) break;
      found.push(message);
    }
    return found;
  };

  /** Takes out the one with that id, or all; `before` has seen to it that nothing is lost with it. */
  const take = (
    queue: string,
    id: string | undefined,
    before: (channel: ConfirmChannel, message: GetMessage) => Promise<void>,
  ): Promise<number> =>
    onChannel(queue, async (channel) => {
      let taken = 0;
      // what is put back and given up again at once comes behind them: to take that, too, would never end
      const { messageCount } = await channel.checkQueue(deadQueueOf(queue));
      for (let left = messageCount; left > 0; left -= AT_ONCE) {
        const gathered = await gather(channel, queue, Math.min(left, AT_ONCE));
        for (const message of gathered) {
          if (id !== undefined && idOf(message) !== id) continue;
          await before(channel, message);
          channel.ack(message);
          taken += 1;
          if (id !== undefined) return taken;
        }
      }
      return taken;
    });

  return {
    queues: () => Promise.resolve([...queues.keys()]),
    list: (queue, limit) =>
      onChannel(queue, async (channel) => {
        const found = await gather(channel, queue, limit);
        return found.map((message) => toDeadLetter(queue, message));
      }),
    count: (queue) => onChannel(queue, async (channel) => (await channel.checkQueue(deadQueueOf(queue))).messageCount),
    retry: (queue, id) =>
      take(queue, id, async (channel, message) => {
        await forward(channel, queue, message, { [HEADER.attempt]: 1 });
      }),
    discard: (queue, id) => take(queue, id, () => Promise.resolve()),
    purge: (queue) => take(queue, undefined, () => Promise.resolve()),
  };
};

/** What has no id is known by its content: two with the same are as good as one another, and no other is taken for it. */
const idOf = (message: GetMessage): string => {
  const decoded = decodeCloudEvent(message.content.toString('utf8'));
  if (E.isRight(decoded)) return decoded.right.id;
  const { messageId } = message.properties as { messageId?: unknown };
  return typeof messageId === 'string'
    ? messageId
    : `unnamed-${createHash('sha256').update(message.content).digest('hex').slice(0, 16)}`;
};

const toDeadLetter = (queue: string, message: GetMessage): DeadLetter => {
  const body = message.content.toString('utf8');
  const headers = headersOf(message);
  const decoded = decodeCloudEvent(body);
  const own = headers[HEADER.reason];
  const deadAt = headers[HEADER.deadAt];
  return {
    id: idOf(message),
    queue,
    // what the broker itself gave up has no reason of ours
    reason: typeof deadAt === 'string' && typeof own === 'string' ? own : brokersReason(headers),
    attempts: attemptOf(message),
    deadAt: typeof deadAt === 'string' ? deadAt : brokersTime(headers),
    message: E.isRight(decoded) ? decoded.right : undefined,
    body,
  };
};

/** The newest entry of `x-death`, RabbitMQ's own record of dead lettering. */
const death = (headers: Readonly<Record<string, unknown>>): { reason?: unknown; time?: unknown } => {
  const entries = headers['x-death'];
  const newest: unknown = Array.isArray(entries) ? entries[0] : undefined;
  return typeof newest === 'object' && newest !== null ? newest : {};
};

const brokersReason = (headers: Readonly<Record<string, unknown>>): string => {
  const { reason } = death(headers);
  return typeof reason === 'string' ? `given up by RabbitMQ: ${reason}` : 'given up by RabbitMQ';
};

const brokersTime = (headers: Readonly<Record<string, unknown>>): string => {
  const { time } = death(headers);
  // a timestamp in a header table arrives as { '!': 'timestamp', value: seconds }
  const seconds = typeof time === 'object' && time !== null && 'value' in time ? Number(time.value) : Number.NaN;
  return Number.isFinite(seconds) ? new Date(seconds * 1_000).toISOString() : '';
};
