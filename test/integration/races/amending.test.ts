import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { paymentIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

/** When the counter has everything done and handed over, after somebody began to amend the order. */
const WAITS_MS = [0, 5, 15, 40, 'too late'] as const;
const ORDERS = WAITS_MS.length;

interface Line {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly cancelled: number;
  readonly fulfilled: number;
}
interface Item {
  readonly itemId: string;
  readonly sku: string;
  readonly state: string;
}

describe('amending races with the kitchen and the shelf', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', ORDERS);
    await race.article('cake', ORDERS);
    await race.article('tea', 2);
  });
  afterEach(() => race.leave());

  const ticketOf = (id: string): string => ticketIdOf(id as OrderId, 'main' as LocationId);
  const linesOf = async (id: string) => (await race.order(id)).lines as unknown as readonly Line[];
  const itemsOf = async (id: string) =>
    (await race.request('GET', `/v1/kitchen/tickets/${ticketOf(id)}`)).body['items'] as readonly Item[];
  const due = async (id: string): Promise<number> =>
    ((await race.request('GET', `/v1/orders/${id}`)).body['due'] as { amount: number }).amount;
  const amend = (id: string, body: object) =>
    race.request('POST', `/v1/orders/${id}/amendments`, { body, headers: { 'if-match': '*' } });
  async function paidOrders(skus: readonly string[]): Promise<readonly string[]> {
    const ids = await Promise.all(WAITS_MS.map((_, index) => race.place(`order-${index}`, skus)));
    for (const id of ids) expect(await race.pay(await race.link(id))).to.equal('paid');
    await Promise.all(
      ids.map((id) => until('the ticket is there', () => race.types(`ticket-${ticketOf(id)}`).length > 0)),
    );
    await race.rest();
    return ids;
  }

  it('a thing is exchanged for another while its cook begins and the counter hands over: what is paid for is what is made', async () => {
    const ids = await paidOrders(['soup']);
    const amended = await Promise.all(
      ids.map(async (id, index) => {
        const [soup] = await linesOf(id);
        const wait = WAITS_MS[index];
        const exchange = amend(id, {
          drop: [{ lineId: soup?.lineId, qty: 1 }],
          add: [{ sku: 'cake', quantity: 1 }],
          settlement: 'refund',
        });
        if (wait === 'too late') {
          await until('it is taken off', () => race.types(`ticket-${ticketOf(id)}`).includes('ItemVoided'));
        } else await sleep(wait);
        await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/bump`);
        await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/hand-over`, { body: { to: 'customer' } });
        return exchange;
      }),
    );
    await race.rest();
    // what is still to be made is made now
    for (const id of ids) {
      await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/bump`);
      await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/hand-over`, { body: { to: 'customer' } });
    }
    await race.rest();
    let cakes = 0;
    for (const [index, id] of ids.entries()) {
      const { status } = await race.order(id);
      const lines = await linesOf(id);
      for (const { quantity, cancelled, fulfilled } of lines) expect(cancelled + fulfilled).to.equal(quantity);
      const made = (await itemsOf(id)).filter(({ state }) => state === 'done').map(({ sku }) => sku);
      const served = lines.filter(({ fulfilled }) => fulfilled > 0).map(({ sku }) => sku);
      if (amended[index]?.status === 201) {
        const cake = served.includes('cake');
        if (cake) cakes += 1;
        expect(await due(id)).to.equal(cake ? 1_000 : 0);
        expect(status).to.equal(cake ? 'fulfilled' : 'cancelled');
        if (cake) expect(made).to.deep.equal(['cake']);
      } else {
        // it had been handed over before
        expect(amended[index]?.status, amended[index]?.text).to.equal(409);
        expect([status, served, made]).to.deep.equal(['fulfilled', ['soup'], ['soup']]);
      }
    }
    expect(cakes, 'who is too late at the counter hands over the cake').to.be.at.least(1);
    const kept = (await Promise.all(ids.map(due))).reduce((sum, amount) => sum + amount, 0);
    expect((await race.ledger()).currencies['eur']?.balance).to.equal(kept);
    expect((await race.shelf('cake')).reserved).to.equal(0);
    expect((await race.shelf('cake')).onHand).to.equal(ORDERS - cakes);
    expect((await race.shelf('soup')).reserved).to.equal(0);
  });

  it('more come on top than there are: who came too late gets nothing of it, and pays nothing for it', async () => {
    const ids = await paidOrders(['soup']);
    const answers = await Promise.all(ids.map((id) => amend(id, { add: [{ sku: 'tea', quantity: 1 }] })));
    for (const { status, text } of answers) expect(status, text).to.equal(201);
    await race.rest();
    let served = 0;
    for (const id of ids) {
      const tea = (await linesOf(id)).find(({ sku }) => sku === 'tea');
      const items = (await itemsOf(id)).map(({ sku }) => sku);
      if (tea?.cancelled === 0) {
        served += 1;
        expect([await due(id), items]).to.deep.equal([2_000, ['soup', 'tea']]);
      } else expect([await due(id), items]).to.deep.equal([1_000, ['soup']]);
      // whoever pays what was asked for pays for no tea that is not there
      expect(await race.pay(await race.linkOf(paymentIdOf(id as OrderId, 2)))).to.equal('paid');
    }
    expect(served).to.equal(2);
    await race.rest();
    expect(await race.shelf('tea')).to.deep.equal({ onHand: 2, reserved: 2 });
    await race.refunded(1_000 * (ORDERS - served));
    for (const id of ids) {
      expect((await race.order(id)).payment.captured.amount - (await refundDue(id))).to.equal(await due(id));
    }
  });

  const refundDue = async (id: string): Promise<number> => {
    const { refunds } = (await race.request('GET', `/v1/orders/${id}`)).body as {
      refunds?: { due: { amount: number } };
    };
    return refunds?.due.amount ?? 0;
  };
});
