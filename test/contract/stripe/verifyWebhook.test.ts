import { expect } from 'chai';
import { isRight } from 'fp-ts/lib/Either.js';
import Stripe from 'stripe';
import { BadSignature } from '../../../src/consumers/payment/ports/paymentProvider.js';
import { WebhookEventCodec } from '../../../src/consumers/payment/ports/webhookEvent.js';
import { stripePaymentProvider } from '../../../src/infrastructure/stripe/index.js';
import { Rig, SECRET_KEY, WEBHOOK_SECRET, eventually, paidSession } from './rig.js';

const provider = stripePaymentProvider({ secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET });

const event = (change: object = {}): string =>
  JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'checkout.session.completed',
    created: 1_700_000_000,
    livemode: false,
    data: {
      object: {
        id: 'cs_test_1',
        object: 'checkout.session',
        payment_intent: 'pi_1',
        customer_details: { email: 'payer@example.test', name: 'A. Payer' },
        metadata: { orderId: 'ord_1', paymentId: 'pay_1', note: 'not ours' },
      },
    },
    ...change,
  });
const signed = (payload: string, ageSeconds = 0, secret = WEBHOOK_SECRET): string =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(Date.now() / 1_000) - ageSeconds });
const verify = (payload: string, signature: string) => provider.verifyWebhook(Buffer.from(payload), signature);

describe('webhooks of Stripe, checked', () => {
  it('reads what an event is about and leaves out who paid', () => {
    const read = verify(event(), signed(event()));
    expect(read).to.deep.equal({
      id: 'evt_1',
      type: 'checkout.session.completed',
      createdAt: '2023-11-14T22:13:20.000Z',
      live: false,
      object: { kind: 'checkout.session', id: 'cs_test_1' },
      sessionId: 'cs_test_1',
      intentId: 'pi_1',
      orderId: 'ord_1',
      paymentId: 'pay_1',
    });
    const stored = WebhookEventCodec.decode(JSON.parse(JSON.stringify(read)));
    expect(isRight(stored) && stored.right).to.deep.equal(read);
  });

  it('reads events of objects that it has no use for', () => {
    const other = event({ type: 'balance.available', data: { object: { object: 'balance' } } });
    expect(verify(other, signed(other))).to.deep.include({
      type: 'balance.available',
      object: { kind: 'balance', id: '' },
    });
  });

  it('refuses what nobody could keep: an id with a NUL, a time that no calendar has', () => {
    for (const change of [
      { id: 'evt_\0' },
      { id: '' },
      { id: 'e'.repeat(256) },
      { type: 'a\0' },
      { created: 1e300 },
      { created: -1e15 },
    ]) {
      const odd = event(change);
      expect(() => verify(odd, signed(odd)), JSON.stringify(change).slice(0, 40)).to.throw(BadSignature);
    }
  });

  it('takes what is five minutes old and nothing older', () => {
    expect(verify(event(), signed(event(), 295)).id).to.equal('evt_1');
    expect(() => verify(event(), signed(event(), 301))).to.throw(BadSignature);
  });

  const forged: readonly [string, string, string][] = [
    ['another secret', event(), signed(event(), 0, 'whsec_another')],
    ['a changed body', event().replace('ord_1', 'ord_2'), signed(event())],
    ['one blank more', `${event()} `, signed(event())],
    ['no signature', event(), ''],
    ['a signature that is none', event(), 't=1,v1=00'],
    ['a body that is no JSON', 'nonsense', signed('nonsense')],
    ['a body that is no event', '{"id":"evt_1"}', signed('{"id":"evt_1"}')],
    ['real money with a test key', event({ livemode: true }), signed(event({ livemode: true }))],
  ];
  for (const [what, payload, signature] of forged) {
    it(`refuses ${what}`, () => {
      expect(() => verify(payload, signature)).to.throw(BadSignature);
    });
  }

  it('reads what the simulator sends, byte for byte as it came', async () => {
    const rig = new Rig();
    await rig.start();
    try {
      const { sessionId, intentId } = await paidSession(rig);
      const { body, headers } = await eventually(() => rig.receiver.of('checkout.session.completed')[0]);
      const read = provider.verifyWebhook(Buffer.from(body), String(headers['stripe-signature']));
      expect(read).to.include({ sessionId, intentId, orderId: 'ord_1', paymentId: 'pay_1', live: false });
    } finally {
      await rig.stop();
    }
  });
});
