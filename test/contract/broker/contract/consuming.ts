import { expect } from 'chai';
import { until } from '../../../support/until.js';
import { consumeElsewhere } from '../consumeElsewhere.js';
import { aMessage } from '../messages.js';
import type { Fixture } from './fixture.js';

/** What is promised to those who consume. */
export const consuming = ({ harness, open, queue, everything, typeOf, collect, publishAll }: Fixture): void => {
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
      let letGo = (): void => undefined;
      const free = new Promise<void>((resolve) => (letGo = resolve));
      await collect(broker, {
        prefetch: 3,
        handle: async () => {
          now += 1;
          most = Math.max(most, now);
          await free;
          now -= 1;
          done += 1;
        },
      });
      await publishAll(
        broker,
        Array.from({ length: 12 }, () => aMessage(typeOf('created'))),
      );
      // held until as many are there as may be, and then for long enough that one more could have come
      await until('three are under way', () => now === 3);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(now).to.equal(3);
      letGo();
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
      this.timeout(300_000);
      const broker = await open();
      await (await collect(broker)).stop();
      const message = aMessage(typeOf('created'));
      await broker.publisher.publish(message);
      const other = consumeElsewhere(harness().address(), queue());
      await other.received(message.id);
      await other.kill();
      const consumer = await collect(broker);
      await until('it has come again', () => consumer.received.length > 0);
      expect(consumer.received.map(({ message: { id }, attempt }) => [id, attempt])).to.deep.equal([[message.id, 1]]);
    });

    it('loses no message when its process is killed again and again in mid-work', async function () {
      this.timeout(300_000);
      const broker = await open();
      await (await collect(broker)).stop();
      const messages = Array.from({ length: 600 }, () => aMessage(typeOf('created')));
      await Promise.all(messages.map((message) => broker.publisher.publish(message)));
      const handled = new Set<string>();
      for (let life = 1; life <= 3; life += 1) {
        const other = consumeElsewhere(harness().address(), queue(), 'works');
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
      expect(await broker.deadLetters.count(queue())).to.equal(0);
    });

    it('finishes what is being handled before it has stopped, and leaves the rest in the queue', async () => {
      const broker = await open();
      const handled: string[] = [];
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const started: string[] = [];
      const consumption = await broker.consumer.consume({
        queue: queue(),
        bindings: [everything()],
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
        queue: queue(),
        bindings: [everything()],
        prefetch: 4,
        handle: ({ message }) => {
          received.push(message.id);
          return Promise.resolve();
        },
      });
      await consumption.pause();
      const witness = await collect(broker, { queue: `${queue()}.witness` });
      const messages = [aMessage(typeOf('created')), aMessage(typeOf('created'))];
      await publishAll(broker, messages);
      await until('the witness has them', () => witness.received.length === 2);
      expect(received).to.deep.equal([]);
      consumption.resume();
      await until('they have arrived', () => received.length === 2);
      expect(received).to.have.members(messages.map(({ id }) => id));
    });
  });
};
