import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { paymentIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

describe('another amount than was asked for is paid for an order that goes on', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 9);
    await race.article('cake', 9);
    await terms({ payLater: true });
  });
  afterEach(() => race.leave());

  const eur = (amount: number) => ({ amount, currency: 'EUR' });
  const idOf = (id: string, ordinal: number) => paymentIdOf(id as OrderId, ordinal);
  const types = (id: string, ordinal = 2) => race.types(`payment-${idOf(id, ordinal)}`);
  const count = (id: string, type: string): number => types(id).filter((one) => one === type).length;
  const shown = async (id: string) => (await race.request('GET', `/v1/orders/${id}`)).body;
  const tasks = async (kind: string): Promise<number> =>
    ((await race.request('GET', `/v1/tasks?kind=${kind}`)).body['items'] as readonly unknown[]).length;
  const ask = (id: string) =>
    race.request('POST', `/v1/orders/${id}/payments`, {
      headers: { 'idempotency-key': randomUUID(), prefer: 'wait=30' },
    });
  const decide = (id: string, decision: 'accept' | 'reject', ordinal = 2) =>
    race.request('POST', `/v1/payments/${idOf(id, ordinal)}/mismatch/resolution`, {
      body: { decision, reason: 'agreed at the till' },
      headers: { 'idempotency-key': randomUUID() },
    });
  async function terms(change: object): Promise<void> {
    const { revision: _, locationId: __, ...known } = (await race.request('GET', '/v1/locations/main')).body;
    const body = { ...known, ...change, reason: 'for the regulars' };
    const changed = await race.request('PUT', '/v1/locations/main', { body, headers: { 'if-match': '*' } });
    expect(changed.status, changed.text).to.equal(200);
  }
  async function kitchen(id: string, verb: 'bump' | 'hand-over', body?: object): Promise<void> {
    const path = `/v1/kitchen/tickets/${ticketIdOf(id as OrderId, 'main' as LocationId)}/${verb}`;
    const answer = await race.request('POST', path, body === undefined ? {} : { body });
    expect(answer.status, answer.text).to.equal(200);
  }

  /** An order of 1,000 that the kitchen has, and for which somebody pays something else: what came waits for a decision. */
  async function paidLater(key: string, payments: { readonly amount: number; readonly currency?: string }) {
    const body = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }], payLater: true };
    const placed = await race.request('POST', '/v1/orders', { body, headers: { 'idempotency-key': key } });
    const id = String(placed.body['id']);
    await race.reaches(id, 'in_fulfilment');
    await pays(id, payments);
    expect(await shown(id)).to.deep.include({ status: 'in_fulfilment' });
    expect((await shown(id))['payment'])
      .to.deep.include({ captured: eur(0) })
      .and.not.to.have.property('link');
    return id;
  }

  /** What is due is asked for, and another amount is paid. */
  async function pays(id: string, payments: { readonly amount: number; readonly currency?: string }): Promise<void> {
    race.script({ payments, webhooks: { copies: 2, order: 'newest_first' } });
    const before = await tasks('mismatch');
    expect(await race.pay(String((await ask(id)).body['link']))).to.equal('paid');
    await until('somebody is asked to decide', async () => (await tasks('mismatch')) > before);
    await race.rest();
  }

  async function book() {
    const { rows, findings } = await race.dayBook(new Date().toISOString().slice(0, 10));
    return {
      rows: rows.map(({ what, provider, ours }) => [what, provider.amount, ours.amount]),
      texts: findings.map(({ text }) => text),
    };
  }

  it('less comes while the kitchen cooks, and several accept it at once: it counts once, and the rest is asked for', async () => {
    const id = await paidLater('less', { amount: 700 });
    expect((await book()).rows).to.deep.equal([['payments', 700, 0]]);
    const [task] = (await race.request('GET', '/v1/tasks?kind=mismatch')).body['items'] as { id: string }[];
    const early = await race.request('POST', `/v1/tasks/${task?.id}/done`, {});
    expect([early.status, early.body['detail']]).to.have.property('0', 409);
    expect(String(early.body['detail'])).to.include(`/v1/payments/${idOf(id, 2)}/mismatch/resolution`);
    expect((await ask(id)).status, 'nobody knows what is due').to.equal(409);
    const decisions = await Promise.all([1, 2, 3].map(() => decide(id, 'accept')));
    expect(decisions.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    const next = await race.linkOf(idOf(id, 3));
    await race.rest();
    expect(await shown(id)).to.deep.include({ status: 'in_fulfilment' });
    expect((await shown(id))['payment']).to.deep.include({ captured: eur(700), link: next });
    expect(race.data(`payment-${idOf(id, 3)}`, 'PaymentOpened')[0]).to.deep.include({ amount: eur(300) });
    expect(await tasks('mismatch')).to.equal(0);
    expect(await book()).to.deep.equal({ rows: [['payments', 700, 700]], texts: [] });
    expect(await race.reconcile('day')).to.deep.equal({ mended: 0, opened: 0 });
    expect(await race.pay(next)).to.equal('paid');
    await race.rest();
    expect((await shown(id))['payment']).to.deep.include({ status: 'paid', captured: eur(1_000) });
    expect(count(id, 'PaymentCaptured')).to.equal(1);
    expect((await decide(id, 'reject')).status, 'it counts').to.equal(409);
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_000, refunded: 0, balance: 1_000 });
  });

  it('more comes for an order that is completed, and is accepted: what is too much goes back', async () => {
    const id = await paidLater('more', { amount: 1_300 });
    await kitchen(id, 'bump');
    await kitchen(id, 'hand-over', { to: 'customer' });
    await race.reaches(id, 'fulfilled');
    expect((await race.request('POST', `/v1/orders/${id}/completion`)).status).to.equal(200);
    await race.rest();
    expect(await tasks('mismatch')).to.equal(1);
    expect((await decide(id, 'accept')).status).to.equal(200);
    await race.refunded(300);
    await race.rest();
    expect((await shown(id))['payment']).to.deep.include({ captured: eur(1_300) });
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_300, refunded: 300, balance: 1_000 });
    expect([await tasks('mismatch'), (await book()).texts]).to.deep.equal([0, []]);
  });

  it('another amount comes for a difference, in another currency: it cannot count, goes back, and the difference is asked for anew', async () => {
    const id = await race.place('dearer');
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await race.reaches(id, 'in_fulfilment');
    const more = { add: [{ sku: 'cake', quantity: 1 }] };
    const headers = { 'if-match': '*', 'idempotency-key': randomUUID(), prefer: 'wait=30' };
    expect((await race.request('POST', `/v1/orders/${id}/amendments`, { body: more, headers })).status).to.equal(201);
    await pays(id, { amount: 1_000, currency: 'usd' });
    const refused = await decide(id, 'accept');
    expect([refused.status, refused.body['paid']]).to.deep.equal([409, { amount: 1_000, currency: 'USD' }]);
    expect((await decide(id, 'reject')).status).to.equal(200);
    const again = await ask(id);
    expect([again.status, again.body['paymentId'], again.body['amount']]).to.deep.equal([201, idOf(id, 3), eur(1_000)]);
    expect(await race.pay(String(again.body['link']))).to.equal('paid');
    await race.rest();
    expect((await shown(id))['payment']).to.deep.include({ status: 'paid', captured: eur(2_000) });
    const { usd, eur: euros } = (await race.ledger()).currencies;
    expect([usd?.balance, euros?.balance]).to.deep.equal([0, 2_000]);
    expect([await tasks('mismatch'), (await book()).texts]).to.deep.equal([0, []]);
  });

  it('one accepts, one rejects and the order is called off, all at once: it goes back once, or counts and goes back', async () => {
    for (const key of ['a', 'b', 'c']) {
      const id = await paidLater(key, { amount: 700 });
      const off = race.request('POST', `/v1/orders/${id}/cancellations`, {
        body: { reason: 'no soup' },
        headers: { 'idempotency-key': key },
      });
      const decisions = [decide(id, 'accept'), decide(id, 'reject'), decide(id, 'accept')];
      for (const { status, text } of await Promise.all(decisions)) expect(status, text).to.be.oneOf([200, 409]);
      expect((await off).status).to.be.oneOf([200, 202]);
      await race.reaches(id, 'cancelled');
      await race.rest();
      expect(count(id, 'RefundSucceeded'), types(id).join()).to.equal(1);
      expect(await tasks('mismatch')).to.equal(0);
    }
    expect((await race.ledger()).currencies['eur']).to.deep.include({ charged: 2_100, balance: 0 });
    expect((await book()).texts).to.deep.equal([]);
  });

  it('it is rejected, and its refund fails: it is given back once more, by whoever decides again', async () => {
    const id = await paidLater('astray', { amount: 700 });
    expect((await decide(id, 'reject')).status).to.equal(200);
    await race.refunded(700);
    await race.rest();
    const [gone] = race.data(`payment-${idOf(id, 2)}`, 'RefundSubmitted');
    const failure = { status: 'failed', failureReason: 'lost_or_stolen_card' };
    await race.atTheProvider(`/simulator/refunds/${String(gone?.['providerRefundId'])}`, failure);
    await until('somebody is told', async () => (await tasks('refund_failed')) === 1);
    expect((await decide(id, 'accept')).status, 'it was not wanted').to.equal(409);
    const answers = await Promise.all([decide(id, 'reject'), decide(id, 'reject')]);
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
    await until('it went', () => count(id, 'RefundSucceeded') === 2);
    await race.rest();
    expect([await tasks('refund_failed'), await tasks('mismatch')]).to.deep.equal([0, 0]);
    expect((await race.ledger()).currencies['eur']).to.deep.include({ charged: 700, balance: 0 });
    expect(race.types(`order-${id}`))
      .not.to.include('RefundApplied')
      .and.not.to.include('RefundFailedNoted');
    expect(await race.reconcile('day')).to.deep.equal({ mended: 0, opened: 0 });
  });

  it('less is held, and accepted while the order is held for something else: it is taken once that is decided', async () => {
    await terms({ captureMode: 'manual' });
    race.script({ payments: { amount: 700 } });
    const id = await race.place('held');
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await race.reaches(id, 'on_hold');
    await race.rest();
    const early = await decide(id, 'accept', 1);
    expect([early.status, early.body['current']]).to.deep.equal([409, 'on_hold']);
    const hold = () => race.request('POST', `/v1/orders/${id}/hold`, { body: { reason: 'who is that?' } });
    const resolve = () =>
      race.request('POST', `/v1/orders/${id}/hold/resolution`, {
        body: { decision: 'accept' },
        headers: { 'idempotency-key': randomUUID() },
      });
    // as if the order was held when the word of it came: whoever heard that then leaves it to the decision
    race.discard('money-held', 'PaymentAuthorized');
    expect([(await resolve()).status, (await hold()).status]).to.deep.equal([200, 201]);
    await until('it is held for us', () => types(id, 1).includes('PaymentAuthorized'));
    await race.rest();
    expect((await resolve()).status).to.equal(200);
    expect(await race.pay(await race.linkOf(idOf(id, 2)))).to.equal('paid');
    await race.reaches(id, 'confirmed', 'in_fulfilment');
    await race.rest();
    expect(types(id, 1)).to.include('PaymentCaptured');
    expect((await race.ledger()).currencies['eur']).to.deep.include({ charged: 1_000, balance: 1_000 });
  });
});
