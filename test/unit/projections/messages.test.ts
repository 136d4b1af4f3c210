import { expect } from 'chai';
import type { Sealed } from '../../../src/domain/kernel/sealed.js';
import { order, type OrderEvent } from '../../../src/domain/order/index.js';
import { messageOf } from '../../../src/projections/publishers/messages.js';
import { envelope } from '../../../src/projections/publishers/publisher.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import {
  anOrder,
  aPayment,
  at,
  dueAt,
  eur,
  idOf,
  main,
  openedTicket,
  sealedNote,
  sku,
} from '../../support/fixtures.js';
import { MemoryLog } from '../../support/projections.js';
import { rejectedOrder, servedOrder, servedTicket } from './histories.js';
import { told, typesOf } from './told.js';

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
