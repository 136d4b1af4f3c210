import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { v4 as uuidv4 } from 'uuid';
import type { WakeUp } from '../../api/ports/wakeUp.js';

export interface RedisWakeUpOptions {
  /** `redis://host:port` or `rediss://…`. */
  readonly url: string;
  /** The waiters of this process; they are woken without Redis when the notifier is in the same process. */
  readonly local: WakeUp;
  /** Programs that should hear each other share it; default `comanda:wakeup`. */
  readonly channel?: string;
  /** Hears of lost connections; they come back by themselves. */
  readonly log?: (line: string) => void;
}

export interface RedisWakeUp extends WakeUp {
  /** Resolves when Redis answers; rejects, or waits, while it does not. */
  answers(): Promise<void>;
}

/** An answer that is later than this will not come: the server is frozen, or the connection is dead and does not say so. */
const SILENCE_MS = 5_000;

const CONNECTION = {
  connectTimeout: 5_000,
  // what waits for a server that is silent would pile up
  socketTimeout: SILENCE_MS,
  retryStrategy: (times: number) => Math.min(times * 100, 2_000),
} satisfies RedisOptions;

/**
 * Wakes waiters in all processes by Redis pub/sub. All topics share one channel that is subscribed from the beginning, so
 * a waiter is registered at once, without a round trip. Redis being down delays a waiter in another process to its own
 * time-out and does nothing else: nothing here throws, and nothing is queued up for later.
 */
export const redisWakeUp = (options: RedisWakeUpOptions): RedisWakeUp => {
  const { url, local, log = () => undefined } = options;
  const channel = options.channel ?? 'comanda:wakeup';
  const self = uuidv4();
  // a hint that cannot be sent now is worthless later
  const publisher = new Redis(url, { ...CONNECTION, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  const subscriber = new Redis(url, { ...CONNECTION, maxRetriesPerRequest: null });
  for (const [name, client] of [
    ['publisher', publisher],
    ['subscriber', subscriber],
  ] as const) {
    let isDown = false;
    client.on('error', (error: Error) => {
      // once an outage: the client tries again every two seconds, for as long as it takes
      if (!isDown) log(`Redis does not answer the wake-up ${name}, who goes on trying: ${error.message}`);
      isDown = true;
    });
    client.on('ready', () => {
      isDown = false;
    });
  }
  // sent again by the client after every reconnect
  subscriber.subscribe(channel).catch((error: unknown) => {
    log(`Redis wake-up: not subscribed: ${error instanceof Error ? error.message : String(error)}`);
  });
  // nothing is ever asked of this connection, so that nobody would notice if it were dead
  const listening = setInterval(() => {
    if (subscriber.status === 'ready') subscriber.ping().catch(() => undefined);
  }, SILENCE_MS);
  listening.unref();
  subscriber.on('message', (_channel: string, message: string) => {
    const [sender, ...topic] = message.split(' ');
    // our own waiters were woken directly
    if (sender !== self) local.notify(topic.join(' '));
  });

  return {
    notify: (topic) => {
      local.notify(topic);
      publisher.publish(channel, `${self} ${topic}`).catch(() => undefined);
    },
    wait: (topic, timeoutMs, signal) => local.wait(topic, timeoutMs, signal),
    answers: async () => {
      await publisher.ping();
    },
    close: async () => {
      clearInterval(listening);
      publisher.disconnect();
      subscriber.disconnect();
      await local.close();
    },
  };
};
