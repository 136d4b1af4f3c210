import { expect } from 'chai';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { ProviderSession } from '../../../src/consumers/payment/ports/paymentProvider.js';
import type { PaymentId } from '../../../src/domain/kernel/ids.js';
import { stripePaymentProvider } from '../../../src/infrastructure/stripe/index.js';
import { anOrder, aPayment, eur } from '../../support/fixtures.js';
import { act, eventually, Rig, SECRET_KEY, WEBHOOK_SECRET } from './rig.js';

describe('money that is held, disputed or listed at Stripe', () => {
  let rig: Rig;
  let provider: ReturnType<typeof stripePaymentProvider>;
  beforeEach(async () => {
    rig = new Rig();
    await rig.start();
    provider = stripePaymentProvider({
      secretKey: SECRET_KEY,
      webhookSecret: WEBHOOK_SECRET,
      apiBase: rig.url,
      maxNetworkRetries: 0,
    });
  });
  afterEach(() => rig.stop());

  const now = (): string => new Date(Date.now() - 1_000).toISOString();
  async function open(captureMode: 'automatic' | 'manual', paymentId: PaymentId = aPayment): Promise<ProviderSession> {
    const answer = await provider.createSession({
      paymentId,
      orderId: anOrder,
      attempt: 1,
      openedAt: now(),
      amount: eur(2000),
      description: 'Order ABCD-EFGH-JKMN-7',
      expiresAt: new Date(Date.now() + 45 * 60_000).toISOString(),
      successUrl: 'http://127.0.0.1/done',
      cancelUrl: 'http://127.0.0.1/left',
      captureMode,
    });
    if (isLeft(answer)) throw new Error(answer.left.text);
    return answer.right;
  }
  async function look({ sessionId }: ProviderSession): Promise<ProviderSession> {
    const answer = await provider.getSession(sessionId);
    if (isLeft(answer)) throw new Error(answer.left.text);
    return answer.right;
  }
  async function paid(captureMode: 'automatic' | 'manual'): Promise<ProviderSession & { readonly intentId: string }> {
    const session = await open(captureMode);
    expect((await act(session.url ?? null, 'succeed')).result).to.equal('paid');
    const { intentId, ...seen } = await look(session);
    if (intentId === undefined) throw new Error('the session has no intent');
    return { ...seen, intentId };
  }
  const simulator = async (path: string, body: object) =>
    (await (
      await fetch(`${rig.url}/simulator/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SECRET_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).json()) as { readonly id: string };

  it('is held until somebody asks for it, and taken once', async () => {
    const held = await paid('manual');
    expect(held).to.deep.include({
      status: 'complete',
      paymentStatus: 'unpaid',
      held: 'authorized',
      amount: eur(2000),
    });
    expect((await rig.ledger()).currencies).to.deep.equal({});
    await eventually(() => rig.receiver.types().find((type) => type === 'payment_intent.amount_capturable_updated'));

    expect(await provider.captureIntent(aPayment, held.intentId)).to.have.property('_tag', 'Right');
    expect(await provider.captureIntent(aPayment, held.intentId)).to.have.property('_tag', 'Right');
    const taken = await look(held);
    expect(taken.paymentStatus).to.equal('paid');
    expect(taken).not.to.have.property('held');
    expect((await rig.ledger()).currencies['eur']?.charged).to.equal(2000);
    expect(await provider.releaseIntent(aPayment, held.intentId)).to.have.nested.property(
      'left.code',
      'payment_intent_unexpected_state',
    );
  });

  it('is let go, and cannot be taken any more', async () => {
    const held = await paid('manual');
    expect(await provider.releaseIntent(aPayment, held.intentId)).to.have.property('_tag', 'Right');
    expect(await look(held)).to.deep.include({ paymentStatus: 'unpaid', held: 'released' });
    expect(await provider.captureIntent(aPayment, held.intentId)).to.have.nested.property(
      'left.code',
      'payment_intent_unexpected_state',
    );
    expect((await rig.ledger()).currencies).to.deep.equal({});
    expect((await act(held.url ?? `${rig.url}/c/pay/${held.sessionId}`, 'succeed')).result).not.to.equal('paid');
  });

  it('shows what came in, where that is another amount than was asked for', async () => {
    rig.script({ payments: { amount: 1500 } });
    expect(await paid('automatic')).to.deep.include({ paymentStatus: 'paid', amount: eur(1500) });
  });

  it('is disputed until the bank has decided, and cannot be refunded meanwhile', async () => {
    const { intentId } = await paid('automatic');
    const dispute = await simulator('disputes', { paymentIntent: intentId, reason: 'fraudulent' });
    await eventually(() => rig.receiver.types().find((type) => type === 'charge.dispute.created'));
    const listed = await provider.listDisputes(intentId);
    if (isLeft(listed)) throw new Error(listed.left.text);
    expect(listed.right).to.have.length(1);
    expect(listed.right[0]).to.deep.include({ disputeId: dispute.id, status: 'needs_response', amount: eur(2000) });
    const refund = {
      refundId: 'rfd_0000000000a008000000000001' as never,
      paymentId: aPayment,
      orderId: anOrder,
      intentId,
      requestedAt: new Date().toISOString(),
      amount: eur(500),
    };
    expect(await provider.refund(refund)).to.have.nested.property('left.code', 'charge_disputed');
    await simulator(`disputes/${dispute.id}`, { status: 'won' });
    await eventually(() => rig.receiver.types().find((type) => type === 'charge.dispute.closed'));
  });

  it('is in the lists, with the payment that it is about', async () => {
    const since = now();
    const { intentId, sessionId } = await paid('automatic');
    await rig.stripe.refunds.create({ payment_intent: intentId, amount: 300 });
    await simulator('disputes', { paymentIntent: intentId });
    const all = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
      const found: T[] = [];
      for await (const one of list) found.push(one);
      return found;
    };
    expect((await all(provider.listSessions(since))).map((one) => one.sessionId)).to.deep.equal([sessionId]);
    const [refund] = await all(provider.listAllRefunds(since));
    expect(refund).to.deep.include({ paymentId: aPayment, amount: eur(300), status: 'succeeded', metadata: {} });
    const [dispute] = await all(provider.listAllDisputes(since));
    expect(dispute).to.deep.include({ paymentId: aPayment, status: 'needs_response', amount: eur(1700) });
    expect(await all(provider.listSessions(new Date(Date.now() + 3_600_000).toISOString()))).to.deep.equal([]);
  });
});
