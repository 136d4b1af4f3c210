import { expect } from 'chai';
import { until } from '../../../support/until.js';
import { aMessage } from '../messages.js';
import { SystemFault } from '../../../../src/consumers/ports/faults.js';
import { QUICK } from './fixture.js';
import type { Fixture } from './fixture.js';

/** What becomes of a message when something that its handler needs is down. */
export const systemFaults = ({ open, queue, everything, typeOf, collect, publishAll }: Fixture): void => {
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
      expect(await broker.deadLetters.count(queue())).to.equal(0);
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
        queue: queue(),
        bindings: [everything()],
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
};
