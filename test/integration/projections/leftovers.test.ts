import { expect } from 'chai';
import type { PaymentId } from '../../../src/domain/kernel/ids.js';
import type { OrderEvent } from '../../../src/domain/order/index.js';
import type { PaymentEvent } from '../../../src/domain/payment/index.js';
import type { ShipmentEvent } from '../../../src/domain/shipment/index.js';
import type { TicketEvent } from '../../../src/domain/ticket/index.js';
import { leftoverQueries } from '../../../src/projections/leftovers/queries.js';
import { orderProjection } from '../../../src/projections/order/projection.js';
import { orderViewSchema } from '../../../src/projections/order/schema.js';
import { paymentProjection } from '../../../src/projections/payments/projection.js';
import { paymentViewSchema } from '../../../src/projections/payments/schema.js';
import { kitchenProjection } from '../../../src/projections/kitchen/projection.js';
import { kitchenBoardSchema } from '../../../src/projections/kitchen/schema.js';
import { shipmentProjection } from '../../../src/projections/shipments/projection.js';
import { shipmentViewSchema } from '../../../src/projections/shipments/schema.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { aPayment, aShipment, aTicket, eur, idOf } from '../../support/fixtures.js';
import {
  cancellationDeclined,
  cancellationRequested,
  histories,
  orderFulfilled,
  orderPlaced,
  progressed,
  shipped,
} from '../../unit/domain/order/histories.js';
import { foreignRefund, histories as paymentHistories, refundRequested } from '../../unit/domain/payment/histories.js';
import { histories as parcels } from '../../unit/domain/shipment/histories.js';
import { histories as tickets } from '../../unit/domain/ticket/histories.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { givenProjection } from './given.js';

const PLACED_AT = Date.parse('2024-05-04T12:00:00Z');
/** Minutes after the orders of the histories were placed, which are due half an hour later. */
const timeAfter = (minutes: number): string => new Date(PLACED_AT + minutes * 60_000).toISOString();

interface Timer {
  readonly process: string;
  /** Minutes after the order was placed. */
  readonly due: number;
  readonly over?: 'fired' | 'cancelled';
}

