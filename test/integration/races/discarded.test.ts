import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { paymentIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

const NOTHING = { mended: 0, opened: 0 };
const A_MINUTE_MS = 60_000;
const address = { name: 'Ada', street: 'Way 1', city: 'Berlin', postalCode: '10115', country: 'DE' };

interface Task {
  readonly kind: string;
  readonly text: string;
  readonly about: { readonly orderId?: string };
}

/** What a process could not work and somebody discarded is heard once more, whatever it is, as long as nobody else finds what is missing. */
describe('what somebody discards is made up for, once', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 5);
    await race.article('cake', 5);
  });
  afterEach(() => race.leave());

  const ticketOf = (id: string): string => ticketIdOf(id as OrderId, 'main' as LocationId);
  const count = (stream: string, type: string): number => race.types(stream).filter((one) => one === type).length;
  const ask = async (method: string, path: string, body: object) => {
    const headers = { 'if-match': '*', 'idempotency-key': randomUUID() };
    const answer = await race.request(method, path, { body, headers });
    expect(answer.status, answer.text).to.be.oneOf([200, 201, 202]);
    return answer.body;
  };
  async function paid(skus: readonly string[]): Promise<string> {
    const id = await race.place(randomUUID(), skus);
    expect(await race.pay(await race.link(id))).to.equal('paid');
    await race.reaches(id, 'in_fulfilment');
    await race.rest();
    return id;
  }
  const lineOf = async (id: string, sku: string) =>
    (await race.order(id)).lines.find((line) => line.sku === sku)?.lineId;
  const openTasks = async (): Promise<readonly Task[]> =>
    (await race.request('GET', '/v1/tasks')).body['items'] as readonly Task[];

  /** What is merely young is left alone; what is old is heard again, and then never more. */
  async function made(mended = 1): Promise<void> {
    await race.rest();
    expect(await race.reconcile('hour'), 'somebody may still be at it').to.deep.equal(NOTHING);
    race.forward(16);
    await race.rest();
    expect(await race.reconcile('hour')).to.deep.equal({ mended, opened: 0 });
    await race.rest();
    expect(await race.reconcile('hour'), 'it is made up for').to.deep.equal(NOTHING);
  }

  it('that some units are called off, of an order that goes on: the kitchen hears of it, and their stock is free', async () => {
    const id = await paid(['soup', 'cake']);
    race.discard('cancellation', 'LinesCancelled');
    const lines = [{ lineId: await lineOf(id, 'cake'), qty: 1 }];
    await ask('POST', `/v1/orders/${id}/cancellations`, { reason: 'no cake', lines });
    await race.rest();
    expect(await race.shelf('cake')).to.deep.equal({ onHand: 5, reserved: 1 });
    await made();
    expect(await race.shelf('cake')).to.deep.equal({ onHand: 5, reserved: 0 });
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 5, reserved: 1 });
    expect(count(`ticket-${ticketOf(id)}`, 'ItemVoided')).to.equal(1);
    await race.refunded(1_000);
  });

  it('that the kitchen promises another time: the order says so', async () => {
    const id = await paid(['soup']);
    race.discard('fulfilment', 'TicketPromiseChanged');
    const promisedAt = new Date(Date.now() + 90 * A_MINUTE_MS).toISOString();
    await ask('PUT', `/v1/kitchen/tickets/${ticketOf(id)}/promise`, { promisedAt });
    await race.rest();
    expect((await race.request('GET', `/v1/orders/${id}`)).body).not.to.include({ promisedAt });
    await made();
    expect((await race.request('GET', `/v1/orders/${id}`)).body).to.include({ promisedAt });
  });

  it('that an order is wanted at another time, and at yet another since: the last word stays', async () => {
    const find = race.lose('kitchen.order-confirmed');
    const { revision: _, locationId: __, ...terms } = (await race.request('GET', '/v1/locations/main')).body;
    await ask('PUT', '/v1/locations/main', { ...terms, modes: ['delivery'], reason: 'we have a courier' });
    const wish = { locationId: 'main', mode: 'delivery', lines: [{ sku: 'soup', quantity: 1 }], address };
    const id = String((await ask('POST', '/v1/orders', wish))['id']);
    await race.pay(await race.link(id));
    await race.reaches(id, 'confirmed');
    race.discard('delivery', 'DeliveryChanged');
    const [first, second] = [90, 120].map((minutes) => new Date(Date.now() + minutes * A_MINUTE_MS).toISOString());
    await ask('PUT', `/v1/orders/${id}/delivery`, { promisedAt: first });
    await race.rest();
    await ask('PUT', `/v1/orders/${id}/delivery`, { promisedAt: second });
    find();
    await made();
    const shown = (await race.request('GET', `/v1/kitchen/tickets/${ticketOf(id)}`)).body;
    expect(shown).to.include({ promisedAt: second });
    expect((await race.request('GET', `/v1/orders/${id}`)).body).to.include({ promisedAt: second });
  });

  it('that an order is held: whoever is to decide is told, and nobody once that is over', async () => {
    race.discard('tasks', 'OrderHeld');
    const held = await race.place('held');
    await race.link(held);
    await ask('POST', `/v1/orders/${held}/hold`, { reason: 'strange' });
    await race.reaches(held, 'on_hold');
    await made();
    expect((await openTasks()).map(({ kind, about }) => [kind, about.orderId])).to.deep.equal([['hold', held]]);
    race.discard('tasks', 'OrderHeld');
    const resolved = await race.place('resolved');
    await race.link(resolved);
    await ask('POST', `/v1/orders/${resolved}/hold`, { reason: 'strange' });
    await race.rest();
    await ask('POST', `/v1/orders/${resolved}/hold/resolution`, { decision: 'accept', reason: 'fine' });
    await made();
    expect((await openTasks()).map(({ about }) => about.orderId)).to.deep.equal([held]);
  });

  it('that an order is called off, whose kitchen hands it over before anybody looks: somebody is told that the goods are gone', async () => {
    const find = race.lose('kitchen.order-confirmed');
    const id = await race.place('gone');
    await race.pay(await race.link(id));
    await race.reaches(id, 'confirmed');
    await ask('POST', `/v1/orders/${id}/hold`, { reason: 'strange' });
    find();
    await until('its kitchen has it', () => race.types(`ticket-${ticketOf(id)}`).includes('TicketOpened'));
    await race.rest();
    race.discard('cancellation', 'OrderCancelled');
    await ask('POST', `/v1/orders/${id}/hold/resolution`, { decision: 'reject', reason: 'too strange' });
    await race.reaches(id, 'cancelled');
    for (const verb of ['bump', 'hand-over']) await ask('POST', `/v1/kitchen/tickets/${ticketOf(id)}/${verb}`, {});
    await made();
    const told = (await openTasks()).map(({ kind, about, text }) => ({ kind, about, text }));
    expect(told).to.have.length(1);
    expect(told[0]).to.deep.include({ kind: 'gone_all_the_same', about: { orderId: id } });
    expect(told[0]?.text).to.include('handed over already');
    await race.refunded(1_000);
  });

  it('that goods came back: they are on the shelf again', async () => {
    const id = await paid(['soup']);
    for (const verb of ['bump', 'hand-over']) await ask('POST', `/v1/kitchen/tickets/${ticketOf(id)}/${verb}`, {});
    await race.reaches(id, 'fulfilled');
    await race.rest();
    race.discard('returning', 'LinesReturned');
    const lines = [{ lineId: await lineOf(id, 'soup'), qty: 1, condition: 'sellable' }];
    await ask('POST', `/v1/orders/${id}/returned-goods`, { lines, reason: 'not hungry' });
    await race.rest();
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 4, reserved: 0 });
    await made();
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 5, reserved: 0 });
  });

  it('that a refund looked good, before it failed: the order knows how it ended', async () => {
    const id = await paid(['soup']);
    race.discard('refund', 'RefundSucceeded');
    await ask('POST', `/v1/orders/${id}/refunds`, { amount: { amount: 1_000, currency: 'EUR' }, reason: 'goodwill' });
    const ofPayment = `payment-${paymentIdOf(id as OrderId, 1)}`;
    await until('it looks good', () => race.types(ofPayment).includes('RefundSucceeded'));
    await race.rest();
    const [submitted] = race.data(ofPayment, 'RefundSubmitted');
    await race.atTheProvider(`/simulator/refunds/${String(submitted?.['providerRefundId'])}`, { status: 'failed' });
    await until('it fails', () => race.types(ofPayment).includes('RefundFailed'));
    await race.rest();
    race.forward(16);
    await race.rest();
    await race.reconcile('hour');
    await race.rest();
    expect(count(`order-${id}`, 'RefundApplied')).to.equal(0);
    expect(count(`order-${id}`, 'RefundFailedNoted')).to.equal(1);
  });
});
