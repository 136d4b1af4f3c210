import { expect } from 'chai';
import type Stripe from 'stripe';
import { startStripeSimulator } from '../../../src/embedded/stripe-simulator/index.js';
import { Rig, act, checkout, clientOf, eventually, paidSession, silent } from './rig.js';

describe('Stripe simulator, webhooks', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = new Rig();
    await rig.start();
  });
  afterEach(() => rig.stop());

  const settled = () => eventually(async () => ((await rig.ledger()).pendingWebhooks === 0 ? true : undefined));

  it('tells of a paid session with a signature that the real library accepts', async () => {
    const { sessionId, intentId } = await paidSession(rig);
    await settled();
    expect(rig.receiver.refusedSignatures).to.deep.equal([]);
    expect(rig.receiver.types().sort()).to.deep.equal(['checkout.session.completed', 'payment_intent.succeeded']);
    const completed = rig.receiver.of('checkout.session.completed')[0]?.event.data.object as Stripe.Checkout.Session;
    expect(completed).to.include({
      id: sessionId,
      status: 'complete',
      payment_status: 'paid',
      payment_intent: intentId,
    });
    expect(completed.metadata).to.deep.equal({ orderId: 'ord_1', paymentId: 'pay_1' });
    expect(rig.receiver.received[0]?.headers['stripe-signature']).to.match(/^t=\d+,v1=[0-9a-f]{64}/);
  });

  it('tells of everything else that happens to money', async () => {
    const expiring = await rig.stripe.checkout.sessions.create(checkout());
    await act(expiring.url, 'decline');
    await rig.stripe.checkout.sessions.expire(expiring.id);
    for (const outcome of ['succeed', 'decline']) {
      const slow = await rig.stripe.checkout.sessions.create(checkout());
      await act(slow.url, 'process');
      await act(slow.url, outcome);
    }
    const { chargeId } = await paidSession(rig);
    const refund = await rig.stripe.refunds.create({ charge: chargeId });
    await fetch(`${rig.url}/simulator/refunds/${refund.id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rig.simulator.secretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'failed' }),
    });
    await settled();
    expect(new Set(rig.receiver.types())).to.deep.equal(
      new Set([
        'payment_intent.payment_failed',
        'checkout.session.expired',
        'checkout.session.completed',
        'checkout.session.async_payment_succeeded',
        'checkout.session.async_payment_failed',
        'payment_intent.succeeded',
        'refund.created',
        'charge.refunded',
        'refund.updated',
        'refund.failed',
      ]),
    );
  });

  it('tells of a session whose time is up although nobody asks about it', async () => {
    const session = await rig.stripe.checkout.sessions.create(checkout({ expires_at: rig.inMinutes(31) }));
    rig.moveClock(32);
    const told = await eventually(() => rig.receiver.of('checkout.session.expired')[0]);
    expect((told.event.data.object as Stripe.Checkout.Session).id).to.equal(session.id);
  });

  it('sends an event again, signed anew, until the endpoint answers 2xx', async () => {
    rig.receiver.answers = [500, 302, 404];
    const session = await rig.stripe.checkout.sessions.create(checkout());
    await rig.stripe.checkout.sessions.expire(session.id);
    await settled();
    const attempts = rig.receiver.of('checkout.session.expired');
    expect(attempts).to.have.length(4);
    expect(new Set(attempts.map(({ event }) => event.id)).size).to.equal(1);
    expect(new Set(attempts.map(({ body }) => body)).size).to.equal(1);
  });

  it('shows the object as it was when the event happened', async () => {
    rig.receiver.always = 500;
    const session = await rig.stripe.checkout.sessions.create(checkout());
    await act(session.url, 'decline');
    await eventually(() => rig.receiver.of('payment_intent.payment_failed')[0]);
    await act(session.url, 'succeed');
    rig.receiver.always = undefined;
    await settled();
    const last = rig.receiver.of('payment_intent.payment_failed').at(-1);
    expect((last?.event.data.object as Stripe.PaymentIntent).status).to.equal('requires_payment_method');
  });

  it('still owes after a restart what nobody has accepted', async () => {
    rig.receiver.always = 503;
    const { sessionId } = await paidSession(rig);
    await eventually(() => rig.receiver.received[0]);
    await rig.restartSimulator();
    expect((await rig.ledger()).pendingWebhooks).to.equal(2);
    rig.receiver.received.length = 0;
    rig.receiver.always = undefined;
    await settled();
    const completed = rig.receiver.of('checkout.session.completed')[0]?.event.data.object as Stripe.Checkout.Session;
    expect(completed.id).to.equal(sessionId);
  });

  it('sends what was accepted before a restart no second time', async () => {
    await paidSession(rig);
    await settled();
    const before = rig.receiver.received.length;
    await rig.restartSimulator();
    await paidSession(rig);
    await settled();
    expect(rig.receiver.received).to.have.length(before * 2);
  });

  it('keeps events for whoever asks, and says whether they are still pending', async () => {
    rig.receiver.always = 500;
    await paidSession(rig);
    const [pending] = (await rig.stripe.events.list({ type: 'checkout.session.completed' })).data;
    expect(pending?.pending_webhooks).to.equal(1);
    rig.receiver.always = undefined;
    await settled();
    const event = await rig.stripe.events.retrieve(String(pending?.id));
    expect(event.pending_webhooks).to.equal(0);
  });

  it('holds webhooks back and lets them go newest first, twice each, when the script says so', async () => {
    rig.script({ webhooks: { hold: true } });
    const session = await rig.stripe.checkout.sessions.create(checkout());
    await act(session.url, 'decline');
    await act(session.url, 'succeed');
    expect((await rig.ledger()).pendingWebhooks).to.equal(3);
    expect(rig.receiver.received).to.deep.equal([]);
    rig.script({ webhooks: { hold: false, order: 'newest_first', copies: 2 } });
    await settled();
    expect(rig.receiver.types()).to.deep.equal(
      ['checkout.session.completed', 'payment_intent.succeeded', 'payment_intent.payment_failed'].flatMap((type) => [
        type,
        type,
      ]),
    );
  });

  it('sends nothing and owes nothing without an endpoint', async () => {
    await rig.simulator.stop();
    const alone = await startStripeSimulator({
      port: 0,
      dataFolder: rig.folder,
      webhookSecret: 'whsec',
      secretKey: 'sk_test_alone',
      log: silent,
    });
    try {
      const session = await clientOf(alone.url, 0, 'sk_test_alone').checkout.sessions.create(checkout());
      expect((await act(session.url, 'succeed')).result).to.equal('paid');
      const ledger = (await (await fetch(`${alone.url}/simulator/ledger`)).json()) as { pendingWebhooks: number };
      expect(ledger.pendingWebhooks).to.equal(0);
    } finally {
      await alone.stop();
    }
  });
});
