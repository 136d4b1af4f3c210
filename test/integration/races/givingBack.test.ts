import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { eur } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';
import { askRefund, paidOrder } from './refunds.js';

const paymentOf = (id: string): string => `payment-${paymentIdOf(id as OrderId, 1)}`;

describe('money that goes back races with everything else', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    // nobody cooks: whatever is paid can still be called off
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 5);
  });
  afterEach(() => race.leave());

  const paid = (key: string) => paidOrder(race, key);
  const refund = (id: string, key: string, amount: number) => askRefund(race, id, key, amount);
  const reachesPayment = (id: string, type: string): Promise<void> =>
    until(`the payment has ${type}`, () => race.types(paymentOf(id)).includes(type));
  const refunded = async (): Promise<number> => (await race.ledger()).currencies['eur']?.refunded ?? 0;
  const tasks = async (kind: string): Promise<number> =>
    ((await race.request('GET', `/v1/tasks?kind=${kind}`)).body['items'] as readonly unknown[]).length;

  it('an order is cancelled while its payment is complete that nobody told of: all of it goes back by itself', async () => {
    const id = await race.place('cancelled-and-paid');
    const link = await race.link(id);
    race.script({ webhooks: { hold: true } });
    expect(await race.pay(link)).to.equal('paid');
    const cancelled = await race.request('POST', `/v1/orders/${id}/cancellations`, {
      body: { reason: 'too late' },
      headers: { 'idempotency-key': 'off' },
    });
    expect(cancelled.body).to.deep.include({ status: 'cancelled' });
    await reachesPayment(id, 'RefundSucceeded');
    race.script({ webhooks: { hold: false } });
    await race.rest();
    expect(race.data(`order-${id}`, 'RefundDue').map(({ reason }) => reason)).to.deep.equal(['late_payment']);
    expect(race.types(`order-${id}`).slice(-4), 'both are recorded').to.deep.equal([
      'OrderCancelled',
      'PaymentApplied',
      'RefundDue',
      'RefundApplied',
    ]);
    expect((await race.order(id)).status).to.equal('cancelled');
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_000, refunded: 1_000, balance: 0 });
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 5, reserved: 0 });
  });

  it('paying and cancelling in the same moment end in an order that is over, with nothing kept', async () => {
    // before the wish to cancel is sent, at different moments while it is worked, and after the order has ended
    const moments = ['before', 0, 4, 12, 'after'] as const;
    const ids = await Promise.all(moments.map((moment) => race.place(`pays-${moment}`)));
    const links = await Promise.all(ids.map((id) => race.link(id)));
    const cancel = async (id: string): Promise<void> => {
      const answer = await race.request('POST', `/v1/orders/${id}/cancellations`, {
        body: { reason: 'no' },
        headers: { 'idempotency-key': 'off' },
      });
      expect(answer.status, answer.text).to.be.oneOf([200, 202]);
    };
    // nobody tells of a payment: whoever ends the order has to find out whether the payer was faster
    race.script({ webhooks: { hold: true } });
    const results = await Promise.all(
      moments.map(async (moment, index) => {
        const [id = '', link = ''] = [ids[index], links[index]];
        if (moment === 'before') {
          const result = await race.pay(link);
          await cancel(id);
          return result;
        }
        const cancelled = cancel(id);
        if (moment === 'after') {
          await cancelled;
          // the order has ended, and is about to have its page closed
          await until('its payment is over', () => race.types(paymentOf(id)).includes('PaymentClosed'));
        } else await sleep(moment);
        const result = await race.pay(link);
        await cancelled;
        return result;
      }),
    );
    await Promise.all(ids.map((id) => race.reaches(id, 'cancelled')));
    expect([results[0], results.at(-1)]).to.deep.equal(['paid', 'expired']);
    const charged = 1_000 * results.filter((result) => result === 'paid').length;
    await race.refunded(charged);
    race.script({ webhooks: { hold: false } });
    await race.rest();
    for (const [index, id] of ids.entries()) {
      const types = race.types(`order-${id}`);
      expect(types).to.include('OrderCancelled');
      expect(types.includes('PaymentApplied'), 'both are recorded').to.equal(results[index] === 'paid');
    }
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged, refunded: charged, balance: 0 });
    expect((await race.ledger()).sessions.open).to.equal(0);
    expect(await race.shelf('soup')).to.deep.include({ reserved: 0 });
  });

  it('a refund fails after it looked good: somebody is told, and the money can be given back again', async () => {
    const id = await paid('looked-good');
    expect((await refund(id, 'first', 1_000)).status).to.equal(202);
    await reachesPayment(id, 'RefundSucceeded');
    const [submitted] = race.data(paymentOf(id), 'RefundSubmitted');
    const failure = { status: 'failed', failureReason: 'lost_or_stolen_card' };
    await race.atTheProvider(`/simulator/refunds/${String(submitted?.['providerRefundId'])}`, failure);
    await reachesPayment(id, 'RefundFailed');
    await race.rest();
    expect(race.types(`order-${id}`)).to.include('RefundFailedNoted');
    expect(await tasks('refund_failed')).to.equal(1);
    expect((await refund(id, 'second', 1_000)).status).to.equal(202);
    await race.refunded(1_000);
    await race.rest();
    expect((await race.ledger()).currencies['eur']?.balance).to.equal(0);
  });

  it('a refund takes its time and the word of its failure gets lost: the reconciliation hears of it', async () => {
    race.script({ refunds: { status: 'pending' } });
    const id = await paid('lost-word');
    expect((await refund(id, 'slow', 400)).status).to.equal(202);
    await reachesPayment(id, 'RefundSubmitted');
    await race.rest();
    race.script({ webhooks: { hold: true } });
    const [submitted] = race.data(paymentOf(id), 'RefundSubmitted');
    await race.atTheProvider(`/simulator/refunds/${String(submitted?.['providerRefundId'])}`, { status: 'failed' });
    // longer ago than the lists of the last minutes reach
    race.forward(24 * 60);
    await race.rest();
    expect(race.types(paymentOf(id)).at(-1)).to.equal('RefundSubmitted');
    await race.reconcile();
    await race.rest();
    expect(race.types(paymentOf(id)).at(-1)).to.equal('RefundFailed');
    expect(await tasks('refund_failed')).to.equal(1);
  });

  it("a refund that was made at the provider's desk counts, and no more than was paid ever goes back", async () => {
    const id = await paid('by-hand');
    const { charges } = await race.ledger();
    await race.atTheProvider('/v1/refunds', { payment_intent: charges[0]?.paymentIntent ?? '', amount: '700' });
    await reachesPayment(id, 'ForeignRefundRecorded');
    await race.rest();
    const tooMuch = await refund(id, 'too-much', 400);
    expect([tooMuch.status, tooMuch.body['type']]).to.deep.equal([409, '/problems/refund-exceeds-captured']);
    // each is asked for twice in the same moment, and there is money for one of them, once
    const keys = ['x', 'y', 'z', 'x', 'y', 'z'];
    const asked = await Promise.all(keys.map((key) => refund(id, key, 200)));
    await race.rest();
    expect(new Set(keys.filter((_, index) => asked[index]?.status === 202)).size).to.equal(1);
    expect(await refunded()).to.equal(900);
    expect(race.types(`order-${id}`).filter((type) => type === 'RefundDue')).to.have.length(1);
    expect(race.types(paymentOf(id)).filter((type) => type === 'RefundRequested')).to.have.length(1);
  });

  it("a refund that was made at the provider's desk fails after it looked good: nothing of it counts, somebody is told, and all can go back", async () => {
    const id = await paid('desk-failed');
    const { charges } = await race.ledger();
    const made = await race.atTheProvider('/v1/refunds', {
      payment_intent: charges[0]?.paymentIntent ?? '',
      amount: '700',
    });
    await reachesPayment(id, 'ForeignRefundRecorded');
    await race.rest();
    const sums = async () => (await race.order(id)).refunds;
    expect(await sums()).to.deep.equal({ status: 'partial', due: eur(700), refunded: eur(700) });
    const failure = { status: 'failed', failureReason: 'lost_or_stolen_card' };
    await race.atTheProvider(`/simulator/refunds/${String(made['id'])}`, failure);
    await reachesPayment(id, 'ForeignRefundFailed');
    await race.rest();
    expect(await sums()).to.deep.equal({ status: 'none', due: eur(0), refunded: eur(0) });
    const shown = (await race.request('GET', `/v1/payments/${paymentOf(id).slice('payment-'.length)}`)).body;
    expect(shown).to.deep.include({
      refundable: eur(1_000),
      foreignRefunds: [{ providerRefundId: made['id'], amount: eur(700), code: 'lost_or_stolen_card' }],
    });
    expect(await tasks('refund_failed')).to.equal(1);
    expect((await refund(id, 'all-of-it', 1_000)).status).to.equal(202);
    await race.refunded(1_000);
    await race.rest();
    expect((await race.ledger()).currencies['eur']?.balance).to.equal(0);
    expect(await sums()).to.deep.equal({ status: 'full', due: eur(1_000), refunded: eur(1_000) });
    expect(await race.reconcile()).to.deep.equal({ mended: 0, opened: 0 });
  });

  it("nobody hears that a refund of the provider's desk failed: the reconciliation does, and tells the order, once", async () => {
    const id = await paid('desk-unheard');
    const { charges } = await race.ledger();
    const made = await race.atTheProvider('/v1/refunds', {
      payment_intent: charges[0]?.paymentIntent ?? '',
      amount: '700',
    });
    await reachesPayment(id, 'ForeignRefundRecorded');
    await race.rest();
    race.script({ webhooks: { hold: true } });
    await race.atTheProvider(`/simulator/refunds/${String(made['id'])}`, { status: 'failed' });
    await race.rest();
    expect(race.types(paymentOf(id)).at(-1)).to.equal('ForeignRefundRecorded');
    race.forget('refund', 'ForeignRefundFailed');
    expect((await race.reconcile()).mended).to.equal(1);
    await race.rest();
    expect(race.types(paymentOf(id)).at(-1)).to.equal('ForeignRefundFailed');
    expect(race.types(`order-${id}`)).not.to.include('RefundFailedNoted');
    race.forward(16);
    expect((await race.reconcile()).mended).to.equal(1);
    await race.rest();
    expect(race.types(`order-${id}`).filter((type) => type === 'RefundFailedNoted')).to.have.length(1);
    expect((await race.order(id)).refunds.refunded).to.deep.equal(eur(0));
    expect((await race.reconcile()).mended).to.equal(0);
  });

  it('somebody discards the word that money is due: the reconciliation has it given back, once', async () => {
    const id = await paid('discarded');
    race.forget('refund', 'RefundDue');
    expect((await refund(id, 'cold', 300)).status).to.equal(202);
    await race.rest();
    expect(race.types(paymentOf(id))).not.to.include('RefundRequested');
    expect((await race.reconcile()).mended, 'somebody may still be at it').to.equal(0);
    race.forward(16);
    expect((await race.reconcile()).mended).to.equal(1);
    await race.refunded(300);
    await race.rest();
    expect(race.types(`order-${id}`).at(-1)).to.equal('RefundApplied');
    expect(await race.reconcile()).to.deep.equal({ mended: 0, opened: 0 });
    expect(race.types(paymentOf(id)).filter((type) => type === 'RefundRequested')).to.have.length(1);
  });

  it('somebody discards the word of how a refund ended: the reconciliation tells the order, once', async () => {
    const id = await paid('untold');
    race.forget('refund', 'RefundSucceeded');
    expect((await refund(id, 'cold', 300)).status).to.equal(202);
    await reachesPayment(id, 'RefundSucceeded');
    await race.rest();
    expect(race.types(`order-${id}`)).not.to.include('RefundApplied');
    race.forward(16);
    expect((await race.reconcile()).mended).to.equal(1);
    await race.rest();
    expect(race.types(`order-${id}`).filter((type) => type === 'RefundApplied')).to.have.length(1);
    expect((await race.reconcile()).mended).to.equal(0);
    expect(await refunded()).to.equal(300);
  });

  it('somebody discards the word that a refund failed after it looked good: the reconciliation tells the order, and it can go back again', async () => {
    const id = await paid('untold-failure');
    expect((await refund(id, 'cold', 1_000)).status).to.equal(202);
    await reachesPayment(id, 'RefundSucceeded');
    await race.rest();
    race.forget('refund', 'RefundFailed');
    const [submitted] = race.data(paymentOf(id), 'RefundSubmitted');
    await race.atTheProvider(`/simulator/refunds/${String(submitted?.['providerRefundId'])}`, { status: 'failed' });
    await reachesPayment(id, 'RefundFailed');
    await race.rest();
    expect(race.types(`order-${id}`), 'it seems to owe nothing').not.to.include('RefundFailedNoted');
    expect((await refund(id, 'again', 1_000)).status).to.equal(409);
    race.forward(16);
    expect((await race.reconcile()).mended).to.equal(1);
    expect((await race.reconcile()).mended).to.equal(0);
    expect((await refund(id, 'again', 1_000)).status).to.equal(202);
    await race.refunded(1_000);
    await race.rest();
    expect(race.types(`order-${id}`).filter((type) => type === 'RefundFailedNoted')).to.have.length(1);
    expect((await race.ledger()).currencies['eur']?.balance).to.equal(0);
  });
});
