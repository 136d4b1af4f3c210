import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { CloudEventEnvelope } from '../../../src/consumers/contracts/cloudEvent.js';
import { contracts, type MessageType } from '../../../src/consumers/contracts/index.js';
import type { DomainEvent } from '../../../src/domain/events.js';
import type { Sealed } from '../../../src/domain/kernel/sealed.js';
import { order, type OrderEvent } from '../../../src/domain/order/index.js';
import { jobOf } from '../../../src/projections/publishers/jobs.js';
import { isPublished, messageOf } from '../../../src/projections/publishers/messages.js';
import { BrokerUnavailable, MessageTooLarge } from '../../../src/projections/publishers/ports/messagePublisher.js';
import { envelope, publisherReactor } from '../../../src/projections/publishers/publisher.js';
import { UnprocessableEvent } from '../../../src/subscriptions/faults.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import {
  anOrder,
  aPayment,
  at,
  createdShipment,
  dueAt,
  eur,
  idOf,
  main,
  openedTicket,
  orderLine,
  placedOrder,
  sealedNote,
  sku,
} from '../../support/fixtures.js';
import { MemoryLog } from '../../support/projections.js';
import { rejectedOrder, servedOrder, servedTicket } from './histories.js';

/** What a stream's events are told as, decoded by their contracts on the way. */
async function told(stream: string, events: readonly DomainEvent[]) {
  const log = new MemoryLog();
  const recorded = log.append(stream, ...events);
  const messages = [];
  for (const event of recorded) {
    if (!isPublished(event.event.type)) continue;
    const message = await messageOf(event, createFolds({ reader: log }));
    if (!message) continue;
    const decoded = contracts[message.type].decode(JSON.parse(JSON.stringify(message.data)));
    if (E.isLeft(decoded)) throw new Error(`${message.type} breaks its contract`);
    messages.push(message);
  }
  return messages;
}
const typesOf = async (stream: string, events: readonly DomainEvent[]): Promise<MessageType[]> =>
  (await told(stream, events)).map(({ type }) => type);

const orderStream = `order-${anOrder}`;
const awaiting = servedOrder().slice(0, 4);
const applied = (amount: number, capturedTotal: number, intentId: string): OrderEvent => ({
  type: 'PaymentApplied',
  data: { paymentId: aPayment, intentId, amount: eur(amount), capturedTotal: eur(capturedTotal), method: 'card' },
});

