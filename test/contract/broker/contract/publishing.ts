import { expect } from 'chai';
import { MAX_MESSAGE_BYTES } from '../../../../src/consumers/contracts/cloudEvent.js';
import { until } from '../../../support/until.js';
import { aMessage } from '../messages.js';
import { MessageTooLarge } from '../../../../src/projections/publishers/ports/messagePublisher.js';
import type { Fixture } from './fixture.js';

/** What is promised to those who publish. */
export const publishing = ({
  harness,
  open,
  queue,
  prefix,
  everything,
  typeOf,
  collect,
  publishAll,
}: Fixture): void => {
  describe('publishing', () => {
    it('reaches every queue whose bindings match, and no other', async () => {
      const broker = await open();
      const created = await collect(broker, { queue: `${queue()}.a`, bindings: [typeOf('created')] });
      const star = await collect(broker, { queue: `${queue()}.b`, bindings: [`${prefix()}.*.v1`] });
      const hash = await collect(broker, { queue: `${queue()}.c`, bindings: [everything()] });
      const twice = await collect(broker, {
        queue: `${queue()}.d`,
        bindings: [typeOf('created'), everything()],
      });
      const messages = [aMessage(typeOf('created')), aMessage(typeOf('paid')), aMessage(`${prefix()}.a.b.v1`)];
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

    it('keeps messages in a queue that is declared, until somebody consumes it for the first time', async () => {
      const broker = await open();
      const options = { queue: `${queue()}.declared`, bindings: [typeOf('early')] };
      await broker.consumer.declare(options);
      await broker.consumer.declare(options);
      const message = aMessage(typeOf('early'));
      await broker.publisher.publish(message);
      const consumer = await collect(broker, options);
      await until('it has arrived', () => consumer.received.length === 1);
      expect(consumer.ids()).to.deep.equal([message.id]);
    });

    it('declares many queues at once', async () => {
      const broker = await open();
      const names = Array.from({ length: 12 }, (_, n) => `${queue()}.many.${n}`);
      await Promise.all(names.map((name) => broker.consumer.declare({ queue: name, bindings: [typeOf('many')] })));
      const message = aMessage(typeOf('many'));
      await broker.publisher.publish(message);
      const consumers = await Promise.all(
        names.map((name) => collect(broker, { queue: name, bindings: [typeOf('many')] })),
      );
      await until('all have it', () => consumers.every((consumer) => consumer.received.length === 1));
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

    it('carries a job, and the answer to it, to those alone who name its type', async () => {
      const broker = await open();
      const everybody = await collect(broker, { queue: `${queue()}.all`, bindings: ['#'] });
      const [JOB, LABEL, VOID, VOIDED, TRACKING] = [
        'carrier.booking_requested.v1',
        'carrier.label_created.v1',
        'carrier.label_void_requested.v1',
        'carrier.label_voided.v1',
        'carrier.tracking_updated.v1',
      ] as const;
      const engine = await collect(broker, { queue: `${queue()}.engine`, bindings: [JOB, VOID, typeOf('fact')] });
      const answers = await collect(broker, { queue: `${queue()}.answers`, bindings: [LABEL, VOIDED, TRACKING] });
      const messages = [JOB, LABEL, VOID, VOIDED, TRACKING, typeOf('fact')].map((type) => aMessage(type));
      for (const message of messages) await broker.publisher.publish(message);
      await until('all have theirs', () => engine.received.length === 3 && answers.received.length === 3);
      await until('the fact is there', () => everybody.received.length > 0);
      const [job, label, wish, voided, tracking, fact] = messages.map(({ id }) => id);
      expect(engine.ids()).to.have.members([job, wish, fact]);
      expect(answers.ids()).to.have.members([label, voided, tracking]);
      expect(everybody.ids()).to.deep.equal([fact]);
      await Promise.all([everybody, engine, answers].map((one) => one.stop()));
    });

    it('hands a message to nobody when its time in the queue is over', async () => {
      const broker = await open();
      const options = { queue: `${queue()}.lapsing`, bindings: [typeOf('lapsing')], ttlMs: 300 };
      await broker.consumer.declare(options);
      await broker.publisher.publish(aMessage(typeOf('lapsing')));
      await new Promise((resolve) => setTimeout(resolve, 600));
      const consumer = await collect(broker, options);
      const inTime = aMessage(typeOf('lapsing'));
      await broker.publisher.publish(inTime);
      await until('the one in time has arrived', () => consumer.received.length > 0);
      expect(consumer.ids()).to.deep.equal([inTime.id]);
      await until('the other is not kept either', async () => (await broker.deadLetters.count(options.queue)) === 0);
    });

    it('is through only when a killed server still has the message after its restart', async function () {
      this.timeout(300_000);
      const first = await open();
      await (await collect(first)).stop();
      const messages = Array.from({ length: 20 }, () => aMessage(typeOf('created')));
      await Promise.all(messages.map((message) => first.publisher.publish(message)));
      await harness().server().kill();
      await harness().server().start();
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
};
