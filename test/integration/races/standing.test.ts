import { expect } from 'chai';
import { paymentIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';

const A_DAY_MINUTES = 24 * 60;
const MENDED = { mended: 1, opened: 0 };
const NOTHING = { mended: 0, opened: 0 };

/** Somebody discards what a process could not work, or a message gets lost: the order stands still until it is found. */
describe('orders that stand still are found and go on, once', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 5);
  });
  afterEach(() => race.leave());

  const ticketOf = (id: string): string => ticketIdOf(id as OrderId, 'main' as LocationId);
  const paymentOf = (id: string): string => `payment-${paymentIdOf(id as OrderId, 1)}`;
  const count = (stream: string, type: string): number => race.types(stream).filter((one) => one === type).length;
  const changeLocation = async (change: object): Promise<void> => {
    const { revision: _, locationId: __, ...terms } = (await race.request('GET', '/v1/locations/main')).body;
    const changed = await race.request('PUT', '/v1/locations/main', {
      body: { ...terms, ...change, reason: 'as the test wants it' },
      headers: { 'if-match': '*' },
    });
    expect(changed.status, changed.text).to.equal(200);
  };
  const place = async (key: string, change: object = {}): Promise<string> => {
    const placed = await race.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }], ...change },
      headers: { 'idempotency-key': key },
    });
    expect(placed.status, placed.text).to.equal(201);
    return String(placed.body['id']);
  };
  const pay = async (id: string): Promise<void> => {
    expect(await race.pay(await race.link(id))).to.equal('paid');
  };
  const ofKitchen = async (id: string, verb: string): Promise<void> => {
    const answer = await race.request('POST', `/v1/kitchen/tickets/${ticketOf(id)}/${verb}`, { body: {} });
    expect(answer.status, answer.text).to.equal(200);
  };
  const address = { name: 'Ada', street: 'Way 1', city: 'Berlin', postalCode: '10115', country: 'DE' };

  /** What is merely young is left alone; what is old is put right, and then there is nothing to put right. */
  async function found(again: () => Promise<unknown>): Promise<void> {
    await race.rest();
    expect(await race.reconcile('hour'), 'somebody may still be at it').to.deep.equal(NOTHING);
    race.forward(16);
    await race.rest();
    expect(await race.reconcile('hour')).to.deep.equal(MENDED);
    await again();
    await race.rest();
    expect(await race.reconcile('hour'), 'it is put right').to.deep.equal(NOTHING);
  }

  it('one whose goods nobody sets aside', async () => {
    race.forget('placing', 'OrderPlaced');
    const id = await place('unreserved');
    await found(() => race.reaches(id, 'awaiting_payment'));
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 5, reserved: 1 });
  });

  it('one whose time to pay nothing ends', async () => {
    race.forget('payment-deadline', 'OrderAccepted');
    const id = await place('no-deadline');
    await found(() => race.rest());
    race.forward(30);
    await race.reaches(id, 'expired');
  });

  it('one whose money is there without that it was told', async () => {
    race.forget('confirming', 'PaymentCaptured');
    const id = await place('untold');
    await pay(id);
    await found(() => race.reaches(id, 'in_fulfilment'));
    expect(count(`order-${id}`, 'PaymentApplied')).to.equal(1);
    expect((await race.ledger()).currencies['eur']?.balance).to.equal(1_000);
  });

  it('one that is over and was not told of the money that came: it goes back', async () => {
    const id = await place('over');
    const link = await race.link(id);
    race.script({ webhooks: { hold: true } });
    expect(await race.pay(link)).to.equal('paid');
    race.forget('confirming', 'PaymentCaptured');
    const cancelled = await race.request('POST', `/v1/orders/${id}/cancellations`, {
      body: { reason: 'too late' },
      headers: { 'idempotency-key': 'off' },
    });
    expect(cancelled.body).to.deep.include({ status: 'cancelled' });
    await until('the payment is captured', () => race.types(paymentOf(id)).includes('PaymentCaptured'));
    race.script({ webhooks: { hold: false } });
    await race.rest();
    expect(await race.reconcile('hour'), 'somebody may still be at it').to.deep.equal(NOTHING);
    race.forward(16);
    await race.rest();
    // the refund that follows may be told of by the reconciliation, too, if that comes by sooner
    expect((await race.reconcile('hour')).mended).to.be.at.least(1);
    await race.refunded(1_000);
    await race.rest();
    expect(await race.reconcile('hour')).to.deep.equal(NOTHING);
    for (const type of ['PaymentApplied', 'RefundDue', 'RefundApplied']) {
      expect(count(`order-${id}`, type), type).to.equal(1);
    }
  });

  it('one whose money is held without that it was told', async () => {
    await changeLocation({ captureMode: 'manual' });
    race.forget('money-held', 'PaymentAuthorized');
    const id = await place('held');
    await pay(id);
    await found(() => race.reaches(id, 'in_fulfilment'));
    await until('it is taken', () => race.types(paymentOf(id)).includes('PaymentCaptured'));
  });

  it('one on hold that nothing ends', async () => {
    const id = await place('on-hold');
    await race.link(id);
    race.forget('hold-deadline', 'OrderHeld');
    const held = await race.request('POST', `/v1/orders/${id}/hold`, { body: { reason: 'a strange order' } });
    expect(held.status, held.text).to.equal(201);
    await found(() => race.rest());
    expect((await race.order(id)).status).to.equal('on_hold');
    race.forward(A_DAY_MINUTES);
    await race.reaches(id, 'rejected');
  });

  it('one whose check nobody answers, and nothing ends the waiting', async () => {
    await changeLocation({ screening: { timeoutSeconds: 30, onSilence: 'pass' } });
    race.forget('screening-deadline', 'OrderPlaced');
    race.lose('check.jobs');
    const id = await place('unchecked');
    await found(() => race.reaches(id, 'awaiting_payment'));
    expect(count(`order-${id}`, 'OrderChecked')).to.equal(1);
  });

  it('one that the kitchen was never told of, even when its message is found again', async () => {
    const find = race.lose('kitchen.order-confirmed');
    const id = await place('no-ticket');
    await pay(id);
    await race.reaches(id, 'confirmed');
    await found(() => race.reaches(id, 'in_fulfilment'));
    find();
    await race.rest();
    expect(count(`ticket-${ticketOf(id)}`, 'TicketOpened')).to.equal(1);
    expect(count(`order-${id}`, 'FulfilmentStarted')).to.equal(1);
  });

  it('one that was never told of its ticket', async () => {
    race.forget('fulfilment', 'TicketOpened');
    const id = await place('untold-ticket');
    await pay(id);
    await found(() => race.reaches(id, 'in_fulfilment'));
    expect(count(`order-${id}`, 'FulfilmentStarted')).to.equal(1);
  });

  it('one whose ticket never comes to the cooks', async () => {
    const offer = { name: 'Soup', price: { amount: 1_000, currency: 'EUR' }, trackStock: true, prepSeconds: 600 };
    const changed = await race.request('PUT', '/v1/offers/soup', { body: offer, headers: { 'if-match': '*' } });
    expect(changed.status, changed.text).to.equal(200);
    race.forget('ticket-firing', 'TicketOpened');
    const id = await place('unfired', { promisedAt: new Date(Date.now() + 90 * 60_000).toISOString() });
    await pay(id);
    await race.reaches(id, 'in_fulfilment');
    await found(() => race.rest());
    race.forward(90);
    await until('it is fired', () => race.types(`ticket-${ticketOf(id)}`).includes('TicketFired'));
  });

  it('one that is to be sent and that nobody begins with, or is told to pack', async () => {
    await changeLocation({ modes: ['pickup', 'shipping'] });
    race.forget('delivery', 'OrderConfirmed');
    const unsent = await place('unsent', { mode: 'shipping', address });
    await pay(unsent);
    await found(() => race.reaches(unsent, 'in_fulfilment'));
    race.forget('tasks', 'FulfilmentStarted');
    const unpacked = await place('unpacked', { mode: 'shipping', address });
    await pay(unpacked);
    await race.reaches(unpacked, 'in_fulfilment');
    await found(() => race.rest());
    const { body } = await race.request('GET', '/v1/tasks?kind=to_ship');
    const orders = (body['items'] as readonly { readonly about: { readonly orderId: string } }[]).map(
      ({ about }) => about.orderId,
    );
    expect(orders).to.have.members([unsent, unpacked]);
  });

  it('one that its kitchen handed over without that it was told: to whoever fetches it, and to the courier', async () => {
    await changeLocation({ modes: ['pickup', 'delivery'] });
    const ends = { pickup: 'fulfilled', delivery: 'in_transit' } as const;
    for (const [mode, end] of Object.entries(ends)) {
      const id = await place(`untold-${mode}`, mode === 'delivery' ? { mode, address } : { mode });
      await pay(id);
      await race.reaches(id, 'in_fulfilment');
      await race.rest();
      race.forget('fulfilment', 'TicketHandedOver');
      for (const verb of ['bump', 'hand-over']) await ofKitchen(id, verb);
      const fulfilment = async () => (await race.request('GET', `/v1/orders/${id}`)).body['fulfilment'];
      await found(() => until('it is told', async () => JSON.stringify(await fulfilment()).includes(end)));
      expect(await fulfilment()).to.deep.equal({ status: end });
    }
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 3, reserved: 0 });
  });

  it('one whose parcel left, or arrived, without that it was told', async () => {
    await changeLocation({ modes: ['pickup', 'shipping'] });
    const id = await place('untold-parcel', { mode: 'shipping', address });
    await pay(id);
    await race.reaches(id, 'in_fulfilment');
    await race.rest();
    const lines = (await race.order(id)).lines.map(({ lineId }) => ({ lineId, qty: 1 }));
    const ask = (path: string, body: object) =>
      race.request('POST', path, { body, headers: { 'idempotency-key': path } });
    const made = await ask(`/v1/orders/${id}/shipments`, { lines });
    expect(made.status, made.text).to.equal(201);
    const parcel = `/v1/shipments/${String(made.body['id'])}`;
    await race.rest();
    race.forget('delivery', 'ShipmentDispatched');
    expect((await ask(`${parcel}/dispatch`, { carrier: 'post' })).status).to.equal(200);
    await found(() => until('it is told', () => count(`order-${id}`, 'LinesDispatched') === 1));
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 4, reserved: 0 });
    race.forget('delivery', 'ShipmentDelivered');
    expect((await ask(`${parcel}/deliver`, {})).status).to.equal(200);
    await found(() => race.reaches(id, 'fulfilled'));
  });

  it('one that somebody wants cancelled, and nobody says whether it is', async () => {
    const id = await place('pending');
    await pay(id);
    await race.reaches(id, 'in_fulfilment');
    race.forget('cancellation', 'CancellationRequested');
    const asked = await race.request('POST', `/v1/orders/${id}/cancellations`, {
      body: { reason: 'changed my mind' },
      headers: { 'idempotency-key': 'off' },
    });
    expect(asked.status, asked.text).to.equal(202);
    await found(() => race.reaches(id, 'cancelled'));
    await race.refunded(1_000);
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 5, reserved: 0 });
  });

  it('one that is called off while its kitchen has it, and nobody tells the kitchen', async () => {
    const find = race.lose('kitchen.order-confirmed');
    const id = await place('made-in-vain');
    await pay(id);
    await race.reaches(id, 'confirmed');
    const ask = (path: string, body: object) =>
      race.request('POST', `/v1/orders/${id}/${path}`, { body, headers: { 'idempotency-key': path } });
    expect((await ask('hold', { reason: 'a strange order' })).status).to.equal(201);
    find();
    await until('its kitchen has it', () => race.types(`ticket-${ticketOf(id)}`).includes('TicketOpened'));
    await race.rest();
    race.forget('cancellation', 'OrderCancelled');
    expect((await ask('hold/resolution', { decision: 'reject', reason: 'too strange' })).status).to.equal(200);
    await race.reaches(id, 'cancelled');
    await race.refunded(1_000);
    await found(() => race.rest());
    expect(count(`ticket-${ticketOf(id)}`, 'TicketCancelled')).to.equal(1);
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 5, reserved: 0 });
  });

  it('one that was handed over and that nothing completes', async () => {
    const id = await place('uncompleted');
    await pay(id);
    await race.reaches(id, 'in_fulfilment');
    race.forget('completion', 'OrderFulfilled');
    await race.rest();
    await ofKitchen(id, 'bump');
    await ofKitchen(id, 'hand-over');
    await race.reaches(id, 'fulfilled');
    await found(() => race.rest());
    race.forward(A_DAY_MINUTES);
    await race.reaches(id, 'completed');
  });
});
