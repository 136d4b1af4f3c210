import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import type { Answer } from '../../support/inMemory/api.js';
import { enterRace, type RaceHouse } from './house.js';
import { paidUnheard, TIME_TO_PAY_MINUTES } from './unheard.js';

const CONFIRMED = ['confirmed', 'in_fulfilment', 'fulfilled'] as const;
const paymentOf = (id: string): string => `payment-${paymentIdOf(id as OrderId, 1)}`;

describe('paying races with everything else', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace();
    await race.article('soup', 5);
  });
  afterEach(() => race.leave());

  /** Whoever comes back from the payment page waits for what the provider says, and asks again where it has not answered. */
  async function comeBack(id: string): Promise<Answer> {
    for (;;) {
      const path = `/v1/payments/${paymentOf(id).slice('payment-'.length)}/sync`;
      const answer = await race.request('POST', path, { headers: { prefer: 'wait=30' } });
      if (answer.status !== 202) return answer;
    }
  }

  /** One capture, counted once by its order, and the provider has exactly that money, in cents, of all orders. */
  async function paidOnce(id: string, charged = 1_000): Promise<void> {
    await race.rest();
    expect(race.types(paymentOf(id)).filter((type) => type === 'PaymentCaptured')).to.have.length(1);
    expect(race.types(`order-${id}`).filter((type) => type === 'PaymentApplied')).to.have.length(1);
    expect((await race.order(id)).payment.captured.amount).to.equal(1_000);
    expect((await race.ledger()).currencies['eur']).to.deep.include({ charged, refunded: 0 });
  }

  it('a declined card ends nothing: the payer tries again by the same link', async () => {
    const id = await race.place('declined');
    const link = await race.link(id);
    expect(await race.pay(link, 'decline')).to.equal('declined');
    await race.rest();
    expect(race.types(paymentOf(id)).at(-1)).to.equal('PaymentAttemptFailed');
    expect((await race.order(id)).status).to.equal('awaiting_payment');
    expect(await race.pay(link)).to.equal('paid');
    await race.reaches(id, ...CONFIRMED);
    await paidOnce(id);
  });

  it('a webhook that is late is not missed: the provider is asked, and the webhook finds nothing new', async () => {
    const id = await race.place('late-webhook');
    const link = await race.link(id);
    race.script({ webhooks: { hold: true } });
    expect(await race.pay(link)).to.equal('paid');
    await race.rest();
    expect((await race.order(id)).status).to.equal('awaiting_payment');
    race.forward(3);
    await race.reaches(id, ...CONFIRMED);
    expect(race.data(paymentOf(id), 'PaymentCaptured')[0]).to.deep.include({ seenBy: 'poll' });
    race.script({ webhooks: { hold: false } });
    await paidOnce(id);
  });

  it('webhooks that come three times, newest first, together with whoever asks, count once', async () => {
    const id = await race.place('many-words');
    const link = await race.link(id);
    race.script({ webhooks: { hold: true } });
    expect(await race.pay(link, 'decline')).to.equal('declined');
    expect(await race.pay(link)).to.equal('paid');
    race.script({ webhooks: { copies: 3, order: 'newest_first', hold: false } });
    const answers = await Promise.all(Array.from({ length: 5 }, () => comeBack(id)));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    await race.reaches(id, ...CONFIRMED);
    await paidOnce(id);
    expect(race.types(paymentOf(id)).at(-1), 'nothing older comes after it').to.equal('PaymentCaptured');
  });

  it('money comes before our request for its payment page is answered', async () => {
    race.script({ calls: [{ method: 'POST', path: '/v1/checkout/sessions', answerAfterMs: 700 }] });
    const id = await race.place('overtaken');
    const session = await race.sessionAtTheProvider();
    expect(race.types(paymentOf(id))).to.deep.equal(['PaymentOpened']);
    expect(await race.pay(session)).to.equal('paid');
    await race.reaches(id, ...CONFIRMED);
    expect(race.types(paymentOf(id))).to.deep.equal(['PaymentOpened', 'PaymentCaptured']);
    await race.rest();
    await paidOnce(id);
    expect(race.types(paymentOf(id))).to.deep.equal(['PaymentOpened', 'PaymentCaptured', 'CheckoutSessionCreated']);
  });

  it('the time to pay is over while a payment is complete that nobody told of: it is paid', async () => {
    const id = await race.place('last-second');
    const link = await race.link(id);
    race.script({ webhooks: { hold: true } });
    expect(await race.pay(link)).to.equal('paid');
    race.forward(TIME_TO_PAY_MINUTES);
    await race.reaches(id, ...CONFIRMED);
    expect(race.types(`order-${id}`)).not.to.include('OrderExpired');
    await paidOnce(id);
  });

  it('payers come in the very moment in which their time is over: each order is paid, or over with nothing taken', async () => {
    // before the time is over, at different moments while the orders are ended, and after they have
    const moments = ['before', 0, 4, 12, 'after'] as const;
    const ids = await Promise.all(moments.map((moment) => race.place(`pays-${moment}`)));
    const links = await Promise.all(ids.map((id) => race.link(id)));
    // nobody tells of a payment: whoever ends the order has to find out whether the payer was faster
    race.script({ webhooks: { hold: true } });
    const early = await race.pay(links[0] ?? '');
    // the provider itself closes a session only some minutes later
    race.forward(TIME_TO_PAY_MINUTES);
    const late = await Promise.all(
      moments.slice(1).map(async (moment, index) => {
        if (moment === 'after') await race.reaches(ids.at(-1) ?? '', 'expired');
        else await sleep(Number(moment));
        return await race.pay(links[index + 1] ?? '');
      }),
    );
    const results = [early, ...late];
    expect([results[0], results.at(-1)]).to.deep.equal(['paid', 'expired']);
    const ends = await Promise.all(ids.map((id) => race.reaches(id, 'expired', ...CONFIRMED)));
    race.script({ webhooks: { hold: false } });
    await race.rest();
    ends.forEach(({ status }, index) => {
      expect(status === 'expired', `${String(results[index])} and ${status}`).to.equal(results[index] !== 'paid');
    });
    const paid = results.filter((result) => result === 'paid').length;
    const { currencies, sessions } = await race.ledger();
    expect(currencies['eur']).to.deep.equal({ charged: 1_000 * paid, refunded: 0, balance: 1_000 * paid });
    expect(sessions.open).to.equal(0);
    expect((await race.shelf('soup')).reserved).to.be.at.most(paid);
  });

  it('webhook, return page and poll come together: one of them is the first, and the others find nothing new', async () => {
    const id = await race.place('all-together');
    const link = await race.link(id);
    race.script({ webhooks: { hold: true } });
    expect(await race.pay(link)).to.equal('paid');
    await race.rest();
    race.forward(3);
    race.script({ webhooks: { hold: false, copies: 2 } });
    const returned = await Promise.all([1, 2].map(() => comeBack(id)));
    expect(returned.map(({ body }) => body['status'])).to.deep.equal(['captured', 'captured']);
    await race.reaches(id, ...CONFIRMED);
    await paidOnce(id);
    expect(race.data(paymentOf(id), 'PaymentCaptured')[0]?.['seenBy']).to.be.oneOf(['webhook', 'return', 'poll']);
  });

  it('of webhook, return page and poll each may be the first: it is named, and the two others find nothing new', async () => {
    const words = {
      webhook: () => Promise.resolve(race.script({ webhooks: { hold: false, copies: 2 } })),
      return: comeBack,
      poll: () => Promise.resolve(race.forward(3)),
    };
    const names = Object.keys(words) as (keyof typeof words)[];
    for (const [before, first] of names.entries()) {
      race.script({ webhooks: { hold: true, copies: 1 } });
      const id = await race.place(`first-${first}`);
      expect(await race.pay(await race.link(id))).to.equal('paid');
      await race.rest();
      expect((await race.order(id)).status, first).to.equal('awaiting_payment');
      for (const word of [first, ...names.filter((name) => name !== first)]) {
        await words[word](id);
        await race.reaches(id, ...CONFIRMED);
      }
      await paidOnce(id, 1_000 * (before + 1));
      expect(race.data(paymentOf(id), 'PaymentCaptured')[0]).to.deep.include({ seenBy: first });
    }
  });

  it('no webhook comes: the browser that comes back from the payment page is enough, and may come back again', async () => {
    const id = await race.place('came-back');
    const link = await race.link(id);
    const payment = paymentOf(id).slice('payment-'.length);
    const comeBack = () => race.request('GET', `/v1/payments/${payment}/return`);
    race.script({ webhooks: { hold: true } });
    expect((await comeBack()).status, 'before it is paid').to.equal(303);
    await race.rest();
    expect((await race.order(id)).status).to.equal('awaiting_payment');
    expect(await race.pay(link)).to.equal('paid');
    const answers = await Promise.all([comeBack(), comeBack(), comeBack()]);
    for (const { status, headers } of answers) {
      expect([status, headers.get('location')]).to.deep.equal([303, `/v1/orders/${id}`]);
    }
    await race.reaches(id, ...CONFIRMED);
    expect(race.data(paymentOf(id), 'PaymentCaptured')[0]).to.deep.include({ seenBy: 'return' });
    race.script({ webhooks: { hold: false } });
    await paidOnce(id);
  });

  it('the order expired without a word of the provider, and was paid all the same: all of it goes back', async () => {
    const id = await race.place('unheard');
    await paidUnheard(race, id);
    expect((await race.shelf('soup')).reserved).to.equal(0);
    race.script({ webhooks: { hold: false }, calls: [] });
    await race.refunded(1_000);
    await race.rest();
    expect(race.data(paymentOf(id), 'PaymentCaptured')[0]).to.deep.include({ late: true });
    expect(race.data(`order-${id}`, 'RefundDue').map(({ reason }) => reason)).to.deep.equal(['late_payment']);
    expect(race.types(`order-${id}`).at(-1)).to.equal('RefundApplied');
    expect((await race.order(id)).status).to.equal('expired');
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_000, refunded: 1_000, balance: 0 });
  });

  it('a customer pays in two tabs: by one session once, and what a second payment brings beyond the total goes back', async () => {
    const { revision: _, locationId: __, ...terms } = (await race.request('GET', '/v1/locations/main')).body;
    const changed = await race.request('PUT', '/v1/locations/main', {
      body: { ...terms, payLater: true, reason: 'regulars' },
      headers: { 'if-match': '*' },
    });
    expect(changed.status, changed.text).to.equal(200);
    const id = await race.place('two-tabs');
    const first = await race.link(id);
    // confirmed without its money, the order has a link that stays good, and may be asked to pay by another one
    expect((await race.request('POST', `/v1/orders/${id}/pay-later`)).status).to.equal(200);
    const asked = await race.request('POST', `/v1/orders/${id}/payments`, {
      headers: { 'idempotency-key': 'another-tab' },
    });
    expect([asked.status, asked.body['amount']]).to.deep.equal([201, { amount: 1_000, currency: 'EUR' }]);
    const second = await race.linkOf(String(asked.body['paymentId']));
    const results = await Promise.all([first, first, second].map((link) => race.pay(link)));
    expect(results.filter((result) => result === 'paid')).to.have.length(2);
    await race.refunded(1_000);
    await race.rest();
    expect(race.data(`order-${id}`, 'RefundDue').map(({ reason }) => reason)).to.deep.equal(['overpaid']);
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 2_000, refunded: 1_000, balance: 1_000 });
    expect((await race.order(id)).payment).to.deep.include({ status: 'overpaid' });
  });

  it('two orders want the last unit: one is accepted, the other is told what is short', async () => {
    await race.article('cake', 1);
    const ids = await Promise.all(['one', 'two'].map((key) => race.place(key, 'cake')));
    const ends = await Promise.all(ids.map((id) => race.reaches(id, 'awaiting_payment', 'rejected')));
    expect(ends.map(({ status }) => status).sort()).to.deep.equal(['awaiting_payment', 'rejected']);
    const refused = ids[ends.findIndex(({ status }) => status === 'rejected')] ?? '';
    const { rejection } = (await race.request('GET', `/v1/orders/${refused}`)).body as {
      rejection?: { readonly reasons: readonly object[] };
    };
    expect(rejection?.reasons).to.have.length(1);
    expect(rejection?.reasons[0]).to.deep.include({ type: 'insufficient-stock', sku: 'cake', wanted: 1, available: 0 });
    expect(await race.shelf('cake')).to.deep.equal({ onHand: 1, reserved: 1 });
  });
});
