import { expect } from 'chai';
import { until } from '../../../support/until.js';
import { aMessage } from '../messages.js';
import { BrokerUnavailable } from '../../../../src/projections/publishers/ports/messagePublisher.js';
import type { Fixture } from './fixture.js';

/** What happens while the server itself is away. */
export const outages = ({ harness, open, typeOf, collect }: Fixture): void => {
  describe('a server that goes away', () => {
    it('makes publishing fail by name, and comes back without anybody opening anything anew', async function () {
      this.timeout(300_000);
      const broker = await open();
      const consumer = await collect(broker);
      const before = aMessage(typeOf('created'));
      await broker.publisher.publish(before);
      await until('the first has arrived', () => consumer.received.length === 1);
      await harness().server().kill();
      const failure = await broker.publisher.publish(aMessage(typeOf('lost'))).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(BrokerUnavailable);
      await harness().server().start();
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
      this.timeout(300_000);
      const broker = await open();
      await broker.publisher.publish(aMessage(typeOf('created')));
      await harness().server().freeze();
      const failure = await broker.publisher.publish(aMessage(typeOf('created'))).catch((error: unknown) => error);
      await harness().server().thaw();
      expect(failure).to.be.instanceOf(BrokerUnavailable);
      await until('publishing works again', () =>
        broker.publisher.publish(aMessage(typeOf('created'))).then(
          () => true,
          () => false,
        ),
      );
    });
  });
};