describe('messages to other services', () => {
  it('tell the life of an order that is served', async () => {
    expect(await typesOf(orderStream, servedOrder())).to.deep.equal([
      'order.created.v1',
      'order.accepted.v1',
      'payment.link_ready.v1',
      'order.paid.v1',
      'order.confirmed.v1',
      'order.progressed.v1',
      'order.progressed.v1',
      'order.fulfilled.v1',
      'order.completed.v1',
    ]);
  });

  it('tell how a shipment fares from when it leaves, and never where it goes', async () => {
    const shipmentId = idOf('shipment', 1);
    const messages = await told(`shipment-${shipmentId}`, [
      {
        type: 'ShipmentCreated',
        data: {
          shipmentId,
          orderId: anOrder,
          orderNumber: 'ABCD-EFGH-JKMN-7',
          locationId: main,
          lines: [{ lineId: idOf('line', 1), sku: sku('sku-1'), name: 'Thing 1', qty: 1 }],
          createdAt: at,
          deliverTo: 'sealed' as Sealed,
        },
      },
      { type: 'ShipmentPacked', data: { packedAt: at, by: 'staff/1' } },
      { type: 'ShipmentDispatched', data: { carrier: 'post', dispatchedAt: at, by: 'staff/1', trackingNo: 'RR1' } },
      { type: 'OutForDelivery', data: { at, by: 'carrier/post' } },
      { type: 'DeliveryAttemptFailed', data: { attemptId: 'a', reason: 'nobody there', at, by: 'carrier/post' } },
      { type: 'ShipmentLost', data: { reason: 'gone', at, by: 'carrier/post' } },
      { type: 'ShipmentDelivered', data: { at, by: 'staff/1', reason: 'a neighbour had it' } },
    ]);
    expect(messages.map(({ type, data }) => [type, 'kind' in data ? data.kind : null])).to.deep.equal([
      ['shipment.dispatched.v1', null],
      ['shipment.exception.v1', 'attempt_failed'],
      ['shipment.exception.v1', 'lost'],
      ['shipment.delivered.v1', null],
    ]);
    expect(messages[0]?.data).to.have.nested.include({ 'shipment.trackingNo': 'RR1', 'shipment.carrier': 'post' });
    expect(JSON.stringify(messages)).not.to.contain('sealed');
  });

  it('tell that an order is rejected, expired or cancelled', async () => {
    expect(await typesOf(orderStream, rejectedOrder())).to.deep.equal(['order.created.v1', 'order.rejected.v1']);
    expect(await typesOf(orderStream, [...awaiting, { type: 'OrderExpired', data: { dueAt } }])).to.include(
      'order.expired.v1',
    );
    const cancelled: OrderEvent = { type: 'OrderCancelled', data: { reason: 'changed my mind', by: 'customer' } };
    const messages = await told(orderStream, [...awaiting, cancelled]);
    expect(messages.at(-1)).to.deep.include({ type: 'order.cancelled.v1', subject: anOrder });
    expect(messages.at(-1)?.data).to.deep.include({ reason: 'changed my mind', by: 'customer' });
  });

  it('tell that a cancellation was declined, why it was asked for and why it came too late', async () => {
    const cancellationId = idOf('cancellation', 1);
    const messages = await told(orderStream, [
      ...servedOrder().slice(0, -2),
      { type: 'CancellationRequested', data: { cancellationId, reason: 'changed my mind', by: 'customer' } },
      { type: 'CancellationDeclined', data: { cancellationId, cause: 'the kitchen has begun' } },
    ]);
    expect(messages.at(-1)).to.deep.include({ type: 'order.cancellation_declined.v1', subject: anOrder });
    const { order: _, ...declined } = messages.at(-1)?.data as { order: object };
    expect(declined).to.deep.equal({
      cancellationId,
      reason: 'changed my mind',
      by: 'customer',
      cause: 'the kitchen has begun',
    });
  });

  it('tell that an order is held, and what was decided', async () => {
    const hold = { kind: 'manual', detail: 'is that right?', decideBy: dueAt, resumeTo: 'awaiting_payment' } as const;
    const messages = await told(orderStream, [
      ...awaiting,
      { type: 'OrderHeld', data: hold },
      { type: 'OrderHoldResolved', data: { decision: 'accept', by: 'staff', paymentDueAt: dueAt } },
    ]);
    expect(messages.slice(-2).map(({ type }) => type)).to.deep.equal(['order.held.v1', 'order.hold_resolved.v1']);
    const { order: block, ...decided } = messages.at(-1)?.data as { order: { status: string } };
    expect(decided).to.deep.equal({ decision: 'accept', by: 'staff', paymentDueAt: dueAt });
    expect(block.status, 'just after it').to.equal('awaiting_payment');
  });

  it('tell of a ticket that is opened, ready and handed over', async () => {
    expect(await typesOf('ticket-1', servedTicket)).to.deep.equal([
      'kitchen.ticket_opened.v1',
      'kitchen.ticket_ready.v1',
      'kitchen.ticket_handed_over.v1',
    ]);
  });

  it('tell the number that a ticket is called out by on the day for which it was moved', async () => {
    const messages = await told('ticket-1', [
      { type: 'TicketOpened', data: openedTicket({ pickupNo: 17 }) },
      { type: 'TicketRenumbered', data: { pickupNo: 3, businessDate: '2024-05-05' } },
      ...servedTicket.slice(1),
    ]);
    const numbers = messages.map(({ data }) => (data as { ticket: { pickupNo: number } }).ticket.pickupNo);
    expect(numbers).to.deep.equal([17, 3, 3]);
  });

  it('say of no order and no ticket what people noted of it, not even sealed', async () => {
    const note = sealedNote('no onions');
    const [placed, ...others] = servedOrder();
    if (placed?.type !== 'OrderPlaced') throw new Error('an order is placed first');
    const data = { ...placed.data, note, lines: placed.data.lines.map((line) => ({ ...line, note })) };
    const items = openedTicket().items.map((item) => ({ ...item, note }));
    const messages = [
      ...(await told(orderStream, [{ type: 'OrderPlaced', data }, ...others])),
      ...(await told('ticket-1', [
        { type: 'TicketOpened', data: openedTicket({ note, items }) },
        ...servedTicket.slice(1),
      ])),
    ];
    expect(messages.length).to.be.greaterThan(10);
    expect(JSON.stringify(messages)).not.to.contain(note);
  });

  it('tell of money that was captured, under the payment that captured it', async () => {
    const [message] = await told(`payment-${aPayment}`, [
      {
        type: 'PaymentCaptured',
        data: {
          orderId: anOrder,
          amount: eur(2_000),
          intentId: 'pi_1',
          method: { kind: 'card' },
          seenBy: 'webhook',
          late: false,
        },
      },
    ]);
    expect(message).to.deep.equal({
      type: 'payment.captured.v1',
      subject: aPayment,
      data: { paymentId: aPayment, orderId: anOrder, amount: eur(2_000), method: 'card', late: false },
    });
  });

  it('call an order paid once: when what was captured covers the total for the first time', async () => {
    const paidOf = async (...payments: readonly OrderEvent[]): Promise<number> =>
      (await typesOf(orderStream, [...awaiting, ...payments])).filter((type) => type === 'order.paid.v1').length;
    expect(await paidOf(applied(1_999, 1_999, 'pi_1'))).to.equal(0);
    expect(await paidOf(applied(1_999, 1_999, 'pi_1'), applied(1, 2_000, 'pi_2'))).to.equal(1);
    expect(await paidOf(applied(2_000, 2_000, 'pi_1'), applied(2_000, 4_000, 'pi_2'))).to.equal(1);
    expect(await paidOf(applied(2_500, 2_500, 'pi_1'))).to.equal(1);
  });

  it('show the order as it stood just after the event, however far it went on', async () => {
    const [created, accepted] = await told(orderStream, servedOrder());
    expect(created?.data).to.have.nested.property('order.status', 'placed');
    expect(accepted?.data).to.have.nested.property('order.status', 'awaiting_payment');
    expect(accepted?.data).to.deep.include({ amountDue: eur(2_000), paymentId: aPayment, paymentDueAt: dueAt });
    expect(accepted?.data).to.have.deep.nested.property('order.totals', {
      items: eur(2_000),
      discount: eur(0),
      delivery: eur(0),
      tax: eur(0),
      tip: eur(0),
      grand: eur(2_000),
    });
  });

  it('have the same bytes whenever they are made, from a warm fold or from the stream', async () => {
    const log = new MemoryLog();
    const warm = createFolds({ reader: log });
    await warm.latest(order, orderStream);
    const events = log.append(orderStream, ...servedOrder());
    for (const event of events) {
      warm.advance(event);
      const first = await messageOf(event, warm);
      const again = await messageOf(event, createFolds({ reader: log }));
      if (!first || !again) continue;
      expect(JSON.stringify(envelope(event, first))).to.equal(JSON.stringify(envelope(event, again)));
    }
  });
});

