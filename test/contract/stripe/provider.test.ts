import { expect } from 'chai';
import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js';
import {
  type PaymentProvider,
  type ProviderRefused,
  ProviderUnavailable,
  type RefundRequest,
  type SessionRequest,
} from '../../../src/consumers/payment/ports/paymentProvider.js';
import type { Money } from '../../../src/domain/kernel/money.js';
import { stripePaymentProvider, type StripeOptions } from '../../../src/infrastructure/stripe/index.js';
import { isSystemFault } from '../../../src/subscriptions/systemFault.js';
import { anOrder, eur, idOf } from '../../support/fixtures.js';
import { Rig, SECRET_KEY, WEBHOOK_SECRET, act } from './rig.js';

const granted = <T>(answer: Either<ProviderRefused, T>): T => {
  if (isLeft(answer)) throw new Error(`refused: ${answer.left.code}: ${answer.left.text}`);
  return answer.right;
};
const refusalIn = (answer: Either<ProviderRefused, unknown>): ProviderRefused => {
  if (isRight(answer)) throw new Error('the provider was expected to refuse and did not');
  return answer.left;
};

describe('payment provider on Stripe', () => {
  let rig: Rig;
  let provider: PaymentProvider;
  let payments = 0;
  beforeEach(async () => {
    rig = new Rig();
    await rig.start();
    provider = providerWith();
  });
  afterEach(() => rig.stop());

  const providerWith = (options: Partial<StripeOptions> = {}): PaymentProvider =>
    stripePaymentProvider({
      secretKey: SECRET_KEY,
      webhookSecret: WEBHOOK_SECRET,
      apiBase: rig.url,
      now: () => rig.now(),
      maxNetworkRetries: 0,
      ...options,
    });

  const inMinutes = (minutes: number) => new Date(rig.now() + minutes * 60_000).toISOString();
  /** A payment of 20.00 EUR that is due in half an hour. */
  const request = (change: Partial<SessionRequest> = {}): SessionRequest => ({
    paymentId: idOf('payment', ++payments),
    orderId: anOrder,
    attempt: 1,
    openedAt: inMinutes(0),
    amount: eur(2000),
    description: 'Order ABCD-EFGH-JKMN-7',
    lines: [
      { name: 'Tea', quantity: 2, unitPrice: eur(500) },
      { name: 'Cake', quantity: 1, unitPrice: eur(1000) },
    ],
    expiresAt: inMinutes(30),
    successUrl: 'http://127.0.0.1:8080/orders/1',
    cancelUrl: 'http://127.0.0.1:8080/orders/1?left',
    ...change,
  });
  const paid = async (change: Partial<SessionRequest> = {}) => {
    const asked = request(change);
    const { sessionId, url } = granted(await provider.createSession(asked));
    await act(url ?? null, 'succeed');
    const { intentId = '', chargeId = '' } = granted(await provider.getSession(sessionId));
    const refund = (number: number, amount: number): RefundRequest => ({
      refundId: idOf('refund', number),
      paymentId: asked.paymentId,
      orderId: asked.orderId,
      intentId,
      requestedAt: inMinutes(0),
      amount: { amount, currency: asked.amount.currency },
    });
    return { asked, sessionId, intentId, chargeId, refund };
  };

  describe('a session', () => {
    it('carries the amount, the lines and nothing about the order but its id and the payment’s', async () => {
      const asked = request();
      const session = granted(await provider.createSession(asked));
      expect(session).to.deep.include({
        status: 'open',
        paymentStatus: 'unpaid',
        amount: eur(2000),
        metadata: { orderId: asked.orderId, paymentId: asked.paymentId },
      });
      expect(session.url).to.equal(`${rig.url}/c/pay/${session.sessionId}`);
      const seen = await rig.stripe.checkout.sessions.retrieve(session.sessionId, { expand: ['line_items'] });
      expect(seen.client_reference_id).to.equal(asked.orderId);
      expect(seen.metadata).to.deep.equal({ orderId: asked.orderId, paymentId: asked.paymentId });
      expect(seen.line_items?.data.map(({ description, quantity }) => [description, quantity])).to.deep.equal([
        ['Tea', 2],
        ['Cake', 1],
      ]);
    });

    it('shows one line for the whole where the lines do not add up to it', async () => {
      const { sessionId } = granted(await provider.createSession(request({ amount: eur(1900) })));
      const seen = await rig.stripe.checkout.sessions.retrieve(sessionId, { expand: ['line_items'] });
      expect(seen.amount_total).to.equal(1900);
      expect(seen.line_items?.data.map(({ description }) => description)).to.deep.equal(['Order ABCD-EFGH-JKMN-7']);
    });

    for (const [what, minutes] of [
      ['in a minute', 1],
      ['in 30 minutes', 30],
      ['in three hours', 180],
      ['in three days', 4320],
    ] as const) {
      it(`lives as long as Stripe allows when the payment is due ${what}`, async () => {
        const session = granted(await provider.createSession(request({ expiresAt: inMinutes(minutes) })));
        const left = (Date.parse(session.expiresAt) - rig.now()) / 60_000;
        const wanted = Math.min(Math.max(minutes, 30), 24 * 60);
        expect(left).to.be.within(Math.min(wanted, 24 * 60 - 7) - 1, wanted + 7);
      });
    }

    it('is the same one however often it is asked for, and another for the next attempt', async () => {
      const asked = request();
      const first = granted(await provider.createSession(asked));
      expect(granted(await provider.createSession(asked)).sessionId).to.equal(first.sessionId);
      const second = granted(await provider.createSession({ ...asked, attempt: 2 }));
      expect(second.sessionId).not.to.equal(first.sessionId);
      expect((await rig.ledger()).sessions.open).to.equal(2);
    });

    it('is the same one when it is asked for later and would have another end', async () => {
      const asked = request();
      const first = granted(await provider.createSession(asked));
      rig.moveClock(17);
      expect(granted(await provider.createSession(asked)).sessionId).to.equal(first.sessionId);
      expect((await rig.ledger()).sessions.open).to.equal(1);
    });

    it('is the same one when Stripe has forgotten the key, among many others', async () => {
      const asked = request({ expiresAt: inMinutes(23 * 60) });
      const first = granted(await provider.createSession(asked));
      await act(first.url ?? null, 'succeed');
      for (let n = 0; n < 110; n++) granted(await provider.createSession(request()));
      rig.moveClock(25 * 60);
      const again = granted(await provider.createSession({ ...asked, expiresAt: inMinutes(60) }));
      expect(again).to.include({ sessionId: first.sessionId, status: 'complete', paymentStatus: 'paid' });
    });

    it('is found by its payment and by its intent, and not where there is none', async () => {
      const { asked, sessionId, intentId } = await paid();
      const byPayment = granted(await provider.findSessionByPayment(asked.paymentId, asked.openedAt));
      const byIntent = granted(await provider.findSessionByIntent(intentId));
      expect(byPayment?.sessionId).to.equal(sessionId);
      expect(byIntent).to.deep.equal(byPayment);
      expect(byIntent?.chargeId).to.be.a('string');
      expect(granted(await provider.findSessionByPayment(idOf('payment', 9_999), asked.openedAt))).to.equal(undefined);
      expect(granted(await provider.findSessionByIntent('pi_none'))).to.equal(undefined);
    });

    it('names the declined attempt, and the charge once another one succeeds', async () => {
      const { sessionId, url } = granted(await provider.createSession(request()));
      await act(url ?? null, 'decline');
      const declined = granted(await provider.getSession(sessionId));
      expect(declined).to.include({ status: 'open', paymentStatus: 'unpaid' });
      expect(declined).not.to.have.any.keys('chargeId', 'method');
      expect(declined.lastError).to.include({ code: 'card_declined', declineCode: 'generic_decline' });
      expect(declined.lastError?.attemptId).to.match(/^ch_/);
      await act(url ?? null, 'succeed');
      const captured = granted(await provider.getSession(sessionId));
      expect(captured).to.include({ status: 'complete', paymentStatus: 'paid', method: 'card', url: undefined });
      expect(captured.chargeId).to.match(/^ch_/);
      expect(captured).not.to.have.property('lastError');
    });

    it('is processing with a slow method, and fails with its error', async () => {
      const { sessionId, url } = granted(await provider.createSession(request()));
      await act(url ?? null, 'process');
      expect(granted(await provider.getSession(sessionId))).to.include({
        status: 'complete',
        paymentStatus: 'unpaid',
        method: 'sepa_debit',
      });
      await act(url ?? null, 'decline');
      const failed = granted(await provider.getSession(sessionId));
      expect(failed).to.include({ status: 'complete', paymentStatus: 'unpaid' });
      expect(failed.lastError?.code).to.equal('debit_not_authorized');
    });

    it('is closed on request, once and for all', async () => {
      const { sessionId, url } = granted(await provider.createSession(request()));
      expect(granted(await provider.expireSession(sessionId)).status).to.equal('expired');
      expect(granted(await provider.expireSession(sessionId)).status).to.equal('expired');
      expect((await act(url ?? null, 'succeed')).result).to.equal('expired');
    });

    it('answers that it is complete when the payer was faster', async () => {
      const { sessionId, intentId } = await paid();
      expect(granted(await provider.expireSession(sessionId))).to.include({
        status: 'complete',
        paymentStatus: 'paid',
        intentId,
      });
    });
  });

  describe('a currency that Stripe counts in its own way', () => {
    const amounts: readonly [Money, number][] = [
      [{ amount: 1250, currency: 'GBP' }, 1250],
      [{ amount: 500, currency: 'JPY' }, 500],
      [{ amount: 5120, currency: 'KWD' }, 5120],
      [{ amount: 700, currency: 'ISK' }, 70_000],
      [{ amount: 9000, currency: 'UGX' }, 900_000],
      [{ amount: 250_000, currency: 'MGA' }, 2500],
    ];
    for (const [amount, sent] of amounts) {
      it(`goes there and back unchanged: ${amount.amount} minor units of ${amount.currency}`, async () => {
        const { sessionId } = granted(await provider.createSession(request({ amount, lines: [] })));
        expect(granted(await provider.getSession(sessionId)).amount).to.deep.equal(amount);
        expect((await rig.stripe.checkout.sessions.retrieve(sessionId)).amount_total).to.equal(sent);
      });
    }

    for (const amount of [
      { amount: 5124, currency: 'KWD' },
      { amount: 250_050, currency: 'MGA' },
    ]) {
      it(`is refused where it cannot be charged exactly: ${amount.amount} minor units of ${amount.currency}`, async () => {
        const refusal = refusalIn(await provider.createSession(request({ amount, lines: [] })));
        expect(refusal.code).to.equal('invalid_charge_amount');
        expect((await rig.ledger()).sessions.open).to.equal(0);
      });
    }
  });

  describe('a refund', () => {
    it('is made once for its id, and listed with those made elsewhere', async () => {
      const { intentId, chargeId, refund } = await paid();
      const made = granted(await provider.refund(refund(1, 500)));
      expect(made).to.deep.include({ status: 'succeeded', amount: eur(500), intentId, chargeId });
      expect(granted(await provider.refund(refund(1, 500)))).to.deep.equal(made);
      await rig.stripe.refunds.create({ payment_intent: intentId, amount: 200 });
      const all = granted(await provider.listRefunds(intentId));
      expect(all.map(({ amount }) => amount.amount)).to.deep.equal([200, 500]);
      expect(all.map(({ metadata }) => metadata.refundId)).to.deep.equal([undefined, idOf('refund', 1)]);
      expect(granted(await provider.getRefund(made.providerRefundId))).to.deep.equal(made);
    });

    it('is not made again when Stripe has forgotten its key', async () => {
      const { intentId, refund } = await paid();
      const asked = refund(1, 500);
      const made = granted(await provider.refund(asked));
      rig.moveClock(25 * 60);
      expect(granted(await provider.refund(asked)).providerRefundId).to.equal(made.providerRefundId);
      expect(granted(await provider.listRefunds(intentId))).to.have.length(1);
    });

    it('is refused beyond what was paid', async () => {
      const { refund } = await paid();
      granted(await provider.refund(refund(1, 2000)));
      expect(refusalIn(await provider.refund(refund(2, 1)))).to.include({
        _tag: 'ProviderRefused',
        code: 'charge_already_refunded',
        status: 400,
      });
    });
  });

  describe('a refusal', () => {
    it('is an answer: too small an amount, and what does not exist', async () => {
      const small = refusalIn(await provider.createSession(request({ amount: eur(49), lines: [] })));
      expect(small).to.include({ _tag: 'ProviderRefused', code: 'amount_too_small', status: 400 });
      for (const answer of [
        await provider.getSession('cs_test_none'),
        await provider.expireSession('cs_test_none'),
        await provider.getRefund('re_none'),
      ]) {
        expect(refusalIn(answer)).to.include({ code: 'resource_missing', status: 404 });
      }
    });
  });

  describe('a fault', () => {
    const faultOf = async (call: Promise<unknown>): Promise<ProviderUnavailable> => {
      const error: unknown = await call.catch((failure: unknown) => failure);
      if (!(error instanceof ProviderUnavailable)) throw new Error(`no fault: ${String(error)}`);
      expect(isSystemFault(error)).to.equal(true);
      expect(error.cause).to.be.instanceOf(Error);
      return error;
    };

    for (const status of [500, 503, 429, 403, 409]) {
      it(`is thrown for ${status}, which says nothing about the request`, async () => {
        rig.script({ calls: [{ outcome: 'error', status }] });
        const fault = await faultOf(provider.createSession(request()));
        expect(fault.message).to.contain(String(status));
      });
    }

    it('is thrown for a wrong key', async () => {
      await faultOf(providerWith({ secretKey: 'sk_test_wrong' }).getSession('cs_test_none'));
    });

    it('is thrown when nobody listens', async () => {
      await rig.simulator.stop();
      await faultOf(provider.createSession(request()));
      await rig.startSimulator();
    });

    it('is thrown when the answer takes too long, and the session is found afterwards', async () => {
      rig.script({ calls: [{ method: 'POST', delayMs: 400 }] });
      const asked = request();
      await faultOf(providerWith({ timeoutMs: 100 }).createSession(asked));
      const found = granted(await provider.createSession(asked));
      expect(granted(await provider.createSession(asked)).sessionId).to.equal(found.sessionId);
    });

    it('that Stripe keeps under the key does not last: what is asked for is made once under another key', async () => {
      const asked = request();
      rig.script({ calls: [{ method: 'POST', outcome: 'error', status: 500, kept: true }] });
      await faultOf(provider.createSession(asked));
      const made = granted(await provider.createSession(asked));
      expect(granted(await provider.createSession(asked)).sessionId).to.equal(made.sessionId);
      expect((await rig.ledger()).sessions.open).to.equal(1);

      const { intentId, refund } = await paid();
      rig.script({ calls: [{ method: 'POST', outcome: 'error', status: 500, kept: true }] });
      await faultOf(provider.refund(refund(1, 500)));
      const refunded = granted(await provider.refund(refund(1, 500)));
      expect(granted(await provider.refund(refund(1, 500)))).to.deep.equal(refunded);
      expect(granted(await provider.listRefunds(intentId))).to.have.length(1);
    });

    it('is overcome by the client itself where another try helps, and opens no second session', async () => {
      rig.script({
        calls: [
          { method: 'POST', outcome: 'lose_answer' },
          { method: 'POST', outcome: 'error', status: 502 },
        ],
      });
      granted(await providerWith({ maxNetworkRetries: 2 }).createSession(request()));
      expect((await rig.ledger()).sessions.open).to.equal(1);
    });
  });

  it('takes no address with a path for its API', () => {
    for (const apiBase of ['http://127.0.0.1:8081/v1', 'ftp://127.0.0.1']) {
      expect(() => providerWith({ apiBase })).to.throw(TypeError, apiBase);
    }
  });
});
