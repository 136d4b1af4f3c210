import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

const DAY_MINUTES = 24 * 60;
const paymentOf = (id: string): string => paymentIdOf(id as OrderId, 1);

describe('money that the provider holds races with everything else', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    // nobody cooks: a ticket that is opened is all that the kitchen does by itself
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 9);
    const { revision: _, locationId: __, ...terms } = (await race.request('GET', '/v1/locations/main')).body;
    const changed = await race.request('PUT', '/v1/locations/main', {
      body: { ...terms, captureMode: 'manual', reason: 'hold it first' },
      headers: { 'if-match': '*' },
    });
    expect(changed.status, changed.text).to.equal(200);
  });
  afterEach(() => race.leave());

  const types = (id: string) => race.types(`payment-${paymentOf(id)}`);
  const payment = async (id: string) => (await race.request('GET', `/v1/payments/${paymentOf(id)}`)).body;
  const cancel = (id: string) =>
    race.request('POST', `/v1/orders/${id}/cancellations`, {
      body: { reason: 'changed our minds' },
      headers: { 'idempotency-key': 'off' },
    });
  const tasks = async (kind: string): Promise<number> =>
    ((await race.request('GET', `/v1/tasks?kind=${kind}`)).body['items'] as readonly unknown[]).length;
  /** What the provider has of all payers together: taken and not given back. */
  const balance = async (): Promise<number> => (await race.ledger()).currencies['eur']?.balance ?? 0;
  /** An order whose money is held, and whose kitchen has not heard of it: called, what this answers lets it hear. */
  async function heldOrder(key: string): Promise<readonly [id: string, tellKitchen: () => void]> {
    const tellKitchen = race.lose('kitchen.order-confirmed');
    const id = await race.place(key);
    await race.pay(await race.link(id));
    await race.reaches(id, 'confirmed');
    await race.rest();
    expect(types(id).at(-1)).to.equal('PaymentAuthorized');
    return [id, tellKitchen];
  }

  it('it is held when the customer pays, and taken, once, when the kitchen accepts', async () => {
    race.script({ webhooks: { copies: 3, order: 'newest_first' } });
    const [id, tellKitchen] = await heldOrder('held');
    expect(await payment(id)).to.deep.include({ status: 'authorized', captured: { amount: 0, currency: 'EUR' } });
    expect((await race.order(id)).payment).to.deep.include({ status: 'authorized' });
    expect(await balance()).to.equal(0);
    tellKitchen();
    await race.reaches(id, 'in_fulfilment');
    await until('it is taken', async () => (await balance()) === 1_000);
    await race.rest();
    expect(types(id).filter((type) => type === 'CaptureRequested' || type === 'PaymentCaptured')).to.deep.equal([
      'CaptureRequested',
      'PaymentCaptured',
    ]);
    expect((await race.order(id)).payment).to.deep.include({ status: 'paid' });
  });

  it('the order is called off before the kitchen hears of it: the money is let go, and never was taken', async () => {
    const [id, tellKitchen] = await heldOrder('let-go');
    expect((await cancel(id)).status).to.be.oneOf([200, 202]);
    await race.reaches(id, 'cancelled');
    await race.rest();
    tellKitchen();
    await race.rest();
    expect(types(id).slice(-2)).to.deep.equal(['VoidRequested', 'PaymentVoided']);
    expect((await race.ledger()).currencies['eur'] ?? { charged: 0 }).to.deep.include({ charged: 0 });
    expect(race.types(`order-${id}`)).not.to.include('RefundDue');
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 9, reserved: 0 });
    expect(await tasks('authorization_lost'), 'we let it go ourselves').to.equal(0);
  });

  it('the kitchen accepts while the order is called off: it is taken and goes back, or is let go', async () => {
    const waits = [0, 4, 12, 30] as const;
    const held: string[] = [];
    const tell: (() => void)[] = [];
    for (const wait of waits) {
      const [id, tellKitchen] = await heldOrder(`called-off-${wait}`);
      held.push(id);
      tell.push(tellKitchen);
    }
    for (const tellKitchen of tell) tellKitchen();
    await Promise.all(
      held.map(async (id, index) => {
        await sleep(waits[index] ?? 0);
        const answer = await cancel(id);
        expect(answer.status, answer.text).to.be.oneOf([200, 202]);
      }),
    );
    await Promise.all(held.map((id) => race.reaches(id, 'cancelled')));
    await race.rest();
    for (const id of held) {
      const end = types(id).filter((type) => type === 'PaymentVoided' || type === 'PaymentCaptured');
      expect(end, id).to.have.length(1);
      if (end[0] === 'PaymentCaptured') expect(types(id)).to.include('RefundSucceeded');
    }
    expect(await balance()).to.equal(0);
    expect((await race.shelf('soup')).reserved).to.equal(0);
  });

  it('nobody accepts for six days: it is taken before it lapses, and let go where the order is over', async () => {
    const [id] = await heldOrder('lapses');
    race.forward(5 * DAY_MINUTES);
    await race.rest();
    expect(types(id).at(-1)).to.equal('PaymentAuthorized');
    race.forward(DAY_MINUTES);
    await until('it is taken', async () => (await balance()) === 1_000);
    await race.rest();
    expect(types(id).at(-1)).to.equal('PaymentCaptured');
  });

  it('the provider lets go by itself: somebody is told, and the order is asked to pay otherwise', async () => {
    const [id] = await heldOrder('gone');
    const { charges } = await race.ledger();
    await race.atTheProvider(`/v1/payment_intents/${charges[0]?.paymentIntent ?? ''}/cancel`, {});
    await until('the order hears of it', () => race.types(`order-${id}`).includes('AuthorizationLost'));
    await race.rest();
    expect(await tasks('authorization_lost')).to.equal(1);
    expect((await race.order(id)).payment).to.deep.include({ status: 'pending' });
    const asked = await race.request('POST', `/v1/orders/${id}/payments`, {
      headers: { 'idempotency-key': 'again', prefer: 'wait=30' },
    });
    expect([asked.status, asked.body['amount']], asked.text).to.deep.equal([201, { amount: 1_000, currency: 'EUR' }]);
    expect(await race.pay(String(asked.body['link']))).to.equal('paid');
    await until('it is paid', async () => (await balance()) === 1_000);
    await race.rest();
    expect((await race.order(id)).payment).to.deep.include({ status: 'paid' });
  });

  it('staff take it, or let it go, by hand: either is done once, and the other is refused', async () => {
    const [id] = await heldOrder('by-hand');
    const path = `/v1/payments/${paymentOf(id)}`;
    const [take, letGo] = await Promise.all([
      race.request('POST', `${path}/capture`, { headers: { 'idempotency-key': 'take' } }),
      race.request('POST', `${path}/void`, {
        body: { reason: 'nobody came' },
        headers: { 'idempotency-key': 'let-go' },
      }),
    ]);
    expect([take.status, letGo.status].sort(), take.text + letGo.text).to.deep.equal([202, 409]);
    await race.rest();
    const isTaken = take.status === 202;
    expect(types(id).at(-1)).to.equal(isTaken ? 'PaymentCaptured' : 'PaymentVoided');
    expect(await balance()).to.equal(isTaken ? 1_000 : 0);
    expect(race.types(`order-${id}`).includes('AuthorizationLost')).to.equal(!isTaken);
  });

  it('a line is called off while the money is held: all of it is taken, and what the line cost goes back', async () => {
    const tellKitchen = race.lose('kitchen.order-confirmed');
    const id = await race.place('a-line-less', 'soup', 3);
    await race.pay(await race.link(id));
    const { lines } = await race.reaches(id, 'confirmed');
    await race.rest();
    const dropped = await race.request('POST', `/v1/orders/${id}/cancellations`, {
      body: { reason: 'too much', lines: [{ lineId: lines[0]?.lineId, qty: 1 }] },
      headers: { 'idempotency-key': 'off' },
    });
    expect(dropped.status, dropped.text).to.equal(200);
    tellKitchen();
    await until('what it costs now is kept', async () => (await balance()) === 2_000);
    await race.rest();
    expect((await race.ledger()).currencies['eur']).to.deep.equal({ charged: 3_000, refunded: 1_000, balance: 2_000 });
    expect((await race.order(id)).payment).to.deep.include({ status: 'paid' });
  });
});
