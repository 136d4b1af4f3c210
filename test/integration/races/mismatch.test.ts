import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

describe('another amount than was asked for is paid', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace();
    await race.article('soup', 5);
  });
  afterEach(() => race.leave());

  const eur = (amount: number) => ({ amount, currency: 'EUR' });
  const paymentOf = (id: string, ordinal = 1): string => `payment-${paymentIdOf(id as OrderId, ordinal)}`;
  const decide = (id: string, body: Readonly<Record<string, unknown>>) =>
    race.request('POST', `/v1/orders/${id}/hold/resolution`, { body, headers: { 'idempotency-key': randomUUID() } });
  const shownOrder = async (id: string) => (await race.request('GET', `/v1/orders/${id}`)).body;
  const shownPayment = async (id: string) =>
    (await race.request('GET', `/v1/payments/${paymentIdOf(id as OrderId, 1)}`)).body;
  const ownIntent = (id: string): string =>
    String(race.data(paymentOf(id), 'ProviderMismatchDetected')[0]?.['intentId']);

  /** An order of 1,000 for which somebody paid something else, and that is held for that. */
  async function heldFor(key: string, payments: { readonly amount: number; readonly currency?: string }) {
    race.script({ payments, webhooks: { copies: 2, order: 'newest_first' } });
    const id = await race.place(key);
    const link = await race.link(id);
    expect(await race.pay(link)).to.equal('paid');
    expect(await race.reaches(id, 'on_hold')).to.have.nested.property('hold.kind', 'mismatch');
    return { id, link };
  }

  /** The provider's book of today, against ours. */
  async function book() {
    const { rows, findings } = await race.dayBook(new Date().toISOString().slice(0, 10));
    return {
      rows: rows.map(({ what, provider, ours }) => [what, provider.amount, ours.amount]),
      texts: findings.map(({ text }) => text),
    };
  }

  it('it is accepted while the webhooks come: what came counts once, and the rest is asked for by another link', async () => {
    const { id, link } = await heldFor('less', { amount: 700 });
    expect((await shownOrder(id))['payment']).to.deep.include({ captured: eur(0) });
    expect(await book()).to.deep.include({ rows: [['payments', 700, 0]] });
    expect((await book()).texts.join()).to.match(
      /^700 minor units of EUR came by pi_\w+ where 1000 of EUR were asked for/,
    );
    const decisions = await Promise.all([1, 2, 3].map(() => decide(id, { decision: 'accept', reason: 'by phone' })));
    expect(decisions.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409]);
    const next = await race.linkOf(paymentIdOf(id as OrderId, 2));
    expect(next).not.to.equal(link);
    await race.rest();
    expect(await shownOrder(id)).to.deep.include({ status: 'awaiting_payment' });
    expect((await shownOrder(id))['payment']).to.deep.include({
      status: 'partially_paid',
      captured: eur(700),
      link: next,
    });
    expect(await shownPayment(id)).to.deep.include({ status: 'captured', captured: eur(700) });
    expect((await shownPayment(id))['mismatches']).to.deep.equal([
      {
        expected: eur(1_000),
        actual: eur(700),
        state: 'counted',
        accepted: { by: 'admin/local', reason: 'by phone' },
      },
    ]);
    expect(await book()).to.deep.equal({ rows: [['payments', 700, 700]], texts: [] });
    // that payment is in the dark of the provider's books as little as in ours
    expect(await race.reconcile('day')).to.deep.equal({ mended: 0, opened: 0 });
    expect(await race.pay(next)).to.equal('paid');
    await race.reaches(id, 'confirmed', 'in_fulfilment', 'fulfilled');
    await race.rest();
    expect(race.data(paymentOf(id, 2), 'PaymentOpened')[0]).to.deep.include({ amount: eur(300) });
    expect(race.types(paymentOf(id)).filter((type) => type === 'PaymentCaptured')).to.have.length(1);
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_000, refunded: 0, balance: 1_000 });
    expect(await book()).to.deep.equal({ rows: [['payments', 1_000, 1_000]], texts: [] });
  });

  it('more came, and it is accepted: the order goes on, and what is too much goes back', async () => {
    const { id } = await heldFor('more', { amount: 1_300 });
    expect((await decide(id, { decision: 'accept' })).status).to.equal(200);
    await race.reaches(id, 'confirmed', 'in_fulfilment', 'fulfilled');
    await race.refunded(300);
    await race.rest();
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_300, refunded: 300, balance: 1_000 });
    expect((await book()).texts).to.deep.equal([]);
  });

  it('as much came in another currency: it cannot be accepted, and goes back as it came', async () => {
    const { id } = await heldFor('dollars', { amount: 1_000, currency: 'usd' });
    const refused = await decide(id, { decision: 'accept' });
    expect([refused.status, refused.body['type']]).to.deep.equal([409, '/problems/paid-in-another-currency']);
    expect(refused.body).to.deep.include({ currencies: ['EUR', 'USD'], paid: { amount: 1_000, currency: 'USD' } });
    expect(JSON.stringify(refused.body['errors'])).to.include('/decision').and.to.include('USD');
    expect((await decide(id, { decision: 'reject' })).status).to.equal(200);
    await race.reaches(id, 'rejected');
    await until('it is back', () => race.types(paymentOf(id)).includes('RefundSucceeded'));
    await race.rest();
    expect((await race.ledger()).currencies['usd']).to.deep.equal({ charged: 1_000, refunded: 1_000, balance: 0 });
    expect(await shownOrder(id)).to.deep.include({ display: 'declined' });
    expect(race.types(`order-${id}`)).not.to.include('RefundApplied');
    expect((await book()).texts).to.deep.equal([]);
    expect((await race.shelf('soup')).reserved).to.equal(0);
  });

  it('it is given back at the desk before anybody decides: nothing of it counts, and nothing goes back twice', async () => {
    for (const decision of ['reject', 'accept'] as const) {
      const { id } = await heldFor(decision, { amount: 700 });
      await race.atTheProvider('/v1/refunds', { payment_intent: ownIntent(id), amount: '700' });
      await until('it is told', () => race.types(paymentOf(id)).includes('ForeignRefundRecorded'));
      await race.rest();
      const shown = await shownOrder(id);
      expect(shown['payment']).to.deep.include({ captured: eur(0) });
      expect(shown['refunds']).to.deep.equal({ status: 'none', due: eur(0), refunded: eur(0) });
      expect((await decide(id, { decision })).status).to.equal(200);
      if (decision === 'reject') await race.reaches(id, 'rejected');
      else expect(await race.pay(await race.linkOf(paymentIdOf(id as OrderId, 2)))).to.equal('paid');
      await race.rest();
      expect(race.types(paymentOf(id)))
        .not.to.include('PaymentCaptured')
        .and.not.to.include('RefundRequested');
      expect(race.types(`order-${id}`)).not.to.include('RefundApplied');
    }
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 2_400, refunded: 1_400, balance: 1_000 });
  });

  it('the order is called off, or nobody decides: what came goes back by itself, once', async () => {
    const { id: off } = await heldFor('off', { amount: 700 });
    const cancel = { body: { reason: 'no soup' }, headers: { 'Idempotency-Key': 'off' } };
    await Promise.all([
      race.request('POST', `/v1/orders/${off}/cancellations`, cancel),
      decide(off, { decision: 'reject' }),
    ]);
    await race.reaches(off, 'cancelled', 'rejected');
    await race.refunded(700);
    const { id: undecided } = await heldFor('undecided', { amount: 800 });
    race.forward(25 * 60);
    await race.reaches(undecided, 'rejected');
    await race.refunded(1_500);
    await race.rest();
    for (const id of [off, undecided]) {
      expect(race.types(paymentOf(id)).filter((type) => type === 'RefundRequested')).to.have.length(1);
    }
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_500, refunded: 1_500, balance: 0 });
    expect((await race.shelf('soup')).reserved).to.equal(0);
  });
});
