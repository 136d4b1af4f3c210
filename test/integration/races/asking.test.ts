import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId, PaymentId } from '../../../src/domain/kernel/ids.js';
import { enterRace, type RaceHouse } from './house.js';
import { paidOrder } from './refunds.js';

const QUEUE = 'payment.order-accepted';

describe('the message that has a payment page made is lost', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    // nobody cooks: whatever is paid can still be amended
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 5);
    await race.article('cake', 5);
  });
  afterEach(() => race.leave());

  const streamOf = (paymentId: PaymentId): string => `payment-${paymentId}`;
  const payable = ['PaymentOpened', 'CheckoutSessionCreated'];

  it('an order has nowhere to be paid: after three minutes it is asked for again, once, and paid', async () => {
    const paymentIs = (id: string) => streamOf(paymentIdOf(id as OrderId, 1));
    const found = race.lose(QUEUE);
    const id = await race.place('unheard');
    await race.reaches(id, 'awaiting_payment');
    await race.rest();
    expect(race.types(paymentIs(id))).to.deep.equal([]);
    expect(await race.reconcile(), 'it may still come').to.deep.equal({ mended: 0, opened: 0 });
    race.forward(4);
    expect(await race.reconcile()).to.deep.equal({ mended: 1, opened: 0 });
    await race.rest();
    expect(race.types(paymentIs(id))).to.deep.equal(payable);
    expect(await race.reconcile()).to.deep.equal({ mended: 0, opened: 0 });
    // it was not lost, but late: what it asks for is there
    found();
    await race.rest();
    expect(race.types(paymentIs(id))).to.deep.equal(payable);
    expect(race.types(`order-${id}`).filter((type) => type === 'PaymentLinkAttached')).to.have.length(1);
    expect((await race.ledger()).sessions.open).to.equal(1);
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await race.reaches(id, 'confirmed', 'in_fulfilment');
  });

  it('a difference has nowhere to be paid: it is asked for again, once, and paid', async () => {
    const id = await paidOrder(race, 'more');
    const more = paymentIdOf(id as OrderId, 2);
    race.lose(QUEUE);
    const amended = await race.request('POST', `/v1/orders/${id}/amendments`, {
      body: { add: [{ sku: 'cake', quantity: 1 }] },
      headers: { 'if-match': '*', 'idempotency-key': 'cake', prefer: 'wait=30' },
    });
    expect(amended.status, amended.text).to.equal(201);
    await race.rest();
    expect(race.types(`order-${id}`)).to.include('PaymentRequested');
    expect(race.types(streamOf(more))).to.deep.equal([]);
    race.forward(4);
    expect(await race.reconcile()).to.deep.equal({ mended: 1, opened: 0 });
    await race.rest();
    expect(race.types(streamOf(more))).to.deep.equal(payable);
    expect(await race.reconcile()).to.deep.equal({ mended: 0, opened: 0 });
    expect(await race.pay(await race.linkOf(more))).to.equal('paid');
    await race.rest();
    expect((await race.order(id)).payment.captured.amount).to.equal(2_000);
  });

  it('the provider makes no page for it: that is the one task there is', async () => {
    race.lose(QUEUE);
    const id = await race.place('refused');
    await race.reaches(id, 'awaiting_payment');
    await race.rest();
    race.script({
      calls: [{ method: 'POST', path: '/v1/checkout/sessions', outcome: 'error', status: 400, times: 9 }],
    });
    race.forward(4);
    await race.reconcile();
    await race.rest();
    const { body } = await race.request('GET', '/v1/tasks');
    const kinds = (body['items'] as readonly { readonly kind: string }[]).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['no_payment_page']);
    expect(await race.reconcile()).to.deep.equal({ mended: 0, opened: 0 });
  });
});
