import { expect } from 'chai';
import type { CloudEvent } from '../../../../src/consumers/contracts/cloudEvent.js';
import type { DeliveryPolicyOptions } from '../../../../src/consumers/ports/deliveryPolicy.js';
import { until } from '../../../support/until.js';
import { aMessage } from '../messages.js';
import { MessageFault } from '../../../../src/consumers/ports/faults.js';
import { QUICK } from './fixture.js';
import type { Broker, Fixture } from './fixture.js';

/** What the operator can do with messages that were given up. */
export const deadLetters = ({ open, queue, typeOf, collect, publishAll }: Fixture): void => {
  describe('dead letters', () => {
    const bury = async (broker: Broker, messages: readonly CloudEvent<unknown>[]): Promise<() => Promise<void>> => {
      const consumer = await collect(broker, {
        prefetch: 1,
        handle: () => Promise.reject(new MessageFault('bad')),
      });
      await publishAll(broker, messages);
      await until('they are dead letters', async () => (await broker.deadLetters.count(queue())) === messages.length);
      return consumer.stop;
    };
    /** A look takes them out and puts them back when its channel ends; a server may answer before it has done that. */
    const back = (broker: Broker, count: number): Promise<void> =>
      until('they are back in their places', async () => (await broker.deadLetters.count(queue())) === count);
    const one: DeliveryPolicyOptions = { ...QUICK, retryDelaysMs: [] };
    const three = (): CloudEvent<unknown>[] => Array.from({ length: 3 }, () => aMessage(typeOf('created')));

    it('can be listed again and again, oldest first, up to a limit', async () => {
      const broker = await open(one);
      const messages = three();
      await bury(broker, messages);
      const ids = messages.map(({ id }) => id);
      for (const limit of [10, 10, 2]) {
        const listed = (await broker.deadLetters.list(queue(), limit)).map(({ id }) => id);
        expect(listed).to.deep.equal(ids.slice(0, limit));
        await back(broker, 3);
      }
      expect(await broker.deadLetters.queues()).to.include(queue());
    });

    it('go back to their own queue, one or all, as first attempts', async () => {
      const broker = await open(one);
      const other = await collect(broker, { queue: `${queue()}.other` });
      const messages = three();
      const stop = await bury(broker, messages);
      await stop();
      const second = messages[1]?.id ?? '';
      expect(await broker.deadLetters.retry(queue(), 'no-such-id')).to.equal(0);
      await back(broker, 3);
      expect(await broker.deadLetters.retry(queue(), second)).to.equal(1);
      const consumer = await collect(broker);
      await until('it has come again', () => consumer.received.length === 1);
      expect(consumer.received[0]).to.deep.include({ attempt: 1 });
      expect(consumer.ids()).to.deep.equal([second]);
      await back(broker, 2);
      expect(await broker.deadLetters.retry(queue())).to.equal(2);
      await until('all have come again', () => consumer.received.length === 3);
      expect(consumer.ids()).to.have.members(messages.map(({ id }) => id));
      expect(await broker.deadLetters.count(queue())).to.equal(0);
      expect(other.ids()).to.have.length(3);
    });

    it('can be discarded one by one and purged', async () => {
      const broker = await open(one);
      const messages = three();
      const stop = await bury(broker, messages);
      await stop();
      expect(await broker.deadLetters.discard(queue(), messages[0]?.id ?? '')).to.equal(1);
      await back(broker, 2);
      expect(await broker.deadLetters.discard(queue(), messages[0]?.id ?? '')).to.equal(0);
      await back(broker, 2);
      const left = (await broker.deadLetters.list(queue(), 10)).map(({ id }) => id);
      expect(left).to.have.members(messages.slice(1).map(({ id }) => id));
      await back(broker, 2);
      expect(await broker.deadLetters.purge(queue())).to.equal(2);
      expect(await broker.deadLetters.list(queue(), 10)).to.deep.equal([]);
    });
  });
};
