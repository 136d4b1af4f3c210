import { expect } from 'chai';
import { until } from '../../../support/until.js';
import { aMessage } from '../messages.js';
import { MessageFault } from '../../../../src/consumers/ports/faults.js';
import { QUICK } from './fixture.js';
import type { Fixture } from './fixture.js';

/** What becomes of a message that its handler cannot work. */
export const messageFaults = ({ open, queue, everything, typeOf, collect, publishAll }: Fixture): void => {
  describe('a fault of the message', () => {
    it('is retried after delays by its own consumer alone, then dead-lettered with the reason', async () => {
      const broker = await open();
      const other = await collect(broker, { queue: `${queue()}.other` });
      const attempts: { attempt: number; at: number }[] = [];
      await collect(broker, {
        handle: ({ attempt }) => {
          attempts.push({ attempt, at: performance.now() });
          return Promise.reject(new MessageFault(`no ticket for this order, said attempt ${attempt}`));
        },
      });
      const message = aMessage(typeOf('created'));
      await broker.publisher.publish(message);
      await until('it is a dead letter', async () => (await broker.deadLetters.count(queue())) === 1);
      expect(attempts.map(({ attempt }) => attempt)).to.deep.equal([1, 2, 3, 4]);
      const waits = attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0));
      QUICK.retryDelaysMs.forEach((delay, i) => expect(waits[i]).to.be.at.least(delay - 2));
      expect(other.ids()).to.deep.equal([message.id]);
      const [letter] = await broker.deadLetters.list(queue(), 10);
      expect(letter).to.deep.include({ id: message.id, queue: queue(), attempts: 4, message });
      expect(letter?.reason).to.contain('no ticket for this order, said attempt 4');
      expect(new Date(letter?.deadAt ?? '').toISOString()).to.equal(letter?.deadAt);
      expect(await broker.deadLetters.count(`${queue()}.other`)).to.equal(0);
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
      expect(await broker.deadLetters.count(queue())).to.equal(0);
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
        queue: queue(),
        bindings: [everything()],
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
};
