import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import * as E from 'fp-ts/lib/Either.js';
import { decodeCloudEvent } from '../../consumers/contracts/cloudEvent.js';
import type { DeliveryPolicy, Settlement } from '../../consumers/ports/deliveryPolicy.js';
import { atMost } from './atMost.js';
import { closeQuietly } from './connection.js';
import { deadQueueOf, DELIVERY_LIMIT, retryQueueOf } from './topology.js';
import { attemptOf, deliveryCountOf, forward, HEADER, headersOf } from './wire.js';

export interface SessionOptions {
  readonly queue: string;
  readonly prefetch: number;
  readonly policy: DeliveryPolicy;
  /** A message that waits longer than this for the system is given back: the broker closes channels that hold one for 30 min. */
  readonly holdLimitMs: number;
  readonly onFault: (error: unknown) => void;
}

/** One channel's life as a consumer. `ended` resolves when the channel is gone, for whatever reason. */
export interface Session {
  readonly ended: Promise<void>;
  /** Takes nothing new, finishes what is being handled, gives back what waits, closes the channel. */
  end(): Promise<void>;
}

const GOODBYE_MS = 2_000;
/** Headers share one small frame, and what a decoder complains about can be long. */
const REASON_LENGTH = 1_000;

/** Consumes on a channel whose topology is declared. */
export const startSession = async (channel: ConfirmChannel, options: SessionOptions): Promise<Session> => {
  const { queue, prefetch, policy } = options;
  /** Lets each delivery stop waiting for the system. */
  const holding = new Set<() => void>();
  let ending = false;
  const handling = new Set<Promise<void>>();

  const apply = async (received: ConsumeMessage, settlement: Settlement): Promise<void> => {
    const attempt = attemptOf(received);
    // the copy is confirmed before the original goes: a crash in between makes two, never none
    switch (settlement._tag) {
      case 'Acknowledge':
        break;
      case 'RetryLater':
        await forward(channel, retryQueueOf(queue, settlement.delayMs), received, {
          [HEADER.attempt]: attempt + 1,
          [HEADER.reason]: settlement.reason.slice(0, REASON_LENGTH),
        });
        break;
      case 'DeadLetter':
        await forward(channel, deadQueueOf(queue), received, {
          [HEADER.attempt]: attempt,
          [HEADER.reason]: settlement.reason.slice(0, REASON_LENGTH),
          [HEADER.deadAt]: new Date().toISOString(),
        });
        break;
      case 'GiveBack':
        // taking back counts towards the delivery limit; before that is near, a copy begins anew at the queue's end
        if (deliveryCountOf(received) < DELIVERY_LIMIT / 2) {
          channel.nack(received, false, true);
          return;
        }
        await forward(channel, queue, received, { ...headersOf(received), [HEADER.attempt]: attempt });
        break;
    }
    channel.ack(received);
  };

  const settle = async (received: ConsumeMessage): Promise<Settlement> => {
    const message = decodeCloudEvent(received.content.toString('utf8'));
    if (E.isLeft(message)) return { _tag: 'DeadLetter', reason: message.left };
    const held = new AbortController();
    const letGo = (): void => {
      held.abort();
    };
    const timer = setTimeout(letGo, options.holdLimitMs);
    if (ending) letGo();
    holding.add(letGo);
    try {
      return await policy.settle({ message: message.right, attempt: attemptOf(received) }, held.signal);
    } finally {
      clearTimeout(timer);
      holding.delete(letGo);
    }
  };

  const work = async (received: ConsumeMessage): Promise<void> => {
    try {
      await apply(received, await settle(received));
    } catch (error) {
      options.onFault(error);
      // the channel died, or a queue is gone: a new session declares them anew and gets what is unacknowledged again
      await closeQuietly(channel);
    }
  };

  const closed = new Promise<void>((resolve) => channel.once('close', resolve));
  await channel.prefetch(prefetch);
  const { consumerTag } = await channel.consume(queue, (received) => {
    if (received === null) {
      // the broker cancelled us: the queue was deleted, or its leader moved
      void closeQuietly(channel);
      return;
    }
    const working = work(received).finally(() => handling.delete(working));
    handling.add(working);
  });

  const settled = async (): Promise<void> => {
    ending = true;
    for (const letGo of holding) letGo();
    while (handling.size > 0) await Promise.all(handling);
  };
  return {
    ended: closed.then(settled),
    end: async () => {
      await atMost(GOODBYE_MS, cancel(channel, consumerTag));
      await settled();
      await atMost(GOODBYE_MS, closeQuietly(channel));
    },
  };
};

/** The driver throws at once, instead of rejecting, when the channel is closed already. */
const cancel = async (channel: ConfirmChannel, consumerTag: string): Promise<void> => {
  await channel.cancel(consumerTag);
};
