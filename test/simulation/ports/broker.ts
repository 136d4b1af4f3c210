import * as E from 'fp-ts/lib/Either.js';
import { type CloudEvent, decodeCloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { deliveryPolicy, type Settlement } from '../../../src/consumers/ports/deliveryPolicy.js';
import type { ConsumeOptions, Consumption, MessageConsumer } from '../../../src/consumers/ports/messageConsumer.js';
import { topicMatches } from '../../../src/embedded/broker/topics.js';
import {
  BrokerUnavailable,
  type MessagePublisher,
} from '../../../src/projections/publishers/ports/messagePublisher.js';
import type { Faults } from '../faults/faults.js';
import type { Host } from '../kernel/host.js';
import type { Network } from '../kernel/network.js';
import type { Random } from '../kernel/random.js';

interface Message {
  readonly body: string;
  readonly attempt: number;
}

/** What a consumer has and has not settled. */
interface Unsettled extends Message {
  readonly tag: number;
}

interface Subscriber {
  readonly host: Host;
  readonly life: number;
  readonly prefetch: number;
  readonly unsettled: Map<number, Unsettled>;
  /** Nothing comes over a broken connection until it is made again. */
  connected: boolean;
  readonly deliver: (message: Unsettled) => void;
}

interface Queue {
  readonly name: string;
  readonly bindings: Set<string>;
  /** Whether it wants messages of a type, as far as that was asked. */
  readonly wanted: Map<string, boolean>;
  ready: Message[];
  readonly subscribers: Set<Subscriber>;
}

export interface BrokerParts {
  readonly network: Network;
  readonly faults: Faults;
  readonly random: Random;
}

/** A frozen consumer's messages go to somebody else after so long. */
const HEARTBEAT_MS = 10_000;
/** How long a consumer waits before it connects again; as the program's own does. */
const RECONNECT_MS = 100;

/** The broker itself: queues that outlive everybody; a message stays until it is settled, and may come again and in any order. */
export class Broker {
  readonly #queues = new Map<string, Queue>();
  readonly dead: { readonly queue: string; readonly body: string; readonly reason: string }[] = [];
  readonly #listeners: ((id: string, body: string) => void)[] = [];
  /** Messages that rest before their next attempt. */
  resting = 0;
  #tags = 0;

  constructor(private readonly parts: BrokerParts) {}

  onPublished(listener: (id: string, body: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Messages that nobody is done with. */
  get waiting(): number {
    let count = this.resting;
    for (const { ready, subscribers } of this.#queues.values()) {
      count += ready.length;
      for (const { unsettled } of subscribers) count += unsettled.size;
    }
    return count;
  }

  /** Everything waiting whose consumer died or froze goes back to its queue. */
  disconnect(host: Host): void {
    for (const queue of this.#queues.values()) {
      for (const subscriber of queue.subscribers) if (subscriber.host === host) this.#requeue(queue, subscriber, true);
      this.#dispatch(queue);
    }
  }

  /** What a frozen consumer has is given to others when its heartbeat fails. */
  froze(host: Host): void {
    this.parts.network.scheduler.schedule(undefined, HEARTBEAT_MS, 'the broker misses a heartbeat', () => {
      if (host.state !== 'frozen') return;
      for (const queue of this.#queues.values()) {
        for (const subscriber of queue.subscribers)
          if (subscriber.host === host) this.#requeue(queue, subscriber, false);
        this.#dispatch(queue);
      }
    });
  }

  /** Who was frozen connects again, and is given whatever waits. */
  woke(): void {
    for (const queue of this.#queues.values()) this.#dispatch(queue);
  }

  declare(name: string, bindings: readonly string[]): Queue {
    const queue = this.#queues.get(name) ?? {
      name,
      bindings: new Set(),
      wanted: new Map(),
      ready: [],
      subscribers: new Set(),
    };
    this.#queues.set(name, queue);
    const before = queue.bindings.size;
    bindings.forEach((binding) => queue.bindings.add(binding));
    if (queue.bindings.size > before) queue.wanted.clear();
    return queue;
  }

  publish({ type, id }: Pick<CloudEvent<unknown>, 'type' | 'id'>, body: string): void {
    for (const listener of this.#listeners) listener(id, body);
    for (const queue of this.#queues.values()) {
      if (!wants(queue, type)) continue;
      queue.ready.push({ body, attempt: 1 });
      this.#dispatch(queue);
    }
  }

  subscribe(queue: Queue, subscriber: Subscriber): void {
    queue.subscribers.add(subscriber);
    this.#dispatch(queue);
  }

  /** A settlement of something that was given to somebody else meanwhile is heard by nobody. */
  settle(queue: Queue, subscriber: Subscriber, { tag }: Unsettled, settlement: Settlement): void {
    const message = subscriber.unsettled.get(tag);
    if (!message) return;
    subscriber.unsettled.delete(tag);
    const { body, attempt } = message;
    switch (settlement._tag) {
      case 'Acknowledge':
        break;
      case 'GiveBack':
        queue.ready.push({ body, attempt });
        break;
      case 'DeadLetter':
        this.dead.push({ queue: queue.name, body, reason: settlement.reason });
        break;
      case 'RetryLater':
        this.resting += 1;
        this.parts.network.scheduler.schedule(undefined, settlement.delayMs, `a retry in ${queue.name}`, () => {
          this.resting -= 1;
          queue.ready.push({ body, attempt: attempt + 1 });
          this.#dispatch(queue);
        });
    }
    this.#dispatch(queue);
  }

  /** The connection of a subscriber breaks, and comes back after a while. */
  cut(queue: Queue, subscriber: Subscriber): void {
    this.#requeue(queue, subscriber, false);
    if (subscriber.connected) {
      subscriber.connected = false;
      this.parts.network.scheduler.schedule(undefined, RECONNECT_MS, 'a consumer connects again', () => {
        subscriber.connected = true;
        this.#dispatch(queue);
      });
    }
    this.#dispatch(queue);
  }

  /** What could not be settled breaks the connection that it came by, unless that is broken already. */
  lost(queue: Queue, subscriber: Subscriber, { tag }: Unsettled): void {
    if (subscriber.unsettled.has(tag)) this.cut(queue, subscriber);
  }

  #requeue(queue: Queue, subscriber: Subscriber, gone: boolean): void {
    queue.ready.unshift(...subscriber.unsettled.values());
    subscriber.unsettled.clear();
    if (gone) queue.subscribers.delete(subscriber);
  }

  #dispatch(queue: Queue): void {
    const { random, faults, network } = this.parts;
    while (queue.ready.length > 0) {
      const free = [...queue.subscribers].filter(
        ({ prefetch, unsettled, connected, host, life }) =>
          connected && unsettled.size < prefetch && host.life === life && host.state === 'up',
      );
      const subscriber = random.pick(free);
      if (!subscriber) return;
      const place = faults.happens('reordered') ? random.between(0, queue.ready.length - 1) : 0;
      const [message] = queue.ready.splice(place, 1);
      if (!message) return;
      const unsettled: Unsettled = { body: message.body, attempt: message.attempt, tag: (this.#tags += 1) };
      subscriber.unsettled.set(unsettled.tag, unsettled);
      network.scheduler.schedule(subscriber.host, network.latency(), `delivery from ${queue.name}`, () =>
        subscriber.deliver(unsettled),
      );
    }
  }
}

// what a pattern matches does not differ between runs
const matched = new Map<string, boolean>();

function matches(pattern: string, type: string): boolean {
  const both = `${pattern} ${type}`;
  let matches = matched.get(both);
  if (matches === undefined) matched.set(both, (matches = topicMatches(pattern, type)));
  return matches;
}

function wants({ bindings, wanted }: Queue, type: string): boolean {
  const known = wanted.get(type);
  if (known !== undefined) return known;
  const wants = [...bindings].some((pattern) => matches(pattern, type));
  wanted.set(type, wants);
  return wants;
}

const unavailable = (): Error => new BrokerUnavailable('the broker does not answer');

export const publisherFor = (host: Host, broker: Broker, { network }: BrokerParts): MessagePublisher => ({
  publish: (message: CloudEvent<unknown>) => {
    const body = JSON.stringify(message);
    return network.call<void>(host, {
      service: 'broker',
      label: network.trace.kept ? `publish ${message.type} ${message.id}` : 'publish',
      failures: { unavailable, unknown: unavailable },
      serve: (reply) => {
        broker.publish(message, body);
        reply.answer();
      },
    });
  },
});

/** Consumers of one process; retries, breaker and dead letters by the program's own policy. */
export const consumerFor = (host: Host, broker: Broker, { network, faults }: BrokerParts): MessageConsumer => {
  const declare = ({ queue, bindings }: Pick<ConsumeOptions, 'queue' | 'bindings'>) =>
    network.call<void>(host, {
      service: 'broker',
      label: `declare ${queue}`,
      failures: { unavailable },
      serve: (reply) => {
        broker.declare(queue, bindings);
        reply.answer();
      },
    });

  const consume = (options: ConsumeOptions): Promise<Consumption> => {
    const policy = deliveryPolicy(options);
    const stopping = new AbortController();
    const queue = broker.declare(options.queue, options.bindings);

    const settle = async (unsettled: Unsettled): Promise<void> => {
      const message = decodeCloudEvent(unsettled.body);
      if (E.isLeft(message)) throw new Error(`the broker holds what is no message: ${message.left}`);
      const settlement = await policy.settle({ message: message.right, attempt: unsettled.attempt }, stopping.signal);
      await network
        .call<void>(host, {
          service: 'broker',
          label: network.trace.kept ? `${settlement._tag} ${message.right.type} ${message.right.id}` : 'settle',
          failures: { unavailable },
          serve: (reply) => {
            if (faults.happens('redelivered')) broker.cut(queue, subscriber);
            broker.settle(queue, subscriber, unsettled, settlement);
            reply.answer();
          },
        })
        // what could not be settled comes again on another connection
        .catch(() => broker.lost(queue, subscriber, unsettled));
    };
    const subscriber: Subscriber = {
      host,
      life: host.life,
      prefetch: options.prefetch,
      unsettled: new Map(),
      connected: true,
      deliver: (unsettled) => void settle(unsettled),
    };
    broker.subscribe(queue, subscriber);
    return Promise.resolve({
      pause: () => Promise.resolve(),
      resume: () => undefined,
      stop: () => {
        stopping.abort();
        broker.disconnect(host);
        return Promise.resolve();
      },
    });
  };
  return { declare, consume };
};
