import type { CloudEvent } from '../contracts/cloudEvent.js';

export interface Delivery {
  readonly message: CloudEvent<unknown>;
  /** 1 for the first time; grows with every delayed retry, not with a fault of the system or a crash. */
  readonly attempt: number;
}

export interface ConsumeOptions {
  /** The consumer's own durable queue, for example `payment.order-accepted`: letters, digits, `.`, `-`, `_`. */
  readonly queue: string;
  /**
   * Topic patterns over message types as in AMQP: `order.created.v1`, `order.*.v1`, `order.#`. Added, never taken away. Jobs and
   * their answers come only to who names their type.
   */
  readonly bindings: readonly string[];
  /**
   * How long a message may wait here before it is given up, in milliseconds, and again among the dead letters before it is
   * deleted for good: for what must not lie about. Absent: for ever. It never changes once the queue is there.
   */
  readonly ttlMs?: number;
  /** How many messages are handled side by side; with 1 the queue's order is kept, delayed retries aside. */
  readonly prefetch: number;
  /**
   * Works one message; must be idempotent, for a message can come again after a crash.
   * Resolves: acknowledged. Throws a fault of the system (`isSystemFault`): the consumer pauses behind a circuit breaker and
   * the same delivery is handed over again, as often as it takes. Throws anything else: a fault of the message, retried
   * after 5 s, 30 s and 5 min on this queue alone, then dead-lettered with the reason.
   */
  readonly handle: (delivery: Delivery) => Promise<void>;
}

/** A queue as it is declared. */
export type QueueOptions = Pick<ConsumeOptions, 'queue' | 'bindings' | 'ttlMs'>;

export interface MessageConsumer {
  /**
   * Declares queue and bindings (durable) without consuming: from then on, messages wait there for whoever will consume.
   * Waits for a broker that is away.
   */
  declare(what: QueueOptions): Promise<void>;
  /** Declares queue and bindings (durable) and begins to consume. Resolves once messages published from now on will arrive. */
  consume(options: ConsumeOptions): Promise<Consumption>;
}

export interface Consumption {
  /** Hands over no further message; resolves when those being handled are done (one that waits behind the breaker goes on waiting). */
  pause(): Promise<void>;
  resume(): void;
  /** Drains: takes nothing new, waits for what is being handled, gives back the rest, ends. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long a message rests before its next attempts, in milliseconds; after the last one it is dead-lettered. */
export const RETRY_DELAYS_MS: readonly number[] = [5_000, 30_000, 300_000];
