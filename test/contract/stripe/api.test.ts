import { expect } from 'chai';
import Stripe from 'stripe';
import { Rig, act, checkout, clientOf, errorOf, paidSession, idOf } from './rig.js';

describe('Stripe simulator, its API through the real client', () => {
  const rig = new Rig();
  before(() => rig.start());
  after(() => rig.stop());

  describe('checkout sessions', () => {
    it('opens a session with what was asked for', async () => {
      const expiresAt = rig.inMinutes(45);
      const session = await rig.stripe.checkout.sessions.create(checkout({ expires_at: expiresAt }));
      expect(session).to.include({
        object: 'checkout.session',
        status: 'open',
        payment_status: 'unpaid',
        amount_total: 1250,
        currency: 'gbp',
        client_reference_id: 'ord_1',
        expires_at: expiresAt,
        payment_intent: null,
        livemode: false,
      });
      expect(session.id).to.match(/^cs_test_\w{58}$/);
      expect(session.url).to.equal(`${rig.url}/c/pay/${session.id}`);
      expect(session.metadata).to.deep.equal({ orderId: 'ord_1', paymentId: 'pay_1' });
      const { lastResponse: _, ...again } = await rig.stripe.checkout.sessions.retrieve(session.id);
      expect(again).to.deep.equal(JSON.parse(JSON.stringify(session)));
    });

    it('takes a hundred lines and keeps them in order', async () => {
      const lines = Array.from({ length: 100 }, (_, index) => ({
        quantity: 1,
        price_data: { currency: 'eur', unit_amount: 100 + index, product_data: { name: `Thing ${index}` } },
      }));
      const session = await rig.stripe.checkout.sessions.create(
        checkout({ line_items: lines, expand: ['line_items'] }),
      );
      expect(session.line_items?.data.map(({ description }) => description)).to.deep.equal(
        lines.map(({ price_data }) => price_data.product_data.name),
      );
      expect(session.amount_total).to.equal(100 * 100 + (99 * 100) / 2);
    });

    it('is paid by the payer, and shows intent and charge when they are expanded', async () => {
      const { sessionId } = await paidSession(rig);
      const session = await rig.stripe.checkout.sessions.retrieve(sessionId, {
        expand: ['payment_intent.latest_charge'],
      });
      const intent = session.payment_intent as Stripe.PaymentIntent;
      const charge = intent.latest_charge as Stripe.Charge;
      expect(session).to.include({ status: 'complete', payment_status: 'paid', url: null });
      expect(intent).to.include({ object: 'payment_intent', status: 'succeeded', amount: 1250, amount_received: 1250 });
      expect(intent.metadata).to.deep.equal({ orderId: 'ord_1', paymentId: 'pay_1' });
      expect(charge).to.include({ object: 'charge', paid: true, captured: true, amount: 1250, refunded: false });
      expect(charge.payment_method_details?.type).to.equal('card');
      expect(charge.metadata).to.deep.equal(intent.metadata);
    });

    it('keeps one intent over several attempts, with a charge for each', async () => {
      const session = await rig.stripe.checkout.sessions.create(checkout());
      await act(session.url, 'decline');
      const tried = await rig.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
      const declined = tried.payment_intent as Stripe.PaymentIntent;
      expect(tried.status).to.equal('open');
      expect(declined.status).to.equal('requires_payment_method');
      expect(declined.last_payment_error).to.include({ code: 'card_declined', decline_code: 'generic_decline' });
      await act(session.url, 'succeed');
      const paid = await rig.stripe.paymentIntents.retrieve(declined.id);
      expect(paid).to.include({ status: 'succeeded', last_payment_error: null });
      const charges = await rig.stripe.charges.list({ payment_intent: declined.id });
      expect(charges.data.map(({ status }) => status)).to.deep.equal(['succeeded', 'failed']);
    });

    it('is closed by the merchant, once', async () => {
      const session = await rig.stripe.checkout.sessions.create(checkout());
      const expired = await rig.stripe.checkout.sessions.expire(session.id);
      expect(expired).to.include({ status: 'expired', url: null });
      const error = await errorOf(rig.stripe.checkout.sessions.expire(session.id));
      expect(error).to.be.instanceOf(Stripe.errors.StripeInvalidRequestError);
      expect(error.statusCode).to.equal(400);
      expect(error.message).to.contain('This Checkout Session has a status of `expired`');
    });

    it('cannot be closed once it is paid', async () => {
      const { sessionId } = await paidSession(rig);
      const error = await errorOf(rig.stripe.checkout.sessions.expire(sessionId));
      expect(error.statusCode).to.equal(400);
      expect(error.message).to.contain('status of `complete`');
      expect((await rig.stripe.checkout.sessions.retrieve(sessionId)).payment_status).to.equal('paid');
    });

    it('needs no payment when nothing is due', async () => {
      const free = { currency: 'gbp', unit_amount: 0, product_data: { name: 'Water' } };
      const session = await rig.stripe.checkout.sessions.create(
        checkout({ line_items: [{ quantity: 1, price_data: free }] }),
      );
      await act(session.url, 'succeed');
      expect(await rig.stripe.checkout.sessions.retrieve(session.id)).to.include({
        status: 'complete',
        payment_status: 'no_payment_required',
        payment_intent: null,
      });
    });

    it('goes through processing with a slow method, and is settled either way', async () => {
      const [good, bad] = await Promise.all([1, 2].map(() => rig.stripe.checkout.sessions.create(checkout())));
      const link = { good: good?.url ?? null, bad: bad?.url ?? null };
      for (const url of Object.values(link)) expect((await act(url, 'process')).result).to.equal('processing');
      expect(await rig.stripe.checkout.sessions.retrieve(String(good?.id))).to.include({
        status: 'complete',
        payment_status: 'unpaid',
      });
      expect((await act(link.good, 'succeed')).result).to.equal('paid');
      expect((await act(link.bad, 'decline')).result).to.equal('transfer_failed');
      expect((await rig.stripe.checkout.sessions.retrieve(String(good?.id))).payment_status).to.equal('paid');
      const failed = await rig.stripe.checkout.sessions.retrieve(String(bad?.id), { expand: ['payment_intent'] });
      expect(failed.payment_status).to.equal('unpaid');
      expect((failed.payment_intent as Stripe.PaymentIntent).last_payment_error?.code).to.equal('debit_not_authorized');
    });

    it('is found by its intent, and listed newest first, page by page', async () => {
      const made = [];
      for (let n = 0; n < 5; n++) made.push(await paidSession(rig));
      const wanted = made.map(({ sessionId }) => sessionId).reverse();
      const first = made[0]?.intentId ?? '';
      const found = await rig.stripe.checkout.sessions.list({ payment_intent: first });
      expect(found.data.map(({ id }) => id)).to.deep.equal([made[0]?.sessionId]);

      const page = await rig.stripe.checkout.sessions.list({ limit: 2 });
      expect(page.data.map(({ id }) => id)).to.deep.equal(wanted.slice(0, 2));
      expect(page.has_more).to.equal(true);
      const listed: string[] = [];
      for await (const { id } of rig.stripe.checkout.sessions.list({ limit: 2 })) {
        listed.push(id);
        if (listed.length === 5) break;
      }
      expect(listed).to.deep.equal(wanted);
      const before = await rig.stripe.checkout.sessions.list({ limit: 2, ending_before: String(wanted[3]) });
      expect(before.data.map(({ id }) => id)).to.deep.equal(wanted.slice(1, 3));
    });

    const refusals: readonly [string, Partial<Stripe.Checkout.SessionCreateParams>, string, string?][] = [
      ['no lines', { line_items: [] }, 'line_items', 'parameter_missing'],
      ['another mode', { mode: 'subscription' }, 'mode'],
      [
        'an unknown parameter',
        { phone_number_collection: { enabled: true } },
        'phone_number_collection',
        'parameter_unknown',
      ],
      ['an address that is none', { success_url: 'nowhere' }, 'success_url', 'url_invalid'],
      ['an address that runs a script', { success_url: 'javascript:alert(1)' }, 'success_url', 'url_invalid'],
      ['metadata that is too long', { metadata: { note: 'x'.repeat(501) } }, 'metadata[note]'],
      ['an end before half an hour is over', { expires_at: rig.inMinutes(29) }, 'expires_at'],
      ['an end after more than a day', { expires_at: rig.inMinutes(48 * 60) }, 'expires_at'],
    ];
    for (const [what, change, param, code] of refusals) {
      it(`refuses ${what} and names the parameter`, async () => {
        const error = await errorOf(rig.stripe.checkout.sessions.create(checkout(change)));
        expect(error).to.be.instanceOf(Stripe.errors.StripeInvalidRequestError);
        expect(error).to.include({ statusCode: 400, param });
        if (code !== undefined) expect(error.code).to.equal(code);
      });
    }

    const prices: readonly [string, number, string, string | undefined][] = [
      ['29 pence', 29, 'gbp', 'amount_too_small'],
      ['30 pence', 30, 'gbp', undefined],
      ['nine digits', 100_000_000, 'gbp', 'amount_too_large'],
      ['5.124 dinars', 5124, 'kwd', 'invalid_charge_amount'],
      ['5.120 dinars', 5120, 'kwd', undefined],
      ['50 yen', 50, 'jpy', undefined],
      ['one and a half Icelandic krónur', 150, 'isk', 'invalid_charge_amount'],
    ];
    for (const [what, unit_amount, currency, code] of prices) {
      it(`${code === undefined ? 'takes' : 'refuses'} ${what}`, async () => {
        const price_data = { currency, unit_amount, product_data: { name: 'Thing' } };
        const created = rig.stripe.checkout.sessions.create(checkout({ line_items: [{ quantity: 1, price_data }] }));
        if (code === undefined) expect((await created).amount_total).to.equal(unit_amount);
        else expect((await errorOf(created)).code).to.equal(code);
      });
    }

    it('refuses a line deep in the list by its path', async () => {
      const price_data = { currency: 'gbp', unit_amount: 100, product_data: { name: '' } };
      const lines = Array.from({ length: 30 }, () => ({ quantity: 1, price_data: { ...price_data } }));
      const error = await errorOf(rig.stripe.checkout.sessions.create(checkout({ line_items: lines })));
      expect(error.param).to.equal('line_items[0][price_data][product_data][name]');
      expect(error.code).to.equal('parameter_invalid_empty');
    });
  });

  describe('the clock', () => {
    const clockRig = new Rig();
    before(() => clockRig.start());
    after(() => clockRig.stop());

    it('ends a session whose time is up, tried or not, and cancels its intent', async () => {
      const expires_at = clockRig.inMinutes(31);
      const untouched = await clockRig.stripe.checkout.sessions.create(checkout({ expires_at }));
      const tried = await clockRig.stripe.checkout.sessions.create(checkout({ expires_at }));
      const longer = await clockRig.stripe.checkout.sessions.create(checkout({ expires_at: clockRig.inMinutes(60) }));
      await act(tried.url, 'decline');
      clockRig.moveClock(32);
      expect((await clockRig.stripe.checkout.sessions.retrieve(untouched.id)).status).to.equal('expired');
      const after = await clockRig.stripe.checkout.sessions.retrieve(tried.id, { expand: ['payment_intent'] });
      expect(after.status).to.equal('expired');
      expect((after.payment_intent as Stripe.PaymentIntent).status).to.equal('canceled');
      expect((await clockRig.stripe.checkout.sessions.retrieve(longer.id)).status).to.equal('open');
      expect(await act(untouched.url, 'succeed')).to.deep.equal({ status: 410, result: 'expired' });
    });
  });

  describe('refunds', () => {
    it('gives back a part, then the rest, and never more', async () => {
      const { intentId, chargeId } = await paidSession(rig);
      const part = await rig.stripe.refunds.create({
        payment_intent: intentId,
        amount: 300,
        metadata: { refundId: 'rfd_1' },
      });
      expect(part).to.include({
        object: 'refund',
        amount: 300,
        status: 'succeeded',
        charge: chargeId,
        payment_intent: intentId,
      });
      const tooMuch = await errorOf(rig.stripe.refunds.create({ payment_intent: intentId, amount: 951 }));
      expect(tooMuch.statusCode).to.equal(400);
      const rest = await rig.stripe.refunds.create({ charge: chargeId });
      expect(rest.amount).to.equal(950);
      const again = await errorOf(rig.stripe.refunds.create({ charge: chargeId }));
      expect(again.code).to.equal('charge_already_refunded');
      expect(await rig.stripe.charges.retrieve(chargeId)).to.include({ refunded: true, amount_refunded: 1250 });
      const listed = await rig.stripe.refunds.list({ payment_intent: intentId });
      expect(listed.data.map(({ id }) => id)).to.deep.equal([rest.id, part.id]);
      expect((await rig.stripe.refunds.retrieve(part.id)).metadata).to.deep.equal({ refundId: 'rfd_1' });
    });

    it('has nothing to give back where nothing was paid', async () => {
      const session = await rig.stripe.checkout.sessions.create(checkout());
      await act(session.url, 'decline');
      const tried = await rig.stripe.checkout.sessions.retrieve(session.id);
      const error = await errorOf(rig.stripe.refunds.create({ payment_intent: idOf(tried.payment_intent) }));
      expect(error.code).to.equal('charge_not_refundable');
    });

    it('can fail after it succeeded, and then the money is there for another', async () => {
      const { chargeId } = await paidSession(rig);
      const refund = await rig.stripe.refunds.create({ charge: chargeId });
      const answer = await fetch(`${rig.url}/simulator/refunds/${refund.id}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${rig.simulator.secretKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ status: 'failed', failureReason: 'expired_or_canceled_card' }),
      });
      expect(answer.status).to.equal(200);
      expect(await rig.stripe.refunds.retrieve(refund.id)).to.include({
        status: 'failed',
        failure_reason: 'expired_or_canceled_card',
      });
      expect((await rig.stripe.charges.retrieve(chargeId)).amount_refunded).to.equal(0);
      expect((await rig.stripe.refunds.create({ charge: chargeId })).amount).to.equal(1250);
    });

    it('begins as pending when the script says so', async () => {
      const { chargeId } = await paidSession(rig);
      rig.script({ refunds: { status: 'pending' } });
      const refund = await rig.stripe.refunds.create({ charge: chargeId });
      rig.script({ refunds: { status: 'succeeded' } });
      expect(refund.status).to.equal('pending');
    });
  });

  describe('everything else', () => {
    const unknown: readonly [string, (stripe: Stripe) => Promise<unknown>, string][] = [
      ['session', (stripe) => stripe.checkout.sessions.retrieve('cs_test_none'), 'checkout.session'],
      ['session to close', (stripe) => stripe.checkout.sessions.expire('cs_test_none'), 'checkout.session'],
      ['intent', (stripe) => stripe.paymentIntents.retrieve('pi_none'), 'payment_intent'],
      ['charge', (stripe) => stripe.charges.retrieve('ch_none'), 'charge'],
      ['refund', (stripe) => stripe.refunds.retrieve('re_none'), 'refund'],
      ['event', (stripe) => stripe.events.retrieve('evt_none'), 'event'],
      ['intent to refund', (stripe) => stripe.refunds.create({ payment_intent: 'pi_none' }), 'payment_intent'],
    ];
    for (const [what, ask, name] of unknown) {
      it(`answers 404 for an unknown ${what}`, async () => {
        const error = await errorOf(ask(rig.stripe));
        expect(error).to.include({ statusCode: 404, code: 'resource_missing' });
        expect(error.message).to.match(new RegExp(`^No such ${name}: '`));
      });
    }

    it('turns away a wrong key and a missing one', async () => {
      const error = await errorOf(clientOf(rig.url, 0, 'sk_test_another').checkout.sessions.list());
      expect(error).to.be.instanceOf(Stripe.errors.StripeAuthenticationError);
      expect(error.message).not.to.contain('another');
      expect((await fetch(`${rig.url}/v1/checkout/sessions`)).status).to.equal(401);
      expect((await fetch(`${rig.url}/simulator/script`, { method: 'POST' })).status).to.equal(401);
    });

    it('answers addresses that it does not know, broken bodies and impossible expansions with an error of Stripe', async () => {
      const headers = { authorization: `Bearer ${rig.simulator.secretKey}` };
      const nowhere = await fetch(`${rig.url}/v1/payouts`, { headers });
      expect(nowhere.status).to.equal(404);
      expect(((await nowhere.json()) as { error: { type: string } }).error.type).to.equal('invalid_request_error');
      const broken = await fetch(`${rig.url}/v1/refunds`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded; charset=nonsense' },
        body: 'a=b',
      });
      expect(broken.status).to.equal(415);
      const { sessionId } = await paidSession(rig);
      const error = await errorOf(rig.stripe.checkout.sessions.retrieve(sessionId, { expand: ['metadata.orderId'] }));
      expect(error).to.include({ statusCode: 400, param: 'expand' });
    });

    it('keeps a ledger that adds up', async () => {
      const ledgerRig = new Rig();
      await ledgerRig.start();
      try {
        const { chargeId } = await paidSession(ledgerRig);
        await paidSession(ledgerRig);
        const declined = await ledgerRig.stripe.checkout.sessions.create(checkout());
        await act(declined.url, 'decline');
        await ledgerRig.stripe.refunds.create({ charge: chargeId, amount: 400 });
        const ledger = await ledgerRig.ledger();
        expect(ledger.currencies).to.deep.equal({ gbp: { charged: 2500, refunded: 400, balance: 2100 } });
        expect(ledger.sessions).to.deep.equal({ open: 1, complete: 2, expired: 0 });
        expect(ledger.charges.map(({ status }) => status)).to.deep.equal(['failed', 'succeeded', 'succeeded']);
        expect(ledger.refunds.map(({ amount }) => amount)).to.deep.equal([400]);
      } finally {
        await ledgerRig.stop();
      }
    });
  });
});
