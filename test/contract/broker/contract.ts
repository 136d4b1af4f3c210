import { expect } from 'chai';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { MAX_MESSAGE_BYTES } from '../../../src/consumers/contracts/cloudEvent.js';
import type { DeadLetters } from '../../../src/consumers/ports/deadLetters.js';
import type { DeliveryPolicyOptions } from '../../../src/consumers/ports/deliveryPolicy.js';
import { MessageFault, SystemFault } from '../../../src/consumers/ports/faults.js';
import type { ConsumeOptions, Delivery, MessageConsumer } from '../../../src/consumers/ports/messageConsumer.js';
import { BrokerUnavailable, MessageTooLarge } from '../../../src/projections/publishers/ports/messagePublisher.js';
import type { MessagePublisher } from '../../../src/projections/publishers/ports/messagePublisher.js';
import type { ServiceControl } from '../../support/services/index.js';
import { until } from '../../support/until.js';
import { consumeElsewhere } from './consumeElsewhere.js';
import { aMessage } from './messages.js';

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

const QUICK: DeliveryPolicyOptions = { retryDelaysMs: [40, 80, 120], breaker: { initialMs: 40, maxMs: 160 } };

/** What both brokers promise; every adapter of the ports runs all of it, on real servers. */
export const brokerContract = (name: string, prepare: () => Promise<Harness>): void => {
  describe(`the broker, ${name}`, () => {
    let harness: Harness;
    const opened: Broker[] = [];
    let count = 0;
    let queue: string;

    before(async function () {
      this.timeout(60_000);
      harness = await prepare();
    });
    beforeEach(() => {
      count += 1;
      queue = `test-${count}.orders`;
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((broker) => broker.close()));
    });

    const open = async (options: DeliveryPolicyOptions = QUICK): Promise<Broker> => {
      const broker = await harness.open(options);
      opened.push(broker);
      return broker;
    };
    /** Types of this test alone, for the suite's tests share one exchange. */
    const typeOf = (verb: string): string => `test${count}.${verb}.v1`;
    const collect = async (
      broker: Broker,
      options: Partial<ConsumeOptions> = {},
    ): Promise<{ received: Delivery[]; ids: () => string[]; stop: () => Promise<void> }> => {
      const received: Delivery[] = [];
      const consumption = await broker.consumer.consume({
        queue,
        bindings: [`test${count}.#`],
        prefetch: 10,
        handle: (delivery) => {
          received.push(delivery);
          return Promise.resolve();
        },
        ...options,
      });
      return { received, ids: () => received.map(({ message }) => message.id), stop: () => consumption.stop() };
    };
    const publishAll = async (broker: Broker, messages: readonly CloudEvent<unknown>[]): Promise<void> => {
      for (const message of messages) await broker.publisher.publish(message);
    };

    describe('publishing', () => {
      it('reaches every queue whose bindings match, and no other', async () => {
        const broker = await open();
        const created = await collect(broker, { queue: `${queue}.a`, bindings: [typeOf('created')] });
        const star = await collect(broker, { queue: `${queue}.b`, bindings: [`test${count}.*.v1`] });
        const hash = await collect(broker, { queue: `${queue}.c`, bindings: [`test${count}.#`] });
        const twice = await collect(broker, {
          queue: `${queue}.d`,
          bindings: [typeOf('created'), `test${count}.#`],
        });
        const messages = [aMessage(typeOf('created')), aMessage(typeOf('paid')), aMessage(`test${count}.a.b.v1`)];
        await publishAll(broker, messages);
        const [first, second, third] = messages.map(({ id }) => id);
        await until('all have arrived', () => hash.ids().length === 3 && twice.ids().length === 3);
        await until('the others have arrived', () => star.ids().length === 2 && created.ids().length === 1);
        expect(created.ids()).to.deep.equal([first]);
        expect(star.ids()).to.have.members([first, second]);
        expect(hash.ids()).to.have.members([first, second, third]);
        expect(twice.ids()).to.have.members([first, second, third]);
      });

      it('delivers a message as it was published', async () => {
        const broker = await open();
        const consumer = await collect(broker);
        const message = {
          ...aMessage(typeOf('created'), {
            text: 'Grüße, \u0000 und \ud83c\udf55',
            n: 9007199254740991,
            list: [null, {}],
          }),
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
          location: 'main',
        };
        await broker.publisher.publish(message);
        await until('it has arrived', () => consumer.received.length === 1);
        expect(consumer.received[0]).to.deep.equal({ message, attempt: 1 });
      });

      it('is done with a message that nobody is bound to', async () => {
        const broker = await open();
        await broker.publisher.publish(aMessage(typeOf('nobody')));
        const consumer = await collect(broker, { bindings: [typeOf('nobody')] });
        const later = aMessage(typeOf('nobody'));
        await broker.publisher.publish(later);
        await until('the later one has arrived', () => consumer.received.length > 0);
        expect(consumer.ids()).to.deep.equal([later.id]);
      });

      it('keeps a message for a bound queue that nobody consumes at the moment', async () => {
        const first = await open();
        await (await collect(first)).stop();
        const message = aMessage(typeOf('created'));
        await first.publisher.publish(message);
        await first.close();
        const consumer = await collect(await open());
        await until('it has arrived', () => consumer.received.length === 1);
        expect(consumer.ids()).to.deep.equal([message.id]);
      });

      it('is through only when a killed server still has the message after its restart', async function () {
        this.timeout(60_000);
        const first = await open();
        await (await collect(first)).stop();
        const messages = Array.from({ length: 20 }, () => aMessage(typeOf('created')));
        await Promise.all(messages.map((message) => first.publisher.publish(message)));
        await harness.server().kill();
        await harness.server().start();
        const consumer = await collect(await open());
        await until('all have arrived', () => new Set(consumer.ids()).size === messages.length);
        expect([...new Set(consumer.ids())]).to.have.members(messages.map(({ id }) => id));
      });

      it('refuses a message beyond 512 KB and carries one just below', async () => {
        const broker = await open();
        const consumer = await collect(broker);
        const envelope = Buffer.byteLength(JSON.stringify(aMessage(typeOf('big'), { filler: '' })));
        const fitting = aMessage(typeOf('big'), { filler: 'x'.repeat(MAX_MESSAGE_BYTES - envelope) });
        const tooLarge = aMessage(typeOf('big'), { filler: 'x'.repeat(MAX_MESSAGE_BYTES - envelope + 1) });
        const refusal = await broker.publisher.publish(tooLarge).catch((error: unknown) => error);
        expect(refusal).to.be.instanceOf(MessageTooLarge);
        await broker.publisher.publish(fitting);
        await until('the fitting one has arrived', () => consumer.received.length === 1);
        expect(consumer.ids()).to.deep.equal([fitting.id]);
      });
    });

    describe('consuming', () => {
      it('keeps the order of a queue that is handled one by one', async () => {
        const broker = await open();
        const consumer = await collect(broker, { prefetch: 1 });
        const messages = Array.from({ length: 60 }, () => aMessage(typeOf('created')));
        await Promise.all(messages.map((message) => broker.publisher.publish(message)));
        await until('all have arrived', () => consumer.received.length === messages.length);
        expect(consumer.ids()).to.deep.equal(messages.map(({ id }) => id));
      });

      it('handles no more than its prefetch at a time', async () => {
        const broker = await open();
        let [now, most, done] = [0, 0, 0];
        await collect(broker, {
          prefetch: 3,
          handle: async () => {
            now += 1;
            most = Math.max(most, now);
            await new Promise((resolve) => setTimeout(resolve, 5));
            now -= 1;
            done += 1;
          },
        });
        await publishAll(
          broker,
          Array.from({ length: 12 }, () => aMessage(typeOf('created'))),
        );
        await until('all are done', () => done === 12);
        expect(most).to.equal(3);
      });

      it('does not deliver again what was acknowledged', async () => {
        const first = await open();
        const before = await collect(first);
        const [done, open_] = [aMessage(typeOf('created')), aMessage(typeOf('created'))];
        await first.publisher.publish(done);
        await until('the first has arrived', () => before.received.length === 1);
        await before.stop();
        await first.publisher.publish(open_);
        await first.close();
        const after = await collect(await open());
        await until('the second has arrived', () => after.received.length > 0);
        expect(after.ids()).to.deep.equal([open_.id]);
      });

      it('delivers again what a killed consumer had not acknowledged', async function () {
        this.timeout(60_000);
        const broker = await open();
        await (await collect(broker)).stop();
        const message = aMessage(typeOf('created'));
        await broker.publisher.publish(message);
        const other = consumeElsewhere(harness.address(), queue);
        await other.received(message.id);
        await other.kill();
        const consumer = await collect(broker);
        await until('it has come again', () => consumer.received.length > 0);
        expect(consumer.received.map(({ message: { id }, attempt }) => [id, attempt])).to.deep.equal([[message.id, 1]]);
      });

      it('loses no message when its process is killed again and again in mid-work', async function () {
        this.timeout(90_000);
        const broker = await open();
        await (await collect(broker)).stop();
        const messages = Array.from({ length: 600 }, () => aMessage(typeOf('created')));
        await Promise.all(messages.map((message) => broker.publisher.publish(message)));
        const handled = new Set<string>();
        for (let life = 1; life <= 3; life += 1) {
          const other = consumeElsewhere(harness.address(), queue, 'works');
          await until('it is in the middle of its work', () => other.begun().length >= 40 * life + life);
          await other.kill();
          for (const id of other.begun()) handled.add(id);
        }
        expect(handled.size).to.be.lessThan(messages.length);
        const rest = await collect(broker);
        await until('every message was handled', () =>
          messages.every(({ id }) => handled.has(id) || rest.ids().includes(id)),
        );
        await rest.stop();
        expect(await broker.deadLetters.count(queue)).to.equal(0);
      });

      it('finishes what is being handled before it has stopped, and leaves the rest in the queue', async () => {
        const broker = await open();
        const handled: string[] = [];
        let release: () => void = () => undefined;
        const released = new Promise<void>((resolve) => (release = resolve));
        const started: string[] = [];
        const consumption = await broker.consumer.consume({
          queue,
          bindings: [`test${count}.#`],
          prefetch: 2,
          handle: async ({ message }) => {
            started.push(message.id);
            await released;
            handled.push(message.id);
          },
        });
        const messages = Array.from({ length: 5 }, () => aMessage(typeOf('created')));
        await publishAll(broker, messages);
        await until('two are being handled', () => started.length === 2);
        let stopped = false;
        const stopping = consumption.stop().then(() => (stopped = true));
        expect(stopped).to.equal(false);
        release();
        await stopping;
        expect(handled).to.have.members(started);
        expect(handled).to.have.length(2);
        const rest = await collect(broker);
        await until('the rest has arrived', () => rest.received.length === 3);
        expect([...handled, ...rest.ids()]).to.have.members(messages.map(({ id }) => id));
      });

      it('hands over nothing while it is paused, and goes on when resumed', async () => {
        const broker = await open();
        const received: string[] = [];
        const consumption = await broker.consumer.consume({
          queue,
          bindings: [`test${count}.#`],
          prefetch: 4,
          handle: ({ message }) => {
            received.push(message.id);
            return Promise.resolve();
          },
        });
        await consumption.pause();
        const witness = await collect(broker, { queue: `${queue}.witness` });
        const messages = [aMessage(typeOf('created')), aMessage(typeOf('created'))];
        await publishAll(broker, messages);
        await until('the witness has them', () => witness.received.length === 2);
        expect(received).to.deep.equal([]);
        consumption.resume();
        await until('they have arrived', () => received.length === 2);
        expect(received).to.have.members(messages.map(({ id }) => id));
      });
    });

    describe('a fault of the message', () => {
      it('is retried after delays by its own consumer alone, then dead-lettered with the reason', async () => {
        const broker = await open();
        const other = await collect(broker, { queue: `${queue}.other` });
        const attempts: { attempt: number; at: number }[] = [];
        await collect(broker, {
          handle: ({ attempt }) => {
            attempts.push({ attempt, at: performance.now() });
            return Promise.reject(new MessageFault(`no ticket for this order, said attempt ${attempt}`));
          },
        });
        const message = aMessage(typeOf('created'));
        await broker.publisher.publish(message);
        await until('it is a dead letter', async () => (await broker.deadLetters.count(queue)) === 1);
        expect(attempts.map(({ attempt }) => attempt)).to.deep.equal([1, 2, 3, 4]);
        const waits = attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0));
        QUICK.retryDelaysMs?.forEach((delay, i) => expect(waits[i]).to.be.at.least(delay - 2));
        expect(other.ids()).to.deep.equal([message.id]);
        const [letter] = await broker.deadLetters.list(queue, 10);
        expect(letter).to.deep.include({ id: message.id, queue, attempts: 4, message });
        expect(letter?.reason).to.contain('no ticket for this order, said attempt 4');
        expect(new Date(letter?.deadAt ?? '').toISOString()).to.equal(letter?.deadAt);
        expect(await broker.deadLetters.count(`${queue}.other`)).to.equal(0);
      });

      it('is any error that tells nothing of the system, and a later success ends it', async () => {
        const broker = await open();
        const attempts: number[] = [];
        await collect(broker, {
          handle: ({ attempt }) => {
            attempts.push(attempt);
            return attempt < 3 ? Promise.reject(new TypeError('undefined is not a price')) : Promise.resolve();
          },
        });
        await broker.publisher.publish(aMessage(typeOf('created')));
        await until('the third attempt is made', () => attempts.length === 3);
        expect(attempts).to.deep.equal([1, 2, 3]);
        expect(await broker.deadLetters.count(queue)).to.equal(0);
      });

      it('does not hold up the messages behind it', async () => {
        const broker = await open({ ...QUICK, retryDelaysMs: [60_000] });
        const done: string[] = [];
        const bad = aMessage(typeOf('created'));
        await collect(broker, {
          prefetch: 1,
          handle: ({ message }) => {
            if (message.id === bad.id) return Promise.reject(new MessageFault('bad'));
            done.push(message.id);
            return Promise.resolve();
          },
        });
        const good = aMessage(typeOf('created'));
        await publishAll(broker, [bad, good]);
        await until('the good one is done', () => done.length === 1);
        expect(done).to.deep.equal([good.id]);
      });

      it('outlives a restart of the consumer while it waits for its retry', async () => {
        const first = await open({ ...QUICK, retryDelaysMs: [300] });
        let failed = 0;
        const consumption = await first.consumer.consume({
          queue,
          bindings: [`test${count}.#`],
          prefetch: 1,
          handle: () => {
            failed += 1;
            return Promise.reject(new MessageFault('not yet'));
          },
        });
        const message = aMessage(typeOf('created'));
        await first.publisher.publish(message);
        await until('it has failed once', () => failed === 1);
        await consumption.stop();
        await first.close();
        const consumer = await collect(await open({ ...QUICK, retryDelaysMs: [300] }));
        await until('it has come again', () => consumer.received.length === 1);
        expect(consumer.received[0]).to.deep.equal({ message, attempt: 2 });
      });
    });

    describe('dead letters', () => {
      const bury = async (broker: Broker, messages: readonly CloudEvent<unknown>[]): Promise<() => Promise<void>> => {
        const consumer = await collect(broker, {
          prefetch: 1,
          handle: () => Promise.reject(new MessageFault('bad')),
        });
        await publishAll(broker, messages);
        await until('they are dead letters', async () => (await broker.deadLetters.count(queue)) === messages.length);
        return consumer.stop;
      };
      const one: DeliveryPolicyOptions = { ...QUICK, retryDelaysMs: [] };
      const three = (): CloudEvent<unknown>[] => Array.from({ length: 3 }, () => aMessage(typeOf('created')));

      it('can be listed again and again, oldest first, up to a limit', async () => {
        const broker = await open(one);
        const messages = three();
        await bury(broker, messages);
        const ids = messages.map(({ id }) => id);
        for (const limit of [10, 10, 2]) {
          const listed = (await broker.deadLetters.list(queue, limit)).map(({ id }) => id);
          expect(listed).to.deep.equal(ids.slice(0, limit));
        }
        expect(await broker.deadLetters.queues()).to.include(queue);
      });

      it('go back to their own queue, one or all, as first attempts', async () => {
        const broker = await open(one);
        const other = await collect(broker, { queue: `${queue}.other` });
        const messages = three();
        const stop = await bury(broker, messages);
        await stop();
        const second = messages[1]?.id ?? '';
        expect(await broker.deadLetters.retry(queue, 'no-such-id')).to.equal(0);
        expect(await broker.deadLetters.retry(queue, second)).to.equal(1);
        const consumer = await collect(broker);
        await until('it has come again', () => consumer.received.length === 1);
        expect(consumer.received[0]).to.deep.include({ attempt: 1 });
        expect(consumer.ids()).to.deep.equal([second]);
        expect(await broker.deadLetters.retry(queue)).to.equal(2);
        await until('all have come again', () => consumer.received.length === 3);
        expect(consumer.ids()).to.have.members(messages.map(({ id }) => id));
        expect(await broker.deadLetters.count(queue)).to.equal(0);
        expect(other.ids()).to.have.length(3);
      });

      it('can be discarded one by one and purged', async () => {
        const broker = await open(one);
        const messages = three();
        const stop = await bury(broker, messages);
        await stop();
        expect(await broker.deadLetters.discard(queue, messages[0]?.id ?? '')).to.equal(1);
        expect(await broker.deadLetters.discard(queue, messages[0]?.id ?? '')).to.equal(0);
        const left = (await broker.deadLetters.list(queue, 10)).map(({ id }) => id);
        expect(left).to.have.members(messages.slice(1).map(({ id }) => id));
        expect(await broker.deadLetters.purge(queue)).to.equal(2);
        expect(await broker.deadLetters.list(queue, 10)).to.deep.equal([]);
      });
    });

    describe('a fault of the system', () => {
      it('costs the message no delivery, however long it lasts', async () => {
        const broker = await open({ ...QUICK, retryDelaysMs: [] });
        const attempts: number[] = [];
        await collect(broker, {
          handle: ({ attempt }) => {
            attempts.push(attempt);
            return attempts.length <= 6 ? Promise.reject(new SystemFault('the store is down')) : Promise.resolve();
          },
        });
        await broker.publisher.publish(aMessage(typeOf('created')));
        await until('it went through', () => attempts.length === 7);
        expect(new Set(attempts)).to.deep.equal(new Set([1]));
        expect(await broker.deadLetters.count(queue)).to.equal(0);
      });

      it('pauses the whole consumer: one message tries, the others wait', async () => {
        const faults: unknown[] = [];
        const broker = await open({
          ...QUICK,
          retryDelaysMs: [],
          onSystemFault: (_queue, error) => faults.push(error),
        });
        let down = true;
        const tried: string[] = [];
        const done: string[] = [];
        await collect(broker, {
          prefetch: 5,
          handle: ({ message }) => {
            tried.push(message.id);
            if (down) return Promise.reject(new SystemFault('the provider is down'));
            done.push(message.id);
            return Promise.resolve();
          },
        });
        const first = aMessage(typeOf('created'));
        await broker.publisher.publish(first);
        await until('the breaker is open', () => faults.length === 1);
        const later = Array.from({ length: 8 }, () => aMessage(typeOf('created')));
        await publishAll(broker, later);
        await until('some tries have failed', () => faults.length >= 4);
        expect(tried).to.have.length(faults.length);
        down = false;
        await until('all went through', () => done.length === 9);
        expect(done).to.have.members([first, ...later].map(({ id }) => id));
      });

      it('lets the consumer stop, and the message waits for the next one as the same attempt', async () => {
        const first = await open({ ...QUICK, retryDelaysMs: [] });
        let tries = 0;
        const consumption = await first.consumer.consume({
          queue,
          bindings: [`test${count}.#`],
          prefetch: 1,
          handle: () => {
            tries += 1;
            return Promise.reject(new SystemFault('the store is down'));
          },
        });
        const message = aMessage(typeOf('created'));
        await first.publisher.publish(message);
        await until('it has been tried', () => tries > 0);
        await consumption.stop();
        await first.close();
        const consumer = await collect(await open());
        await until('it has arrived', () => consumer.received.length === 1);
        expect(consumer.received[0]).to.deep.equal({ message, attempt: 1 });
      });
    });

    describe('a server that goes away', () => {
      it('makes publishing fail by name, and comes back without anybody opening anything anew', async function () {
        this.timeout(90_000);
        const broker = await open();
        const consumer = await collect(broker);
        const before = aMessage(typeOf('created'));
        await broker.publisher.publish(before);
        await until('the first has arrived', () => consumer.received.length === 1);
        await harness.server().kill();
        const failure = await broker.publisher.publish(aMessage(typeOf('lost'))).catch((error: unknown) => error);
        expect(failure).to.be.instanceOf(BrokerUnavailable);
        await harness.server().start();
        const after = aMessage(typeOf('created'));
        await until('publishing works again', () =>
          broker.publisher.publish(after).then(
            () => true,
            () => false,
          ),
        );
        await until('the consumer is back', () => consumer.ids().includes(after.id));
      });

      it('does not leave a publish hanging when it is frozen', async function () {
        this.timeout(90_000);
        const broker = await open();
        await broker.publisher.publish(aMessage(typeOf('created')));
        await harness.server().freeze();
        const failure = await broker.publisher.publish(aMessage(typeOf('created'))).catch((error: unknown) => error);
        await harness.server().thaw();
        expect(failure).to.be.instanceOf(BrokerUnavailable);
        await until('publishing works again', () =>
          broker.publisher.publish(aMessage(typeOf('created'))).then(
            () => true,
            () => false,
          ),
        );
      });
    });
  });
};
