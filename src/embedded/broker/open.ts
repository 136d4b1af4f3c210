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

/** The broker of the zero-setup default: queues in Postgres, and a nudge within the process instead of polling. */
export const openEmbeddedBroker = async (options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> => {
  const jobs = await openJobs(options.database);
  const bells = new Map<string, Set<Doorbell>>();
  const takenOf = new Map<string, Set<string>>();
  const consumptions = new Set<Consumption>();
  const onInserted = (queues: ReadonlySet<string>): void => {
    for (const queue of queues) for (const bell of bells.get(queue) ?? []) bell.ring();
  };

  const declare: MessageConsumer['declare'] = async ({ queue, bindings }) => {
    await jobs.createQueue(queue);
    await jobs.createQueue(deadQueueOf(queue));
    await jobs.bind(queue, bindings);
  };
  const consumer: MessageConsumer = {
    declare,
    consume: async ({ queue, bindings, prefetch, handle }) => {
      await declare({ queue, bindings });
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
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
    },
  };
};