describe('orders that may lack a next step', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([orderViewSchema, kitchenBoardSchema, shipmentViewSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const orderId = idOf('order', 1);

  /** Whether an order is among them, an hour after it was placed. */
  async function isFound(
    history: readonly OrderEvent[],
    {
      timers = [],
      all = false,
      before = 45,
      ticket = [],
      parcel = [],
      keep = false,
    }: {
      timers?: readonly Timer[];
      all?: boolean;
      before?: number;
      ticket?: readonly TicketEvent[];
      parcel?: readonly ShipmentEvent[];
      /** Whether it is still to be looked at otherwise. */
      keep?: boolean;
    } = {},
  ): Promise<boolean> {
    const [, ...rest] = history;
    const given = givenProjection(ground, orderProjection());
    const placed = history[0]?.type === 'OrderPlaced' ? history[0].data : undefined;
    await given.when(ground.log.append(`order-${orderId}`, orderPlaced({ ...placed, orderId }), ...rest));
    const kitchen = givenProjection(ground, kitchenProjection());
    if (ticket.length > 0) await kitchen.when(ground.log.append(`ticket-${aTicket}`, ...ticket));
    const courier = givenProjection(ground, shipmentProjection({ folds: createFolds({ reader: ground.log }) }));
    if (parcel.length > 0) await courier.when(ground.log.append(`shipment-${aShipment}`, ...parcel));
    for (const { process, due, over } of timers) {
      await ground.database.query(
        `INSERT INTO timers (id, process, correlation, due_at, command, fired_at, cancelled)
         VALUES ($1, $2, $3, $4, '{}', $5, $6)`,
        [
          `${process}/1`,
          process,
          orderId,
          timeAfter(due),
          over === 'fired' ? timeAfter(due) : null,
          over === 'cancelled',
        ],
      );
    }
    const wish = { before: timeAfter(before), late: timeAfter(40), all };
    const found = await leftoverQueries(ground.database).unfinishedOrders(wish);
    if (!keep) await ground.clear();
    return found.includes(orderId);
  }

  it('are those that wait for an answer, a decision or the kitchen, once they are old enough', async () => {
    for (const status of ['placed', 'on_hold', 'confirmed'] as const) {
      expect(await isFound(histories[status]), status).to.equal(true);
      expect(await isFound(histories[status], { before: 0 }), status).to.equal(false);
    }
  });

  it('are those that are not paid and that no timer ends', async () => {
    const { awaiting_payment: history } = histories;
    const process = 'payment-deadline';
    expect(await isFound(history)).to.equal(true);
    expect(await isFound(history, { timers: [{ process, due: 41 }] })).to.equal(false);
    expect(await isFound(history, { timers: [{ process, due: 39 }] }), 'it is late').to.equal(true);
    expect(await isFound(history, { timers: [{ process, due: 41, over: 'fired' }] })).to.equal(true);
    expect(await isFound(history, { timers: [{ process, due: 41, over: 'cancelled' }] })).to.equal(true);
    expect(await isFound(history, { timers: [{ process: 'payment-poll', due: 41 }] })).to.equal(true);
  });

  it('are those that somebody wants cancelled without an answer', async () => {
    const asked = [...histories.in_fulfilment, cancellationRequested];
    expect(await isFound(asked)).to.equal(true);
    expect(await isFound([...asked, cancellationDeclined()])).to.equal(false);
    expect(await isFound([...histories.fulfilled.slice(0, -1), cancellationRequested, orderFulfilled])).to.equal(false);
  });

  it('are, once in a while, those that wait for hands, and those that were handed over, without a timer', async () => {
    for (const [status, process] of [
      ['in_fulfilment', 'ticket-firing'],
      ['fulfilled', 'completion'],
    ] as const) {
      const history = histories[status];
      expect(await isFound(history), status).to.equal(false);
      expect(await isFound(history, { all: true }), status).to.equal(true);
      expect(await isFound(history, { all: true, timers: [{ process, due: 600 }] }), status).to.equal(false);
    }
    expect(await isFound([...histories.in_fulfilment, progressed('preparing')], { all: true })).to.equal(false);
  });

  it('are, once in a while, those whose kitchen or parcel is further than they know', async () => {
    const timers = [{ process: 'ticket-firing', due: 600 }];
    const made = [...histories.in_fulfilment, progressed('ready')];
    expect(await isFound(made, { all: true, ticket: tickets.ready })).to.equal(false);
    expect(await isFound(made, { all: true, ticket: tickets.handed_over })).to.equal(true);
    expect(await isFound(made, { ticket: tickets.handed_over }), 'not every two minutes').to.equal(false);
    const wish = { all: true, timers };
    for (const status of ['pending', 'packed'] as const) {
      expect(await isFound(shipped.allotted, { ...wish, parcel: parcels[status] }), status).to.equal(false);
    }
    expect(await isFound(shipped.allotted, wish), 'nobody made the parcel').to.equal(true);
    for (const status of ['in_transit', 'delivered', 'returned', 'lost', 'cancelled'] as const) {
      expect(await isFound(shipped.allotted, { ...wish, parcel: parcels[status] }), status).to.equal(true);
    }
    for (const status of ['in_transit', 'out_for_delivery', 'delivery_failed'] as const) {
      expect(await isFound(shipped.dispatched, { ...wish, parcel: parcels[status] }), status).to.equal(false);
    }
    for (const status of ['delivered', 'returned', 'lost'] as const) {
      expect(await isFound(shipped.dispatched, { ...wish, parcel: parcels[status] }), status).to.equal(true);
    }
  });

  it('are none that are over', async () => {
    for (const status of ['completed', 'cancelled', 'rejected', 'expired'] as const) {
      expect(await isFound(histories[status], { all: true }), status).to.equal(false);
    }
  });

  it('are, of those that are over, those that a kitchen has and, once in a while, those with a parcel that has not left', async () => {
    const over = async (history: readonly OrderEvent[], work: object, all = false, before = 45): Promise<boolean> => {
      await isFound(history, { ...work, keep: true });
      const found = await leftoverQueries(ground.database).deadOrdersAtWork({ before: timeAfter(before), all });
      await ground.clear();
      return found.includes(orderId);
    };
    for (const status of ['scheduled', 'queued', 'preparing', 'ready'] as const) {
      expect(await over(histories.cancelled, { ticket: tickets[status] }), status).to.equal(true);
      expect(await over(histories.in_fulfilment, { ticket: tickets[status] }), status).to.equal(false);
    }
    expect(await over(histories.cancelled, { ticket: tickets.queued }, false, 0), 'it is young').to.equal(false);
    for (const status of ['handed_over', 'cancelled'] as const) {
      expect(await over(histories.cancelled, { ticket: tickets[status] }), status).to.equal(false);
    }
    for (const status of ['pending', 'packed'] as const) {
      expect(await over(histories.cancelled, { parcel: parcels[status] }, true), status).to.equal(true);
      expect(await over(histories.cancelled, { parcel: parcels[status] }), 'not every two minutes').to.equal(false);
    }
    for (const status of ['in_transit', 'delivered', 'cancelled'] as const) {
      expect(await over(histories.cancelled, { parcel: parcels[status] }, true), status).to.equal(false);
    }
  });

  it('tell which timers were set for them, and which of those will go off', async () => {
    const { timersOf } = leftoverQueries(ground.database);
    const set = (id: string, fired: string | null, cancelled: boolean) =>
      ground.database.query(
        `INSERT INTO timers (id, process, correlation, due_at, command, fired_at, cancelled)
         VALUES ($1, 'completion', $2, $3, '{}', $4, $5)`,
        [id, orderId, timeAfter(10), fired, cancelled],
      );
    await set('a', null, false);
    await set('b', timeAfter(10), false);
    await set('c', null, true);
    const found = (await timersOf(orderId)).map(({ id, process, dueAt, isOpen }) => [id, process, dueAt, isOpen]);
    expect(found).to.have.deep.members([
      ['a', 'completion', timeAfter(10), true],
      ['b', 'completion', timeAfter(10), false],
      ['c', 'completion', timeAfter(10), false],
    ]);
    expect(await timersOf(idOf('order', 2))).to.deep.equal([]);
  });
});

describe('payments that may have moved money between two moments', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([orderViewSchema, paymentViewSchema]);
  });
  after(() => ground.leave());

  it('are those of orders that were placed then, and those with refunds that were asked for then', async () => {
    const [orderId, paymentId] = [idOf('order', 1), idOf('payment', 1)];
    const orders = givenProjection(ground, orderProjection());
    await orders.when(ground.log.append(`order-${orderId}`, orderPlaced({ orderId })));
    const payments = givenProjection(ground, paymentProjection({ folds: createFolds({ reader: ground.log }) }));
    const asked = refundRequested({ requestedAt: timeAfter(600), approval: 'auto' });
    await payments.when(ground.log.append(`payment-${paymentId}`, ...paymentHistories.captured, asked));
    const { paymentsBetween } = leftoverQueries(ground.database);
    const found = (from: number, until: number) => paymentsBetween(timeAfter(from), timeAfter(until));
    expect(await found(0, 1), 'its order was placed').to.deep.equal([paymentId]);
    expect(await found(-10, 0)).to.deep.equal([]);
    expect(await found(1, 600)).to.deep.equal([]);
    expect(await found(600, 601), 'its refund was asked for').to.deep.equal([paymentId]);
    expect(await found(601, 900)).to.deep.equal([]);
    await ground.clear();
  });

  it('are those of which the view does not say when: asked for later, agreed to later, made at the provider', async () => {
    const orderId = idOf('order', 1);
    const orders = givenProjection(ground, orderProjection());
    await orders.when(ground.log.append(`order-${orderId}`, orderPlaced({ orderId })));
    const payments = givenProjection(ground, paymentProjection({ folds: createFolds({ reader: ground.log }) }));
    const [opening, ...rest] = paymentHistories.captured;
    if (opening?.type !== 'PaymentOpened') throw new Error('nobody opened it');
    const append = async (number: number, change: object, ...more: readonly PaymentEvent[]) => {
      const paymentId = idOf('payment', number);
      const events = [{ ...opening, data: { ...opening.data, ...change, paymentId, orderId } }, ...rest, ...more];
      await payments.when(ground.log.append(`payment-${paymentId}`, ...events));
    };
    await append(1, {});
    await append(2, { ordinal: 2, dueAt: timeAfter(9_000) });
    await append(3, {}, refundRequested({ requestedAt: timeAfter(10), approval: 'required' }));
    await append(4, {}, foreignRefund());
    const { paymentsBetween } = leftoverQueries(ground.database);
    const found = (from: number, until: number) => paymentsBetween(timeAfter(from), timeAfter(until));
    expect(await found(8_000, 8_001)).to.deep.equal([2, 3, 4].map((number) => idOf('payment', number)));
    expect(await found(9_001, 9_002)).to.deep.equal([3, 4].map((number) => idOf('payment', number)));
  });
});

