import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import { paymentStream } from '../../../src/domain/kernel/streams.js';
import { shopOn } from '../../support/world/shop.js';
import { World } from '../../support/world/world.js';

const PAST_DUE = '2024-05-04T12:40:00.000Z';

describe('an order that is paid by a bank which takes its time', () => {
  it('expires, its stock free, as soon as the bank says no after the time to pay', async () => {
    const world = new World();
    const shop = shopOn(world.outside);
    await shop.count('apple', 5);
    const id = await shop.place('failed slowly', [['apple', 3]]);
    await world.settle();
    const session = `cs_${paymentIdOf(id, 1)}_1`;
    const { provider } = world.durable;
    provider.change(session, { status: 'complete', method: 'sepa_debit', intentId: 'pi_slow' });
    await world.hear(session);
    await world.until(PAST_DUE);
    expect(await shop.statusOf(id)).to.equal('awaiting_payment');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 3 });

    provider.change(session, { lastError: { code: 'insufficient_funds' } });
    await world.hear(session);
    expect(world.types(paymentStream(paymentIdOf(id, 1))).slice(-2)).to.deep.equal([
      'PaymentProcessing',
      'PaymentFailed',
    ]);
    expect(await shop.statusOf(id)).to.equal('expired');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 0 });
  });
});
