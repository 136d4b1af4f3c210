import type { CloudEvent } from '../../../../src/consumers/contracts/cloudEvent.js';
import type { DeadLetters } from '../../../../src/consumers/ports/deadLetters.js';
import type { DeliveryPolicyOptions } from '../../../../src/consumers/ports/deliveryPolicy.js';
import type { ConsumeOptions, Delivery, MessageConsumer } from '../../../../src/consumers/ports/messageConsumer.js';
import type { MessagePublisher } from '../../../../src/projections/publishers/ports/messagePublisher.js';
import type { ServiceControl } from '../../../support/services/index.js';

export interface Broker {
  readonly publisher: MessagePublisher;
  readonly consumer: MessageConsumer;
  readonly deadLetters: DeadLetters;
  close(): Promise<void>;
}

export interface Harness {
  /** A program's view of the broker; several may be open at once, all on the same server. */
  open(options: DeliveryPolicyOptions): Promise<Broker>;
  /** The server that holds the messages. */
  server(): ServiceControl;
  /** How another process opens the same broker. */
  address(): { readonly kind: 'embedded' | 'rabbitmq'; readonly url: string };
}

export interface Collected {
  readonly received: Delivery[];
  readonly ids: () => string[];
  readonly stop: () => Promise<void>;
}

/** What every test of the contract works with. Queues and types are of one test alone, for the tests share one exchange. */
export interface Fixture {
  harness: () => Harness;
  /** Opens the broker as a program does; closed after the test. Delays are short unless told otherwise. */
  open: (options?: DeliveryPolicyOptions) => Promise<Broker>;
  queue: () => string;
  /** The first word of the test's types. */
  prefix: () => string;
  /** A binding to all of the test's types. */
  everything: () => string;
  typeOf: (verb: string) => string;
  /** Consumes the test's queue and keeps what comes. */
  collect: (broker: Broker, options?: Partial<ConsumeOptions>) => Promise<Collected>;
  publishAll: (broker: Broker, messages: readonly CloudEvent<unknown>[]) => Promise<void>;
}

export const QUICK = { retryDelaysMs: [40, 80, 120], breaker: { initialMs: 40, maxMs: 160 } } as const;

/** Registers the hooks of the suite that is being described. */
export const brokerFixture = (prepare: () => Promise<Harness>): Fixture => {
  let harness: Harness;
  const opened: Broker[] = [];
  let count = 0;

  before(async function () {
    this.timeout(300_000);
    harness = await prepare();
  });
  beforeEach(() => {
    count += 1;
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((broker) => broker.close()));
  });

  const queue = () => `test-${count}.orders`;
  const prefix = () => `test${count}`;
  const everything = () => `${prefix()}.#`;
  return {
    harness: () => harness,
    open: async (options = QUICK) => {
      const broker = await harness.open(options);
      opened.push(broker);
      return broker;
    },
    queue,
    prefix,
    everything,
    typeOf: (verb) => `${prefix()}.${verb}.v1`,
    collect: async (broker, options = {}) => {
      const received: Delivery[] = [];
      const consumption = await broker.consumer.consume({
        queue: queue(),
        bindings: [everything()],
        prefetch: 10,
        handle: (delivery) => {
          received.push(delivery);
          return Promise.resolve();
        },
        ...options,
      });
      return { received, ids: () => received.map(({ message }) => message.id), stop: () => consumption.stop() };
    },
    publishAll: async (broker, messages) => {
      for (const message of messages) await broker.publisher.publish(message);
    },
  };
};
