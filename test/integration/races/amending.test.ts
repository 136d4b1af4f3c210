import { randomUUID } from 'node:crypto';
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
  /** The answer comes when the stock has answered. */
  const amend = (id: string, body: object) =>
    race.request('POST', `/v1/orders/${id}/amendments`, {
      body,
      headers: { 'if-match': '*', 'idempotency-key': randomUUID(), prefer: 'wait=30' },
    });
  const secondPayment = (id: string) => paymentIdOf(id as OrderId, 2);
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

  it('a thing is exchanged for itself, made otherwise, while none is free and others want it: who has one keeps it', async () => {
    const ids = await paidOrders(['soup']);
    expect(await race.shelf('soup')).to.deep.equal({ onHand: ORDERS, reserved: ORDERS });
    const exchange = async (id: string) => {
      const [soup] = await linesOf(id);
      return amend(id, {
        drop: [{ lineId: soup?.lineId, qty: 1 }],
        add: [{ sku: 'soup', quantity: 1 }],
        settlement: 'refund',
      });
    };
    const others = WAITS_MS.map((_, index) => race.place(`other-${index}`, ['soup']));
    const amended = await Promise.all(
      ids.map(async (id, index) => {
        const wait = WAITS_MS[index];
        // one is handed over before, and one is called off meanwhile
        if (wait === 'too late') {
          await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/bump`);
          await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/hand-over`, { body: { to: 'customer' } });
          await race.rest();
        }
        const answer = exchange(id);
        if (index === 0)
          await race.request('POST', `/v1/orders/${id}/cancellations`, {
            body: { reason: 'no' },
            headers: { 'idempotency-key': 'off' },
          });
        return answer;
      }),
    );
    await race.rest();
    for (const id of await Promise.all(others)) {
      expect((await race.order(id)).status).to.be.oneOf(['rejected', 'awaiting_payment']);
    }
    const [first = '', ...rest] = ids;
    expect(amended[0]?.status, amended[0]?.text).to.be.oneOf([201, 409]);
    expect((await race.order(first)).status).to.equal('cancelled');
    const late = rest.pop() ?? '';
    expect([amended.at(-1)?.status, (await race.order(late)).status]).to.deep.equal([409, 'fulfilled']);
    for (const [index, id] of rest.entries()) {
      expect(amended[index + 1]?.status, amended[index + 1]?.text).to.equal(201);
      expect((await linesOf(id)).map(({ sku, cancelled }) => [sku, cancelled])).to.deep.equal([
        ['soup', 1],
        ['soup', 0],
      ]);
      expect(await due(id)).to.equal(1_000);
      await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/bump`);
      await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/hand-over`, { body: { to: 'customer' } });
    }
    await race.rest();
    for (const id of rest) expect((await race.order(id)).status).to.equal('fulfilled');
    // one was called off and may be sold again; the others were made
    const waiting = await Promise.all((await Promise.all(others)).map((id) => race.order(id)));
    const sold = waiting.filter(({ status }) => status === 'awaiting_payment').length;
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 1, reserved: sold });
    expect(race.types('stock-soup_main'))
      .to.include('ReservationCarriedOver')
      .and.not.to.include('StockShortfallDetected');
    expect((await race.ledger()).currencies['eur']?.balance).to.equal(1_000 * (ORDERS - 1));
  });

  it('more come on top than there are: who came too late keeps the order as it was, and is asked for nothing', async () => {
    const ids = await paidOrders(['soup']);
    const answers = await Promise.all(ids.map((id) => amend(id, { add: [{ sku: 'tea', quantity: 1 }] })));
    await race.rest();
    let served = 0;
    for (const [index, id] of ids.entries()) {
      const { status, body, text } = answers[index]!;
      const items = (await itemsOf(id)).map(({ sku }) => sku);
      if (status === 201) {
        served += 1;
        expect([await due(id), items]).to.deep.equal([2_000, ['soup', 'tea']]);
        expect(await race.pay(await race.linkOf(secondPayment(id)))).to.equal('paid');
      } else {
        expect([status, body['type']], text).to.deep.equal([409, '/problems/insufficient-stock']);
        expect([await due(id), items]).to.deep.equal([1_000, ['soup']]);
        expect((await linesOf(id)).map(({ sku, cancelled }) => [sku, cancelled])).to.deep.equal([['soup', 0]]);
        expect(race.types(`order-${id}`)).not.to.include('PaymentRequested');
        expect(race.types(`payment-${secondPayment(id)}`)).to.deep.equal([]);
      }
    }
    expect(served).to.equal(2);
    await race.rest();
    expect(await race.shelf('tea')).to.deep.equal({ onHand: 2, reserved: 2 });
    const { balance, refunded } = (await race.ledger()).currencies['eur']!;
    expect([balance, refunded]).to.deep.equal([1_000 * (ORDERS + served), 0]);
    for (const id of ids) {
      expect((await race.order(id)).payment.captured.amount - (await refundDue(id))).to.equal(await due(id));
    }
  });

  it('two things come on top together, and one of them is short: the other is free again', async () => {
    const [id = ''] = await paidOrders(['soup']);
    const wish = {
      add: [
        { sku: 'cake', quantity: 2 },
        { sku: 'tea', quantity: 3 },
      ],
    };
    expect((await amend(id, wish)).status).to.equal(409);
    await race.rest();
    expect((await race.shelf('cake')).reserved).to.equal(0);
    expect((await race.shelf('tea')).reserved).to.equal(0);
    expect(await due(id)).to.equal(1_000);
  });

  it('an order is called off while something comes on top and is paid for: all money goes back and nothing stays set aside', async () => {
    const ids = await paidOrders(['soup']);
    await Promise.all(
      ids.map(async (id, index) => {
        const amending = amend(id, { add: [{ sku: 'cake', quantity: 1 }] });
        const wait = WAITS_MS[index];
        let paying: Promise<unknown> | undefined;
        if (wait === 'too late') {
          // this one pays in the very moment in which it is called off
          expect((await amending).status).to.equal(201);
          const link = await race.linkOf(secondPayment(id));
          paying = race.pay(link).catch(() => 'closed');
        } else await sleep(wait);
        const off = race.request('POST', `/v1/orders/${id}/cancellations`, {
          body: { reason: 'changed our minds' },
          headers: { 'idempotency-key': 'off' },
        });
        const [answer, cancelled] = await Promise.all([amending, off, paying]);
        expect(answer.status, answer.text).to.be.oneOf([201, 409]);
        expect(cancelled.status, cancelled.text).to.be.oneOf([200, 202]);
      }),
    );
    await race.rest();
    for (const id of ids) {
      expect((await race.order(id)).status).to.equal('cancelled');
      const amended = race.types(`order-${id}`).includes('OrderAmended');
      expect(race.types(`order-${id}`).includes('AmendmentDeclined')).to.equal(
        race.types(`order-${id}`).includes('AmendmentRequested') && !amended,
      );
    }
    expect((await race.shelf('cake')).reserved).to.equal(0);
    expect((await race.shelf('soup')).reserved).to.equal(0);
    await until('all of it went back', async () => (await race.ledger()).currencies['eur']?.balance === 0);
  });

  it('the time to pay the difference is over while it is paid: it is paid, or still due and asked for anew', async () => {
    const ids = await paidOrders(['soup']);
    const answers = await Promise.all(ids.map((id) => amend(id, { add: [{ sku: 'cake', quantity: 1 }] })));
    for (const { status, text } of answers) expect(status, text).to.equal(201);
    const links = await Promise.all(ids.map((id) => race.linkOf(secondPayment(id))));
    const paying = links.map(async (link, index) => {
      const wait = WAITS_MS[index];
      await sleep(wait === 'too late' ? 200 : wait);
      return race.pay(link).catch(() => 'refused');
    });
    await sleep(5);
    // the time to pay is 23 hours; the provider's own clock does not come along, and takes no more than 24
    race.forward(23 * 60 + 10);
    await Promise.all(paying);
    await race.rest();
    for (const id of ids) {
      await race.request('POST', `/v1/payments/${secondPayment(id)}/sync`, { headers: { prefer: 'wait=30' } });
    }
    await race.rest();
    for (const id of ids) {
      const { status, payment } = await race.order(id);
      expect(status).to.be.oneOf(['confirmed', 'in_fulfilment']);
      expect(payment.captured.amount).to.be.oneOf([1_000, 2_000]);
      const asked = await race.request('POST', `/v1/orders/${id}/payments`, {
        headers: { 'idempotency-key': randomUUID() },
      });
      expect(asked.status, asked.text).to.equal(payment.captured.amount === 2_000 ? 409 : 201);
      if (asked.status === 201) {
        expect(await race.pay(await race.linkOf(String(asked.body['paymentId'])))).to.equal('paid');
      }
    }
    await race.rest();
    for (const id of ids) expect((await race.order(id)).payment.captured.amount).to.equal(2_000);
    expect((await race.ledger()).currencies['eur']?.balance).to.equal(2_000 * ORDERS);
    expect((await race.shelf('cake')).reserved).to.equal(ORDERS);
  });

  it('somebody discards the wish of an amendment that could not be worked: the reconciliation lets it be heard again, once', async () => {
    const [id = ''] = await paidOrders(['soup']);
    race.forget('placing', 'AmendmentRequested');
    const asked = await race.request('POST', `/v1/orders/${id}/amendments`, {
      body: { add: [{ sku: 'cake', quantity: 1 }] },
      headers: { 'if-match': '*', 'idempotency-key': 'cake' },
    });
    expect(asked.status, asked.text).to.equal(202);
    await race.rest();
    expect((await race.reconcile()).mended, 'it may still be asked for').to.equal(0);
    race.forward(16);
    expect((await race.reconcile()).mended).to.equal(1);
    await race.rest();
    expect(await due(id)).to.equal(2_000);
    expect((await race.reconcile()).mended).to.equal(0);
    expect(race.types(`order-${id}`).filter((type) => type === 'OrderAmended')).to.have.length(1);
  });

  it('somebody wants to amend an order in the moment in which its time to pay is over: it expires, and nothing is set aside', async () => {
    const id = await race.place('late', 'soup');
    await race.link(id);
    race.forward(31);
    const answers = await Promise.all(
      WAITS_MS.map(async (wait) => {
        await sleep(wait === 'too late' ? 100 : wait);
        return amend(id, { add: [{ sku: 'cake', quantity: 1 }] });
      }),
    );
    for (const { status, text } of answers) expect(status, text).to.equal(409);
    await race.reaches(id, 'expired');
    await race.rest();
    expect((await race.shelf('cake')).reserved).to.equal(0);
    expect((await race.shelf('soup')).reserved).to.equal(0);
    expect(race.types(`payment-${secondPayment(id)}`)).to.deep.equal([]);
  });

  const refundDue = async (id: string): Promise<number> => {
    const { refunds } = (await race.request('GET', `/v1/orders/${id}`)).body as {
      refunds?: { due: { amount: number } };
    };
    return refunds?.due.amount ?? 0;
  };
});