describe('messages of stock, offers and the ends of payments', () => {
  const stockStream = `stock-soup_${main}`;
  const registered: DomainEvent = {
    type: 'StockRegistered',
    data: { sku: sku('soup'), locationId: main, onHand: 10, threshold: 4, safety: 1, backorderLimit: 0, unit: 'piece' },
  };
  const reserved: DomainEvent = {
    type: 'StockReserved',
    data: { reservationId: idOf('reservation', 1), orderId: anOrder, qty: 6 },
  };

  it('tell what lies on the shelf when that changes, and nothing of what is only set aside', async () => {
    const used = { reservationId: idOf('reservation', 1), orderId: anOrder, qty: 2, by: 'tkt_1' };
    const messages = await told(stockStream, [
      registered,
      reserved,
      { type: 'StockReceived', data: { receiptId: 'r', qty: 5, ref: 'note 1' } },
      { type: 'StockConsumed', data: used },
      { type: 'StockAdjusted', data: { from: 13, to: 12, reason: 'broken' } },
    ]);
    const block = { sku: 'soup', locationId: 'main' };
    expect(messages.map(({ type, data }) => [type, data])).to.deep.equal([
      ['stock.changed.v1', { ...block, onHand: 10, reserved: 0, available: 9 }],
      ['stock.changed.v1', { ...block, onHand: 15, reserved: 6, available: 8 }],
      ['stock.changed.v1', { ...block, onHand: 13, reserved: 4, available: 8 }],
      ['stock.changed.v1', { ...block, onHand: 12, reserved: 4, available: 7 }],
    ]);
  });

  it('tell when it becomes few, is gone, or is less than was promised, and to whom', async () => {
    const messages = await told(stockStream, [
      registered,
      reserved,
      { type: 'LowStockReached', data: { available: 3, threshold: 4 } },
      { type: 'StockDepleted', data: {} },
      { type: 'StockShortfallDetected', data: { missing: 2, reservations: [idOf('reservation', 1)] } },
    ]);
    const block = { sku: 'soup', locationId: 'main', onHand: 10, reserved: 6, available: 3 };
    expect(messages.slice(1).map(({ type, data }) => [type, data])).to.deep.equal([
      ['stock.low.v1', { ...block, threshold: 4 }],
      ['stock.depleted.v1', block],
      ['stock.shortfall.v1', { ...block, missing: 2, orders: [anOrder] }],
    ]);
  });

  it('tell of an offer from when it is on sale', async () => {
    const details = { name: 'Soup', trackStock: true, taxClass: 'standard' };
    const messages = await told('offer-soup', [
      { type: 'OfferDrafted', data: { sku: sku('soup'), ...details } },
      { type: 'PriceSet', data: { price: eur(500), validFrom: at } },
      { type: 'OfferPublished', data: {} },
      { type: 'PriceSet', data: { price: eur(550), validFrom: at } },
      { type: 'OfferSuspended', data: { reason: 'sold out', locationId: main } },
      { type: 'OfferResumed', data: { locationId: main } },
      { type: 'PriceSet', data: { price: eur(600), validFrom: at, locationId: main } },
      { type: 'OfferRetired', data: {} },
    ]);
    expect(messages.map(({ type, data }) => [type, data])).to.deep.equal([
      ['offer.changed.v1', { sku: 'soup', name: 'Soup', price: eur(500) }],
      ['offer.changed.v1', { sku: 'soup', name: 'Soup', price: eur(550) }],
      ['offer.suspended.v1', { sku: 'soup', reason: 'sold out', locationId: main }],
      ['offer.changed.v1', { sku: 'soup', name: 'Soup', price: eur(550) }],
      ['offer.suspended.v1', { sku: 'soup', reason: 'retired' }],
    ]);
  });

  it('tell how a payment ended, of a payer who disputes it, and of a refund that somebody made at the provider', async () => {
    const opened: DomainEvent = {
      type: 'PaymentOpened',
      data: {
        paymentId: aPayment,
        orderId: anOrder,
        amount: eur(2_000),
        purpose: 'initial',
        captureMode: 'automatic',
        dueAt,
      },
    };
    const dispute = { disputeId: 'dp_1', amount: eur(2_000) };
    const about = { paymentId: aPayment, orderId: anOrder };
    const ends = async (...events: readonly DomainEvent[]) =>
      (await told(`payment-${aPayment}`, [opened, ...events])).map(({ type, data }) => [type, data]);
    expect(await ends({ type: 'PaymentClosed', data: { why: 'expired' } })).to.deep.equal([
      ['payment.closed.v1', { ...about, why: 'expired' }],
    ]);
    expect(await ends({ type: 'PaymentFailed', data: { code: 'declined' } })).to.deep.equal([
      ['payment.failed.v1', { ...about, code: 'declined' }],
    ]);
    expect(
      await ends(
        { type: 'DisputeOpened', data: { ...dispute, status: 'needs_response', evidenceDueBy: dueAt } },
        { type: 'DisputeClosed', data: { ...dispute, outcome: 'lost' } },
      ),
    ).to.deep.equal([
      ['payment.dispute_opened.v1', { ...about, ...dispute, dueBy: dueAt }],
      ['payment.dispute_closed.v1', { ...about, ...dispute, outcome: 'lost' }],
    ]);
    const elsewhere = { providerRefundId: 're_9', amount: eur(700) };
    expect(
      await ends(
        { type: 'ForeignRefundRecorded', data: { ...elsewhere, intentId: 'pi_1' } },
        { type: 'ForeignRefundFailed', data: { ...elsewhere, code: 'lost_or_stolen_card' } },
      ),
    ).to.deep.equal([
      ['refund.foreign_recorded.v1', { ...about, ...elsewhere }],
      ['refund.foreign_failed.v1', { ...about, ...elsewhere, code: 'lost_or_stolen_card' }],
    ]);
    // closed before anybody opened it: nobody knows whose it was
    expect(await told(`payment-${aPayment}`, [{ type: 'PaymentClosed', data: { why: 'cancelled' } }])).to.deep.equal(
      [],
    );
  });
});