describe('orders without a page to pay at', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([orderViewSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const orderId = idOf('order', 1);
  const another = idOf('payment', 2);
  const link = (paymentId: PaymentId, until: number): OrderEvent => ({
    type: 'PaymentLinkAttached',
    data: { paymentId, url: 'http://127.0.0.1:8081/pay/cs_1', expiresAt: timeAfter(until) },
  });
  /** Whether the order is among them, so many minutes after it was placed. */
  async function isFound(history: readonly OrderEvent[], now = 10, before = now - 3): Promise<boolean> {
    const [, ...rest] = history;
    const given = givenProjection(ground, orderProjection());
    await given.when(ground.log.append(`order-${orderId}`, orderPlaced({ orderId }), ...rest));
    const found = await leftoverQueries(ground.database).ordersWithoutPage({
      before: timeAfter(before),
      now: timeAfter(now),
    });
    await ground.clear();
    return found.includes(orderId);
  }

  it('are those that wait for their payment and know of none, as long as there is time', async () => {
    const waiting = histories.awaiting_payment.filter(({ type }) => type !== 'PaymentLinkAttached');
    expect(await isFound(waiting)).to.equal(true);
    expect(await isFound(waiting, 30)).to.equal(false);
    expect(await isFound(waiting, 10, 0)).to.equal(false);
    expect(await isFound([...waiting, link(aPayment, 30)])).to.equal(false);
    for (const status of ['placed', 'confirmed', 'cancelled', 'expired'] as const) {
      expect(await isFound(histories[status]), status).to.equal(false);
    }
  });

  it('are those that ask for more and know of none for it', async () => {
    const requested: OrderEvent = {
      type: 'PaymentRequested',
      data: { paymentId: another, ordinal: 2, amount: eur(300), purpose: 'additional', dueAt: timeAfter(900) },
    };
    for (const status of ['confirmed', 'completed'] as const) {
      expect(await isFound([...histories[status], requested], 800), status).to.equal(true);
      expect(await isFound([...histories[status], requested], 900), status).to.equal(false);
      expect(await isFound([...histories[status], requested, link(another, 900)], 800), status).to.equal(false);
    }
  });
});
