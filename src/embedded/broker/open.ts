import type { DeadLetters } from '../../consumers/ports/deadLetters.js';
import { deliveryPolicy } from '../../consumers/ports/deliveryPolicy.js';
import type { DeliveryPolicyOptions } from '../../consumers/ports/deliveryPolicy.js';
import type { Consumption, MessageConsumer } from '../../consumers/ports/messageConsumer.js';
import type { MessagePublisher } from '../../projections/publishers/ports/messagePublisher.js';
import type { Database } from '../../subscriptions/ports/database.js';
import { startConsumption } from './consumption.js';
import { embeddedDeadLetters } from './deadLetters.js';
import { doorbell } from './doorbell.js';
import type { Doorbell } from './doorbell.js';
import { openJobs } from './jobs.js';
import { deadQueueOf } from './names.js';
import { embeddedPublisher } from './publisher.js';

export interface EmbeddedBrokerOptions extends DeliveryPolicyOptions {
  /** The caller closes it, after the broker. One running program a database consumes. */
  readonly database: Database;
  /** A message over which the program died this often is dead-lettered; default 50, for the innocent die along. */
  readonly crashLimit?: number;
}

export interface EmbeddedBroker {
  readonly publisher: MessagePublisher;
  readonly consumer: MessageConsumer;
  readonly deadLetters: DeadLetters;
  /** Stops every consumption; what is being handled is finished first. */
  close(): Promise<void>;
}

/** Whoever may wait for a day may wait for a minute more. */
const SWEEP_EVERY_MS = 60_000;

/** The broker of the zero-setup default: queues in Postgres, and a nudge within the process instead of polling. */
export const openEmbeddedBroker = async (options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> => {
  const jobs = await openJobs(options.database);
  const bells = new Map<string, Set<Doorbell>>();
  const takenOf = new Map<string, Set<string>>();
  const consumptions = new Set<Consumption>();
  const ttls = new Map<string, number>();
  const expire = (queue: string, ttlMs: number) => jobs.expire([queue, deadQueueOf(queue)], ttlMs);
  const onInserted = (queues: ReadonlySet<string>): void => {
    for (const queue of queues) for (const bell of bells.get(queue) ?? []) bell.ring();
  };

  const declare: MessageConsumer['declare'] = async ({ queue, bindings, ttlMs }) => {
    await jobs.createQueue(queue);
    await jobs.createQueue(deadQueueOf(queue));
    await jobs.bind(queue, bindings);
    if (ttlMs === undefined) return;
    ttls.set(queue, ttlMs);
    await expire(queue, ttlMs);
  };
  const sweeping = setInterval(() => {
    // a database that is away is asked again a minute later
    for (const [queue, ttlMs] of ttls)
      expire(queue, ttlMs).catch((error: unknown) => options.onSystemFault?.(queue, error));
  }, SWEEP_EVERY_MS).unref();
  const consumer: MessageConsumer = {
    declare,
    consume: async ({ queue, bindings, prefetch, ttlMs, handle }) => {
      await declare({ queue, bindings, ...(ttlMs === undefined ? {} : { ttlMs }) });
      // whoever took what none of ours has is no longer there
      const taken = takenOf.get(queue) ?? new Set();
      takenOf.set(queue, taken);
      await jobs.reclaim(queue, [...taken], 0);
      const bell = doorbell();
      bells.set(queue, new Set([...(bells.get(queue) ?? []), bell]));
      const consumption = startConsumption({
        queue,
        prefetch,
        jobs,
        policy: deliveryPolicy({ queue, handle }, options),
        bell,
        taken,
        crashLimit: options.crashLimit ?? 50,
        onFault: (error) => options.onSystemFault?.(queue, error),
      });
      consumptions.add(consumption);
      return consumption;
    },
  };

  return {
    publisher: embeddedPublisher(jobs, onInserted),
    consumer,
    deadLetters: embeddedDeadLetters(jobs, onInserted),
    close: async () => {
      clearInterval(sweeping);
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
    },
  };
};
