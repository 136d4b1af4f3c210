import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { enterRace, type RaceHouse } from './house.js';

const CONFIRMED = ['confirmed', 'in_fulfilment', 'fulfilled'] as const;
const TIME_TO_PAY_MINUTES = 30;
/** How far machines are ahead of the provider, whose clock is right; the others are behind. */
const [AHEAD, HEARING, WORKING] = [10, -2, -4];
/** More than a provider that does not answer holds up the end of an order. */
const FAR_AHEAD = 40;
const SOME_TRIES_MS = 300;
const A_MINUTE_MS = 60_000;

const paymentOf = (id: string): string => `payment-${paymentIdOf(id as OrderId, 1)}`;

describe('machines whose clocks differ', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  let ahead: Pick<RaceHouse, 'request'>;
  beforeEach(async () => {
    // orders come to one machine, webhooks to another; a third one works, and what is due is for the database to say
    race = await enterRace({ simulateKitchen: false, skews: { api: HEARING, program: WORKING } });
    await race.article('soup', 9);
    ahead = await race.onAnotherMachine(AHEAD);
  });
  afterEach(() => race.leave());

  async function place(key: string): Promise<string> {
    const answer = await ahead.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }] },
      headers: { 'idempotency-key': key },
    });
    expect(answer.status, answer.text).to.equal(201);
    return String(answer.body['id']);
  }
  const dueAt = (id: string): string => String(race.data(`order-${id}`, 'OrderAccepted')[0]?.['paymentDueAt']);
  /** The history over HTTP, in the order in which it is told. */
  const timeline = async (id: string) =>
    (await race.request('GET', `/v1/orders/${id}/timeline`)).body['items'] as readonly {
      readonly revision: number;
      readonly type: string;
      readonly at: string;
    }[];

  it('an order has until the one time that was written down, whoever looks at it: it is paid before, or expires then', async () => {
    const began = Date.now();
    const [early, late, never] = [await place('early'), await place('late'), await place('never')];
    const links = await Promise.all([early, late, never].map((id) => race.link(id)));
    // as whoever took the order said, whose word is the later one
    const leftMs = Date.parse(dueAt(never)) - began;
    expect(leftMs / A_MINUTE_MS).to.be.within(TIME_TO_PAY_MINUTES + AHEAD, TIME_TO_PAY_MINUTES + AHEAD + 1);
    expect(await race.pay(links[0] ?? '')).to.equal('paid');
    await race.reaches(early, ...CONFIRMED);

    race.forward(TIME_TO_PAY_MINUTES + AHEAD - 1);
    await race.rest();
    expect((await race.order(late)).status).to.equal('awaiting_payment');
    expect(await race.pay(links[1] ?? '')).to.equal('paid');
    await race.reaches(late, ...CONFIRMED);
    expect((await race.order(never)).status).to.equal('awaiting_payment');

    race.forward(2);
    await race.reaches(never, 'expired');
    await race.rest();
    expect((await race.ledger()).currencies['eur']).to.deep.include({ charged: 2_000, refunded: 0 });
    expect((await race.ledger()).sessions.open).to.equal(0);
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 9, reserved: 2 });
    for (const id of [early, late]) expect(race.types(`order-${id}`)).not.to.include('OrderExpired');
  });

  it('whoever fires a timer is ahead of everybody: no order ends before its time, nor without the word of the provider', async () => {
    const [paid, never] = [await race.place('paid'), await race.place('never')];
    const link = await race.link(paid);
    await race.link(never);
    await race.rest();
    race.takeOver(FAR_AHEAD);
    race.forward(TIME_TO_PAY_MINUTES + HEARING - 1);
    await race.rest();
    expect((await race.order(never)).status).to.equal('awaiting_payment');
    // nobody tells of a payment, and the provider does not answer: its word is waited for
    race.script({
      webhooks: { hold: true },
      calls: [{ path: '/v1/checkout/sessions', outcome: 'drop', times: 1_000_000 }],
    });
    expect(await race.pay(link)).to.equal('paid');
    race.forward(2);
    await sleep(SOME_TRIES_MS);
    for (const id of [paid, never]) expect((await race.order(id)).status).to.equal('awaiting_payment');
    race.script({ calls: [] });
    await race.reaches(paid, ...CONFIRMED);
    await race.reaches(never, 'expired');
    race.script({ webhooks: { hold: false } });
    await race.rest();
    expect((await race.ledger()).currencies['eur']).to.deep.include({ charged: 1_000, refunded: 0 });
  });

  it('what happened is told in the order in which it was stored, whatever the clocks of those who stored it said', async () => {
    const id = await place('history');
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await race.reaches(id, ...CONFIRMED);
    await race.rest();
    const told = await timeline(id);
    expect(told.map(({ revision }) => revision)).to.deep.equal(told.map((_, index) => index));
    expect(told.map(({ type }) => type).slice(0, 3)).to.deep.equal(['OrderPlaced', 'StockSecured', 'OrderAccepted']);
    expect(Date.parse(told[1]?.at ?? ''), 'its clock is behind').to.be.below(Date.parse(told[0]?.at ?? ''));
    expect(told.map(({ at }) => at)).not.to.deep.equal(told.map(({ at }) => at).toSorted());
  });

  it('a timer comes before the time that a decision gave: whoever fires it looks again then', async () => {
    const id = await place('held');
    await race.link(id);
    await race.rest();
    const first = dueAt(id);
    expect(
      (await ahead.request('POST', `/v1/orders/${id}/hold`, { body: { reason: 'who is that?' } })).status,
    ).to.equal(201);
    race.forward(20);
    // whoever was to set the next timer never hears of it: that of the first time is all there is
    race.forget('payment-deadline', 'OrderHoldResolved');
    const decided = await ahead.request('POST', `/v1/orders/${id}/hold/resolution`, {
      body: { decision: 'accept' },
      headers: { 'idempotency-key': 'decided' },
    });
    expect(decided.status, decided.text).to.equal(200);
    await race.rest();
    const due = String(race.data(`order-${id}`, 'OrderHoldResolved')[0]?.['paymentDueAt']);
    expect(Date.parse(due) - Date.parse(first)).to.be.within(19 * A_MINUTE_MS, 21 * A_MINUTE_MS);

    race.forward(21);
    await race.rest();
    expect((await race.order(id)).status, 'the first time is over').to.equal('awaiting_payment');
    race.forward(20);
    await race.reaches(id, 'expired');
    expect(race.types(paymentOf(id)).at(-1)).to.equal('PaymentClosed');
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 9, reserved: 0 });
  });

  it('a machine that is behind opens a page, and hears later than one that is ahead what became of it', async () => {
    const id = await race.place('behind');
    const link = await race.link(id);
    // the one that is ahead heard last of a card that was declined
    race.script({ webhooks: { hold: true } });
    expect(await race.pay(link, 'decline')).to.equal('declined');
    const read = await ahead.request('POST', `/v1/payments/${paymentOf(id).slice('payment-'.length)}/sync`, {
      headers: { prefer: 'wait=30' },
    });
    expect(read.status, read.text).to.equal(200);
    await race.rest();
    expect(race.types(paymentOf(id)).at(-1)).to.equal('PaymentAttemptFailed');
    race.script({ webhooks: { hold: false } });
    expect(await race.pay(link, 'process')).to.equal('processing');
    // the time to pay is over, and a slow payment is under way: its goods are kept for it
    await race.rest();
    expect(race.types(paymentOf(id)).at(-1)).to.equal('PaymentProcessing');
    race.forward(TIME_TO_PAY_MINUTES + 1);
    await race.rest();
    expect((await race.order(id)).status).to.equal('awaiting_payment');
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 9, reserved: 1 });
  });
});
