import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { enterRace, type RaceHouse } from './house.js';

describe('another amount than was asked for is paid', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace();
    await race.article('soup', 5);
  });
  afterEach(() => race.leave());

  it('the order is held and never confirmed by it; what is given back at the desk, before or after somebody decides, leaves nothing', async () => {
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    for (const [key, afterwards] of Object.entries({ 'back-first': false, 'back-later': true })) {
      const { charges: before } = await race.ledger();
      race.script({ payments: { amount: 700 }, webhooks: { copies: 2, order: 'newest_first' } });
      const id = await race.place(key);
      expect(await race.pay(await race.link(id))).to.equal('paid');
      const held = await race.reaches(id, 'on_hold');
      expect(held).to.have.nested.property('hold.kind', 'mismatch');
      const charge = (await race.ledger()).charges.find(
        ({ paymentIntent }) => !before.some((one) => one.paymentIntent === paymentIntent),
      );
      const giveBack = () =>
        race.atTheProvider('/v1/refunds', { payment_intent: charge?.paymentIntent ?? '', amount: '700' });
      const reject = () => race.request('POST', `/v1/orders/${id}/hold/resolution`, { body: { decision: 'reject' } });
      if (afterwards) expect((await reject()).status).to.equal(200);
      await giveBack();
      await race.rest();
      const shown = (await race.request('GET', `/v1/orders/${id}`)).body;
      expect(shown['display']).to.equal(afterwards ? 'declined' : 'needs attention');
      expect(shown['payment']).to.deep.include({ captured: eur(0) });
      expect(shown['refunds']).to.deep.equal({ status: 'none', due: eur(0), refunded: eur(0) });
      if (!afterwards) expect((await reject()).status).to.equal(200);
      await race.reaches(id, 'rejected');
      await race.rest();
      const types = race.types(`payment-${paymentIdOf(id as OrderId, 1)}`);
      expect(types.filter((type) => type === 'ProviderMismatchDetected')).to.have.length(1);
      expect(types).not.to.include('PaymentCaptured');
      expect(race.types(`order-${id}`))
        .not.to.include('OrderConfirmed')
        .and.not.to.include('RefundApplied');
    }
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_400, refunded: 1_400, balance: 0 });
    expect((await race.shelf('soup')).reserved).to.equal(0);
  });
});
