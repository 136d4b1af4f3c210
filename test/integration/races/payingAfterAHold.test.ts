import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

/** The page at the provider is closed some minutes after the time to pay. */
const UNTIL_THE_PAGE_CLOSES_MINUTES = 45;
const TIME_TO_PAY_MINUTES = 30;
const CONFIRMED = ['confirmed', 'in_fulfilment', 'fulfilled'] as const;
const paymentOf = (id: string, ordinal = 1): string => paymentIdOf(id as OrderId, ordinal);

describe('an order that is held before it is paid', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace();
    await race.article('soup', 9);
  });
  afterEach(() => race.leave());

  const types = (id: string, ordinal = 1): readonly string[] => race.types(`payment-${paymentOf(id, ordinal)}`);
  const decide = (id: string, decision: 'accept' | 'reject' = 'accept') =>
    race.request('POST', `/v1/orders/${id}/hold/resolution`, {
      body: { decision },
      headers: { 'idempotency-key': randomUUID() },
    });
  async function hold(id: string): Promise<void> {
    const answer = await race.request('POST', `/v1/orders/${id}/hold`, {
      body: { reason: 'is that the right address?' },
    });
    expect(answer.status, answer.text).to.equal(201);
    expect(answer.body['payment']).not.to.have.property('link');
  }
  /** An order whose payment page was there, and whoever has it before them. */
  async function heldOrder(key: string): Promise<readonly [id: string, page: string]> {
    const id = await race.place(key);
    const page = await race.link(id);
    await race.rest();
    await hold(id);
    return [id, page];
  }
  /** Captured once, by that payment, and everything else that was asked for is over. */
  async function paidOnce(id: string, ordinal: number): Promise<void> {
    await race.reaches(id, ...CONFIRMED);
    await race.rest();
    expect(race.data(`order-${id}`, 'PaymentApplied').map(({ paymentId }) => paymentId)).to.deep.equal([
      paymentOf(id, ordinal),
    ]);
    expect(race.types(`order-${id}`))
      .not.to.include('OrderExpired')
      .and.not.to.include('RefundDue');
    const { currencies, sessions } = await race.ledger();
    expect(currencies['eur']).to.deep.equal({ charged: 1_000, refunded: 0, balance: 1_000 });
    expect(sessions.open).to.equal(0);
  }

  it('its page is closed meanwhile, and it goes on: another page is there, and it is paid by that', async () => {
    const [id, dead] = await heldOrder('held');
    race.forward(UNTIL_THE_PAGE_CLOSES_MINUTES);
    await until('the page is closed', () => types(id).at(-1) === 'PaymentClosed');
    await race.rest();
    expect((await race.order(id)).status).to.equal('on_hold');

    const decided = await decide(id);
    expect(decided.status, decided.text).to.equal(200);
    expect(decided.body['status']).to.equal('awaiting_payment');
    expect(decided.body['payment'], 'nobody is sent to the closed page').not.to.have.property('link');
    const page = await race.link(id);
    expect(page).not.to.equal(dead);
    expect(await race.pay(dead)).to.equal('expired');
    const headers = { 'idempotency-key': 'pay' };
    const asked = await race.request('POST', `/v1/orders/${id}/payments`, { headers });
    expect([asked.status, asked.body['paymentId'], asked.body['link']]).to.deep.equal([200, paymentOf(id, 2), page]);
    race.forward(TIME_TO_PAY_MINUTES - 1);
    await race.rest();
    expect(await race.pay(page)).to.equal('paid');
    await paidOnce(id, 2);
    expect((await race.order(id)).payment).not.to.have.property('link');
  });

  it('nobody pays by the other page either: it expires once that time is over, and leaves nothing open', async () => {
    const [id] = await heldOrder('never');
    race.forward(UNTIL_THE_PAGE_CLOSES_MINUTES);
    await race.rest();
    expect((await decide(id)).status).to.equal(200);
    await race.link(id);
    race.forward(TIME_TO_PAY_MINUTES - 1);
    await race.rest();
    expect((await race.order(id)).status, 'its time has not come').to.equal('awaiting_payment');
    race.forward(1);
    await race.reaches(id, 'expired');
    await race.rest();
    expect([types(id).at(-1), types(id, 2).at(-1)]).to.deep.equal(['PaymentClosed', 'PaymentClosed']);
    expect((await race.ledger()).sessions.open).to.equal(0);
    expect((await race.shelf('soup')).reserved).to.equal(0);
  });

  it('its page is still open: that stays good, and no other is asked for', async () => {
    const [id, page] = await heldOrder('quick');
    race.forward(TIME_TO_PAY_MINUTES - 1);
    await race.rest();
    expect((await decide(id)).status).to.equal(200);
    await race.rest();
    expect(await race.link(id)).to.equal(page);
    expect(race.types(`order-${id}`)).not.to.include('PaymentRequested');
    race.forward(1);
    await race.rest();
    expect(await race.pay(page)).to.equal('paid');
    await paidOnce(id, 1);
  });

  it('its page closes after it went on, while there is time: another page is there', async () => {
    const [id, dead] = await heldOrder('just-before');
    race.forward(TIME_TO_PAY_MINUTES - 1);
    await race.rest();
    expect((await decide(id)).status).to.equal(200);
    race.forward(UNTIL_THE_PAGE_CLOSES_MINUTES - TIME_TO_PAY_MINUTES);
    await until('another page', async () => ![undefined, dead].includes((await race.order(id)).payment.link));
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await paidOnce(id, 2);
  });

  it('is decided on at the moment at which its page closes: one other page, whichever comes first', async () => {
    const waits = [0, 2, 5, 10, 25] as const;
    const ids: string[] = [];
    for (const wait of waits) ids.push((await heldOrder(`moment-${wait}`))[0]);
    race.script({ webhooks: { hold: true } });
    race.forward(UNTIL_THE_PAGE_CLOSES_MINUTES);
    await race.rest();
    race.script({ webhooks: { hold: false, copies: 2 } });
    await Promise.all(
      ids.map(async (id, index) => {
        await sleep(waits[index] ?? 0);
        expect((await decide(id)).status).to.equal(200);
      }),
    );
    for (const id of ids) {
      await race.link(id);
      await until('the second page', () => types(id, 2).includes('CheckoutSessionCreated'));
    }
    await race.rest();
    for (const id of ids) {
      expect(race.data(`order-${id}`, 'PaymentRequested').map(({ paymentId }) => paymentId)).to.deep.equal([
        paymentOf(id, 2),
      ]);
      expect(await race.pay(await race.link(id))).to.equal('paid');
    }
    await Promise.all(ids.map((id) => race.reaches(id, ...CONFIRMED)));
    await race.rest();
    expect((await race.ledger()).currencies['eur']).to.deep.include({ charged: 1_000 * ids.length, refunded: 0 });
  });

  it('is held, goes on and is held again, over three pages: it is paid by the last', async () => {
    const [id] = await heldOrder('again-and-again');
    const pages = new Set<string>();
    for (let times = 1; times <= 2; times += 1) {
      race.forward(UNTIL_THE_PAGE_CLOSES_MINUTES);
      await race.rest();
      expect((await decide(id)).status).to.equal(200);
      pages.add(await race.link(id));
      await race.rest();
      if (times === 1) await hold(id);
    }
    expect(pages.size).to.equal(2);
    expect(await race.pay([...pages].at(-1) ?? '')).to.equal('paid');
    await paidOnce(id, 3);
  });

  it('goes on with less before its page is there: nobody pays by one that asks for all of it', async () => {
    await race.article('cake', 9);
    const find = race.lose('payment.order-accepted');
    const id = await race.place('less', ['soup', 'cake']);
    await race.reaches(id, 'awaiting_payment');
    await hold(id);
    const [line] = (await race.order(id)).lines.filter(({ sku }) => sku === 'cake');
    const decided = await race.request('POST', `/v1/orders/${id}/hold/resolution`, {
      body: { decision: 'amend', lines: [{ lineId: line?.lineId, qty: 1 }] },
      headers: { 'idempotency-key': 'less' },
    });
    expect(decided.status, decided.text).to.equal(200);
    await race.rest();
    find();
    await until('the second page', () => types(id, 2).includes('CheckoutSessionCreated'));
    await race.rest();
    expect(types(id).at(-1)).to.equal('PaymentClosed');
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await paidOnce(id, 2);
  });

  it('is called off after it went on: neither page can be paid any more', async () => {
    const [id, first] = await heldOrder('called-off');
    race.forward(UNTIL_THE_PAGE_CLOSES_MINUTES);
    await race.rest();
    expect((await decide(id)).status).to.equal(200);
    const second = await race.link(id);
    const called = await race.request('POST', `/v1/orders/${id}/cancellations`, {
      body: { reason: 'enough' },
      headers: { 'idempotency-key': 'off' },
    });
    expect(called.status, called.text).to.equal(200);
    await until('the second one is over', () => types(id, 2).at(-1) === 'PaymentClosed');
    expect([await race.pay(first), await race.pay(second)]).to.deep.equal(['expired', 'expired']);
  });

  it('nobody sees that its page is closed: whoever asks for the payment gets another page, one for all who ask', async () => {
    const [id, dead] = await heldOrder('by-hand');
    race.forward(TIME_TO_PAY_MINUTES - 1);
    await race.rest();
    expect((await decide(id)).status).to.equal(200);
    await race.rest();
    race.forget('payment-deadline', 'PaymentClosed');
    race.forward(UNTIL_THE_PAGE_CLOSES_MINUTES - TIME_TO_PAY_MINUTES);
    await until('the page is closed', () => types(id).at(-1) === 'PaymentClosed');
    await race.rest();
    expect((await race.order(id)).payment.link, 'nobody has looked').to.equal(dead);
    const ask = (key: string) =>
      race.request('POST', `/v1/orders/${id}/payments`, { headers: { 'idempotency-key': key, prefer: 'wait=20' } });
    const answers = await Promise.all(['one', 'two', 'three'].map(ask));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 201]);
    const page = await race.link(id);
    for (const { body } of [...answers, await ask('two')]) {
      expect([body['paymentId'], body['link']]).to.deep.equal([paymentOf(id, 2), page]);
    }
    expect(await race.pay(page)).to.equal('paid');
    await paidOnce(id, 2);
  });
});