describe('jobs for engines', () => {
  const shipmentId = idOf('shipment', 1);
  const home = 'p1:ord:c2VhbGVk' as Sealed;
  const created: DomainEvent = {
    type: 'ShipmentCreated',
    data: createdShipment({ deliverTo: home }),
  };
  const place = { name: 'Main', street: 'Market 1', city: 'Genova', country: 'IT' };
  const wish: DomainEvent = {
    type: 'LabelRequested',
    data: {
      bookingId: 'b1',
      carrier: 'post',
      parcels: [{ weight: 1200 }],
      from: { locationId: main, name: 'Main', address: place },
      at,
      by: 'staff/1',
    },
  };
  const moved: DomainEvent = { type: 'ShipmentReaddressed', data: { deliverTo: 'p1:ord:ZWxzZQ' as Sealed, by: 'a' } };

  it('ask a carrier for a label, with all that it needs, and with whom it is for as it was sealed', async () => {
    const log = new MemoryLog();
    const recorded = log.append(`shipment-${shipmentId}`, created, wish, moved);
    const job = async () => JSON.stringify(await jobOf(recorded[1]!, createFolds({ reader: log })));
    expect(isPublished('LabelRequested')).to.equal(true);
    expect(await messageOf(recorded[1]!, createFolds({ reader: log }))).to.equal(undefined);
    expect(JSON.parse(await job())).to.deep.equal({
      type: 'carrier.booking_requested.v1',
      subject: shipmentId,
      data: {
        bookingId: 'b1',
        shipmentId,
        orderNumber: 'ABCD-EFGH-JKMN-7',
        carrier: 'post',
        parcels: [{ weight: 1200 }],
        from: { locationId: 'main', name: 'Main', place },
        to: home,
        deadline: '2024-05-05T12:00:00.000Z',
      },
    });
    // also when it goes elsewhere by now: the same event is the same job
    expect(await job()).to.equal(await job());
  });

  it('ask a carrier to take back a label that is not used, with the number that it is known by', async () => {
    const log = new MemoryLog();
    const bought: DomainEvent = {
      type: 'LabelBought',
      data: { bookingId: 'b1', carrier: 'post', carrierEventId: 'l1', trackingNo: 'RR1', at, by: 'carrier/post' },
    };
    const unused: DomainEvent = {
      type: 'LabelVoidRequested',
      data: { bookingId: 'b1', carrier: 'post', trackingNo: 'RR1' },
    };
    const recorded = log.append(`shipment-${shipmentId}`, created, wish, bought, moved, unused);
    expect(isPublished('LabelVoidRequested')).to.equal(true);
    expect(await messageOf(recorded[4]!, createFolds({ reader: log }))).to.equal(undefined);
    expect(await jobOf(recorded[4]!, createFolds({ reader: log }))).to.deep.equal({
      type: 'carrier.label_void_requested.v1',
      subject: shipmentId,
      data: {
        bookingId: 'b1',
        shipmentId,
        orderNumber: 'ABCD-EFGH-JKMN-7',
        carrier: 'post',
        trackingNo: 'RR1',
        deadline: new Date(Date.parse(recorded[4]!.meta.at) + 24 * 60 * 60_000).toISOString(),
      },
    });
  });

  it('ask whether an order may be accepted, with what it weighs and what was known of the customer when it was placed', async () => {
    const screening = { timeoutSeconds: 30, onSilence: 'hold', reviewWeightAbove: 1000, reviewNewAbove: 50 } as const;
    const jobFor = async (change: Parameters<typeof placedOrder>[0]) => {
      const log = new MemoryLog();
      const data = placedOrder({ screening, checkId: idOf('check', 1), ...change });
      const [placed] = log.append(orderStream, { type: 'OrderPlaced', data });
      const job = await jobOf(placed!, createFolds({ reader: log }));
      const decoded = contracts['check.requested.v1'].decode(JSON.parse(JSON.stringify(job?.data)));
      if (E.isLeft(decoded)) throw new Error('the job breaks its contract');
      return decoded.right;
    };
    const lines = [orderLine(1, { qty: 3, weight: 350 }), orderLine(2), orderLine(3, { qty: 1, weight: 200 })];
    const since = '2024-05-01T13:00:00.000Z';
    const known = { orders: 2, flags: ['failed_before' as const], since };
    const destination = { country: 'DE', region: 'BE', postalPrefix: '120', zone: 'south' };
    const full = await jobFor({ lines, customer: known, destination });
    expect(full).to.deep.include({
      destination,
      weight: 1250,
      account: { age: 2, orders: 2, flags: ['failed_before'] },
      limits: { reviewWeightAbove: 1000, reviewNewAbove: 50 },
    });
    expect(await jobFor({ customer: { orders: 0, flags: ['new'] } })).to.deep.include({
      account: { age: 0, orders: 0, flags: ['new'] },
    });
    expect(await jobFor({})).not.to.have.any.keys('weight', 'account');
  });
});

