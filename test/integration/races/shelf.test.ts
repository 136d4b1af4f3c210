import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

const DECIDE_WITHIN_MINUTES = 10;

describe('what is on the shelf changes after it was ordered', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 3);
    await race.article('cake', 3);
  });
  afterEach(() => race.leave());

  const count = async (sku: string, counted: number): Promise<void> => {
    const answer = await race.request('POST', `/v1/stock/${sku}/main/adjustments`, {
      body: { counted, reason: 'the lower shelf was empty' },
      headers: { 'if-match': '*' },
    });
    expect(answer.status, answer.text).to.be.oneOf([200, 201]);
    await race.rest();
  };
  const decide = (id: string, body: object) =>
    race.request('POST', `/v1/orders/${id}/hold/resolution`, { body, headers: { 'idempotency-key': randomUUID() } });
  const tasks = async (kind: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    (await race.request('GET', `/v1/tasks?kind=${kind}`)).body['items'] as readonly Readonly<Record<string, unknown>>[];
  const statuses = (ids: readonly string[]) => Promise.all(ids.map(async (id) => (await race.order(id)).status));

  /** One paid order, then one unpaid, then another unpaid. */
  async function three(): Promise<readonly [string, string, string]> {
    const paid = await race.place('paid');
    expect(await race.pay(await race.link(paid))).to.equal('paid');
    await race.reaches(paid, 'in_fulfilment');
    const older = await race.place('older');
    await race.link(older);
    const newest = await race.place('newest');
    await race.link(newest);
    await race.rest();
    return [paid, older, newest];
  }

  it('fewer are counted than are promised: the newest unpaid order is held first, and goes on when there are more', async () => {
    const [paid, older, newest] = await three();
    const link = await race.link(newest);
    await count('soup', 2);
    expect(await statuses([paid, older, newest])).to.deep.equal(['in_fulfilment', 'awaiting_payment', 'on_hold']);
    expect(race.data(`order-${newest}`, 'OrderHeld')[0]).to.deep.include({
      kind: 'shortage',
      detail: 'soup is not there any more',
      resumeTo: 'awaiting_payment',
    });
    expect((await tasks('hold')).map(({ about }) => about)).to.deep.equal([{ orderId: newest }]);
    // whoever pays meanwhile has paid, and waits all the same
    expect(await race.pay(link)).to.equal('paid');
    await race.rest();
    expect((await race.order(newest)).status).to.equal('on_hold');
    await count('soup', 3);
    expect((await decide(newest, { decision: 'accept' })).status).to.equal(200);
    await race.reaches(newest, 'in_fulfilment');
    await race.rest();
    expect(await tasks('hold')).to.deep.equal([]);
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 3, reserved: 3 });
  });

  it('still fewer are counted: after the unpaid orders the newest of those is held that are paid and not yet with the kitchen', async () => {
    const unpaid = await race.place('unpaid');
    await race.link(unpaid);
    const find = race.lose('kitchen.order-confirmed');
    const paid: string[] = [];
    for (const key of ['first', 'second']) {
      const id = await race.place(key);
      expect(await race.pay(await race.link(id))).to.equal('paid');
      await race.reaches(id, 'confirmed');
      paid.push(id);
    }
    const [first = '', second = ''] = paid;
    await count('soup', 2);
    expect(await statuses([unpaid, first, second]), 'it is the oldest').to.deep.equal([
      'on_hold',
      'confirmed',
      'confirmed',
    ]);
    await count('soup', 1);
    expect(await statuses([unpaid, first, second])).to.deep.equal(['on_hold', 'confirmed', 'on_hold']);
    expect(race.data(`order-${second}`, 'OrderHeld')[0]).to.deep.include({ kind: 'shortage', resumeTo: 'confirmed' });
    expect((await tasks('hold')).map(({ about }) => about)).to.have.deep.members([
      { orderId: unpaid },
      { orderId: second },
    ]);
    for (const id of [unpaid, second]) {
      expect((await decide(id, { decision: 'reject', reason: 'sold out' })).status).to.equal(200);
    }
    find();
    await race.reaches(first, 'in_fulfilment');
    await race.rest();
    expect(await statuses([unpaid, second])).to.deep.equal(['rejected', 'cancelled']);
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 1, reserved: 1 });
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 2_000, refunded: 1_000, balance: 1_000 });
  });

  it('nobody decides: who is held ends, nothing is kept of them, and the rest can be served', async () => {
    const [paid, older, newest] = await three();
    const links = [await race.link(older), await race.link(newest)];
    expect(await race.pay(links[1] ?? '')).to.equal('paid');
    await race.reaches(newest, 'in_fulfilment');
    await race.rest();
    await count('soup', 2);
    expect(await statuses([paid, older, newest])).to.deep.equal(['in_fulfilment', 'on_hold', 'in_fulfilment']);
    race.forward(DECIDE_WITHIN_MINUTES);
    await race.reaches(older, 'rejected');
    await race.rest();
    expect(await race.pay(links[0] ?? '')).not.to.equal('paid');
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 2, reserved: 2 });
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 2_000, refunded: 0, balance: 2_000 });
  });

  it('not even the paid ones can be served: each of them is a task that names its order, once', async () => {
    const [paid, older, newest] = await three();
    await count('soup', 0);
    expect(await statuses([paid, older, newest])).to.deep.equal(['in_fulfilment', 'on_hold', 'on_hold']);
    const about = (await tasks('shortfall')).map((task) => task['about']);
    expect(about).to.deep.include({ orderId: paid, sku: 'soup', locationId: 'main' });
    expect(about).to.deep.include({ sku: 'soup', locationId: 'main' });
    expect(about).to.have.length(2);
  });

  it('a count below what is promised comes together with payers: every order is held, or goes on, and all money is accounted for', async () => {
    const ids = await Promise.all(['a', 'b', 'c'].map((key) => race.place(key)));
    const links = await Promise.all(ids.map((id) => race.link(id)));
    await race.rest();
    await Promise.all([count('soup', 1), ...links.map((link) => race.pay(link))]);
    await race.rest();
    const ends = await statuses(ids);
    for (const status of ends) expect(status).to.be.oneOf(['on_hold', 'in_fulfilment']);
    const held = ids.filter((_, index) => ends[index] === 'on_hold');
    const made = ids.filter((id) => !held.includes(id));
    const named = (await tasks('shortfall')).map(({ about }) => (about as { orderId?: string }).orderId);
    // two of the three go without: each of them is held, or somebody is told of it
    expect(held.length + made.filter((id) => named.includes(id)).length).to.equal(2);
    for (const id of held) expect((await decide(id, { decision: 'reject', reason: 'sold out' })).status).to.equal(200);
    await race.rest();
    expect((await race.ledger()).currencies['eur']).to.deep.equal({
      charged: 3_000,
      refunded: 1_000 * held.length,
      balance: 1_000 * made.length,
    });
  });

  it('an article is suspended after it was ordered and before it was paid: the order goes on without it, and who paid for it gets that back', async () => {
    const id = await race.place('two-things', ['soup', 'cake']);
    const link = await race.link(id);
    expect((await race.request('PUT', '/v1/offers/cake/suspension', { body: { reason: 'sold out' } })).status).to.equal(
      200,
    );
    await race.reaches(id, 'on_hold');
    expect(race.data(`order-${id}`, 'OrderHeld')[0]).to.deep.include({ kind: 'shortage', detail: 'cake is sold out' });
    // the payer does not know of it yet
    expect(await race.pay(link)).to.equal('paid');
    await race.rest();
    const [line] = (await race.order(id)).lines.filter(({ sku }) => sku === 'cake');
    const amended = await decide(id, { decision: 'amend', lines: [{ lineId: line?.lineId, qty: 1 }] });
    expect(amended.status, amended.text).to.equal(200);
    await race.reaches(id, 'in_fulfilment');
    await race.rest();
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 2_000, refunded: 1_000, balance: 1_000 });
    expect(await race.shelf('cake')).to.deep.equal({ onHand: 3, reserved: 0 });
  });

  it('an article is suspended while the order is held for something else: it is held for that as soon as the other is decided, and once', async () => {
    const suspend = async (sku: string): Promise<void> => {
      const done = await race.request('PUT', `/v1/offers/${sku}/suspension`, { body: { reason: 'sold out' } });
      expect(done.status, done.text).to.equal(200);
      await race.rest();
    };
    const id = await race.place('looked-at', ['soup', 'cake']);
    await race.link(id);
    await race.rest();
    const held = await race.request('POST', `/v1/orders/${id}/hold`, { body: { reason: 'is that right?' } });
    expect(held.status, held.text).to.equal(201);
    await suspend('cake');
    const holds = () => race.data(`order-${id}`, 'OrderHeld').map(({ kind, detail }) => [kind, detail]);
    expect(holds()).to.have.length(1);
    expect((await decide(id, { decision: 'accept' })).status).to.equal(200);
    await race.rest();
    expect((await race.order(id)).status).to.equal('on_hold');
    expect(holds().at(-1)).to.deep.equal(['shortage', 'cake is sold out']);
    expect((await race.request('GET', `/v1/orders/${id}`)).body['hold']).to.have.keys(
      'kind',
      'detail',
      'decideBy',
      'resumeTo',
    );
    // held for the cake, it hears that there is no soup either
    await suspend('soup');
    const [cake] = (await race.order(id)).lines.filter(({ sku }) => sku === 'cake');
    expect((await decide(id, { decision: 'amend', lines: [{ lineId: cake?.lineId, qty: 1 }] })).status).to.equal(200);
    await race.rest();
    expect(holds().at(-1)).to.deep.equal(['shortage', 'soup is sold out']);
    // some soup was found after all: that was decided, and nobody is asked again
    expect((await decide(id, { decision: 'accept' })).status).to.equal(200);
    await race.rest();
    expect([holds().length, (await race.order(id)).status]).to.deep.equal([3, 'awaiting_payment']);
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await race.reaches(id, 'in_fulfilment');
    await race.rest();
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_000, refunded: 0, balance: 1_000 });
  });

  it('an article is suspended before it was paid, and the order goes on without it: its page is closed, and another one asks for the rest', async () => {
    const id = await race.place('less', ['soup', 'cake']);
    const dear = await race.link(id);
    expect((await race.request('PUT', '/v1/offers/cake/suspension', { body: { reason: 'sold out' } })).status).to.equal(
      200,
    );
    await race.reaches(id, 'on_hold');
    const [line] = (await race.order(id)).lines.filter(({ sku }) => sku === 'cake');
    const amended = await decide(id, { decision: 'amend', lines: [{ lineId: line?.lineId, qty: 1 }] });
    expect(amended.status, amended.text).to.equal(200);
    await until('another page', async () => ![undefined, dear].includes((await race.order(id)).payment.link));
    expect(await race.pay(dear)).to.equal('expired');
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await race.reaches(id, 'in_fulfilment');
    await race.rest();
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 1_000, refunded: 0, balance: 1_000 });
  });

  it('an article is suspended while it waits to be paid, for some and for others not: only they are held, once', async () => {
    const cake = await race.place('cake', ['cake']);
    const soup = await race.place('soup', ['soup']);
    const tomorrow = new Date(Date.now() + 20 * 3_600_000).toISOString();
    const placed = await race.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'cake', quantity: 1 }], promisedAt: tomorrow },
      headers: { 'idempotency-key': 'tomorrow' },
    });
    const then = String(placed.body['id']);
    for (const id of [cake, soup, then]) await race.reaches(id, 'awaiting_payment');
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const suspend = (body: object) => race.request('PUT', '/v1/offers/cake/suspension', { body });
    expect((await suspend({ reason: 'sold out', until })).status).to.equal(200);
    await race.rest();
    expect(await statuses([cake, soup, then])).to.deep.equal(['on_hold', 'awaiting_payment', 'awaiting_payment']);
    // one is found after all, and who knows that is not asked again
    expect((await decide(cake, { decision: 'accept' })).status).to.equal(200);
    expect((await suspend({ reason: 'sold out until the baker comes', until })).status).to.equal(200);
    await race.rest();
    expect(await statuses([cake, soup, then])).to.deep.equal([
      'awaiting_payment',
      'awaiting_payment',
      'awaiting_payment',
    ]);
    // the baker does not come
    expect((await suspend({ reason: 'sold out for good' })).status).to.equal(200);
    await race.rest();
    expect(await statuses([cake, soup, then])).to.deep.equal(['awaiting_payment', 'awaiting_payment', 'on_hold']);
  });

  it('an article is suspended after it was paid: whoever is at the stove calls its line off, and what it cost goes back', async () => {
    const id = await race.place('two-things', ['soup', 'cake']);
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await race.reaches(id, 'in_fulfilment');
    expect((await race.request('PUT', '/v1/offers/cake/suspension', { body: { reason: 'sold out' } })).status).to.equal(
      200,
    );
    const refused = await race.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'cake', quantity: 1 }] },
      headers: { 'idempotency-key': 'too-late' },
    });
    expect([refused.status, refused.body['type']]).to.deep.equal([409, '/problems/offer-unavailable']);
    const [line] = (await race.order(id)).lines.filter(({ sku }) => sku === 'cake');
    const dropped = await race.request('POST', `/v1/orders/${id}/cancellations`, {
      body: { reason: 'no cake', lines: [{ lineId: line?.lineId, qty: 1 }] },
      headers: { 'idempotency-key': 'off' },
    });
    expect(dropped.status, dropped.text).to.equal(200);
    await race.rest();
    expect((await race.order(id)).status).to.equal('in_fulfilment');
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 2_000, refunded: 1_000, balance: 1_000 });
    expect(await race.shelf('cake')).to.deep.equal({ onHand: 3, reserved: 0 });
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 3, reserved: 1 });
    // the ticket shows it, and the rest is made and handed over
    const ticket = `/v1/kitchen/tickets/${ticketIdOf(id as OrderId, 'main' as LocationId)}`;
    const items = (await race.request('GET', ticket)).body['items'] as readonly { readonly sku: string }[];
    expect(items.find(({ sku }) => sku === 'cake')).to.deep.include({ state: 'voided', voided: 1, quantity: 0 });
    expect(items.find(({ sku }) => sku === 'soup')).to.deep.include({ state: 'queued', quantity: 1 });
    for (const verb of ['bump', 'hand-over'])
      expect((await race.request('POST', `${ticket}/${verb}`)).status).to.equal(200);
    await race.reaches(id, 'fulfilled');
    await race.rest();
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 2, reserved: 0 });
  });

  it('an article is suspended while many order it: who did not pay is held, or was told, and pays nothing', async () => {
    const body = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'cake', quantity: 1 }] };
    const [suspended, ...answers] = await Promise.all([
      race.request('PUT', '/v1/offers/cake/suspension', { body: { reason: 'sold out' } }),
      ...['a', 'b', 'c', 'd', 'e'].map((key) =>
        race.request('POST', '/v1/orders', { body, headers: { 'idempotency-key': key } }),
      ),
      (async () => {
        await race.rest();
        return race.request('POST', '/v1/orders', { body, headers: { 'idempotency-key': 'late' } });
      })(),
    ]);
    expect(suspended?.status).to.equal(200);
    const late = answers.at(-1);
    expect([late?.status, late?.body['type']], late?.text).to.deep.equal([409, '/problems/offer-unavailable']);
    let accepted = 0;
    for (const answer of answers) {
      if (answer.status === 409) continue;
      expect(answer.status, answer.text).to.equal(201);
      const id = String(answer.body['id']);
      await race.reaches(id, 'awaiting_payment', 'on_hold', 'rejected');
      await race.rest();
      const { status } = await race.order(id);
      if (status === 'on_hold') {
        expect((await decide(id, { decision: 'reject', reason: 'sold out' })).status).to.equal(200);
        await race.reaches(id, 'rejected');
      }
      if (status !== 'awaiting_payment') continue;
      // it came in the very moment of the suspension: as good as paid before
      accepted += 1;
      expect(await race.pay(await race.link(id))).to.equal('paid');
      await race.reaches(id, 'in_fulfilment');
    }
    await race.rest();
    expect(accepted).to.be.at.most(3);
    expect(await race.shelf('cake')).to.deep.equal({ onHand: 3, reserved: accepted });
    expect((await race.ledger()).currencies['eur']?.charged ?? 0).to.equal(1_000 * accepted);
  });
});