describe('the publisher', () => {
  const publishing = (publish: (message: unknown) => Promise<void>) => {
    const log = new MemoryLog();
    const [event] = log.append(orderStream, ...servedOrder());
    if (!event) throw new Error('no event');
    const reactor = publisherReactor({ folds: createFolds({ reader: log }), publisher: { publish } });
    return { event, reactor };
  };

  it('sends a CloudEvent whose id is the event that it tells of', async () => {
    const sent: unknown[] = [];
    const { event, reactor } = publishing((message) => Promise.resolve(void sent.push(message)));
    await reactor.react(event);
    const [message] = sent;
    expect(E.isRight(CloudEventEnvelope.decode(message))).to.equal(true);
    expect(message).to.deep.include({
      id: event.id,
      type: 'order.created.v1',
      source: '/comanda',
      subject: anOrder,
      time: event.meta.at,
      streamrevision: 0,
      position: '100',
      correlationid: event.meta.correlationId,
      causationid: event.meta.commandId,
      dataschema: 'urn:comanda:message:order.created.v1',
    });
  });

  it('is not done before the broker has confirmed', async () => {
    let confirm: (() => void) | undefined;
    const { event, reactor } = publishing(() => new Promise((resolve) => (confirm = resolve)));
    let done = false;
    const reacting = reactor.react(event).then(() => (done = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).to.equal(false);
    confirm?.();
    await reacting;
  });

  it('leaves a broker that is away to the runner, which tries again', async () => {
    const { event, reactor } = publishing(() => Promise.reject(new BrokerUnavailable('away')));
    const failure = await reactor.react(event).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(BrokerUnavailable);
  });

  it('gives up at once on a message that will never fit', async () => {
    const { event, reactor } = publishing(() => Promise.reject(new MessageTooLarge('id', 600_000, 524_288)));
    const failure = await reactor.react(event).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(UnprocessableEvent);
  });

  it('keeps the messages of one stream in order', () => {
    const { event, reactor } = publishing(() => Promise.resolve());
    expect(reactor.key(event)).to.equal(orderStream);
  });
});
