import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { DomainEvent } from '../../../src/domain/events.js';
import type { LocationId } from '../../../src/domain/kernel/ids.js';
import { orderStream, paymentStream, shipmentStream, ticketStream } from '../../../src/domain/kernel/streams.js';
import { stock } from '../../../src/domain/stock/index.js';
import { READ_MODELS } from '../../../src/main/roles/projections.js';
import { StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import { CHECKS } from '../../../src/verification/checks/index.js';
import type { Difference } from '../../../src/verification/difference.js';
import { COMPARISONS } from '../../../src/verification/verify.js';
import { dueAt, eur, idOf, later, main, openedTicket, placedOrder, sku } from '../../support/fixtures.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { Installation, payment, rejected, reservation, served, shelf, ticket, waiting } from './installation.js';

interface Planted {
  readonly check: string;
  readonly fault: string;
  /** Into the log, before everybody has come to its end. */
  readonly log?: (installation: Installation) => void;
  /** Into the tables, after that. */
  readonly tables?: (installation: Installation) => Promise<unknown>;
  readonly where: string;
  readonly text: RegExp;
}

const stranger = idOf('order', 9);
const aRefund = idOf('refund', 1);
const requested: DomainEvent = {
  type: 'RefundRequested',
  data: {
    refundId: aRefund,
    intentId: 'pi_1',
    amount: eur(500),
    reason: 'goodwill',
    approval: 'auto',
    requestedBy: 'admin/local',
    requestedAt: later,
  },
};
const sentTo = (transferId: string, qty: number): DomainEvent => ({
  type: 'TransferredOut',
  data: { transferId, sku: sku('sku-1'), from: main, to: 'harbour' as LocationId, qty },
});
const aShipment = idOf('shipment', 1);
const allotted: DomainEvent = {
  type: 'LinesAllotted',
  data: { shipmentId: aShipment, lines: [{ lineId: idOf('line', 1), qty: 1 }] },
};
const shipmentMade = (qty: number): DomainEvent => ({
  type: 'ShipmentCreated',
  data: {
    shipmentId: aShipment,
    orderId: served,
    orderNumber: 'ABCD-EFGH-JKMN-7',
    locationId: main,
    lines: [{ lineId: idOf('line', 1), sku: sku('sku-1'), name: 'Thing 1', qty }],
    createdAt: later,
  },
});
const query =
  (sql: string, ...params: readonly unknown[]) =>
  ({ ground }: Installation) =>
    ground.database.query(sql, params);

const planted: readonly Planted[] = [
  {
    check: 'revisions-gapless',
    fault: 'an event of a stream is gone',
    tables: ({ ground: { log } }) => {
      const gone = log.events.findIndex(({ stream }) => stream === shelf(1));
      log.events.splice(gone, 1);
      return Promise.resolve();
    },
    where: `${shelf(1)}@1`,
    text: /beginning of the stream is missing/,
  },
  {
    check: 'every-event-decodes',
    fault: 'an event cannot be read',
    tables: ({ ground: { log } }) => Promise.resolve(log.appendStored(orderStream(waiting), 'OrderExpired', {}, 1)),
    where: `${orderStream(waiting)}@3`,
    text: /OrderExpired cannot be read: .*dueAt/,
  },
  {
    check: 'every-event-decodes',
    fault: 'an event stands in a stream of another kind',
    tables: ({ ground: { log } }) => Promise.resolve(log.append(shelf(1), { type: 'OrderExpired', data: { dueAt } })),
    where: `${shelf(1)}@5`,
    text: /OrderExpired does not belong/,
  },
  {
    check: 'commands-took-effect-once',
    fault: 'a command was carried out twice',
    tables: ({ ground: { log } }) => {
      log.append(orderStream(waiting), { type: 'OrderExpired', data: { dueAt } });
      const first = log.events.find(({ stream }) => stream === orderStream(waiting));
      const before = log.events.filter(({ stream }) => stream === orderStream(waiting)).at(-2);
      // the last event has the command of the first one, and another command stands between them
      if (first && before)
        Object.assign(before, { metadata: { ...(before.metadata as object), commandId: 'another' } });
      return Promise.resolve();
    },
    where: `${orderStream(waiting)}@3`,
    text: /took effect before, and again here/,
  },
  {
    check: 'stock-never-below-zero',
    fault: 'an item was oversold for a moment',
    log: (installation) => {
      installation.reserve(stranger, 1, 9);
      installation.append(shelf(1), {
        type: 'ReservationReleased',
        data: { reservationId: reservation(stranger, 1), orderId: stranger, qty: 9, why: 'cancelled' },
      });
    },
    where: `${shelf(1)}@5`,
    text: /reserved 9 of 6 that could be promised/,
  },
  {
    check: 'reservations-have-orders',
    fault: 'units are held for an order that does not exist',
    log: (installation) => installation.reserve(stranger, 1),
    where: `${shelf(1)} ${reservation(stranger, 1)}`,
    text: /which does not exist/,
  },
  {
    check: 'reservations-have-orders',
    fault: 'units are held for an order that was rejected',
    log: (installation) => installation.reserve(rejected, 1),
    where: `${shelf(1)} ${reservation(rejected, 1)}`,
    text: /still held for order .* which is rejected/,
  },
  {
    check: 'orders-have-reservations',
    fault: 'an order that waits has lost its units',
    log: (installation) =>
      installation.append(shelf(2), {
        type: 'ReservationReleased',
        data: { reservationId: reservation(waiting, 2), orderId: waiting, qty: 2, why: 'expired' },
      }),
    where: orderStream(waiting),
    text: /has no units set aside/,
  },
  {
    check: 'orders-are-on-their-way',
    fault: 'nobody works on a placed order',
    log: (installation) =>
      installation.append(orderStream(stranger), { type: 'OrderPlaced', data: placedOrder({ orderId: stranger }) }),
    where: orderStream(stranger),
    text: /nothing reserves its stock/,
  },
  {
    check: 'orders-are-on-their-way',
    fault: 'an order waits for its payment without a timer',
    tables: query('UPDATE timers SET cancelled = true'),
    where: orderStream(waiting),
    text: /without a timer/,
  },
  {
    check: 'timers-are-right',
    fault: 'a timer is about nothing',
    tables: query('UPDATE timers SET correlation = $1', stranger),
    where: `timer payment-deadline/${waiting}/0`,
    text: /which does not exist/,
  },
  {
    check: 'timers-are-right',
    fault: 'a timer is set for another moment',
    tables: query('UPDATE timers SET due_at = $1', later),
    where: `timer payment-deadline/${waiting}/0`,
    text: /another moment/,
  },
  {
    check: 'timers-are-right',
    fault: 'a timer did not fire',
    tables: (installation) => installation.beat(60),
    where: `timer payment-deadline/${waiting}/0`,
    text: /has been due since .* and did not fire/,
  },
  {
    check: 'payments-are-opened',
    fault: 'no payment was opened',
    log: (installation) => {
      for (let index; (index = indexOfPayment(installation)) >= 0;) installation.ground.log.events.splice(index, 1);
    },
    tables: (installation) => installation.beat(10),
    where: orderStream(waiting),
    text: /was never opened/,
  },
  {
    check: 'payments-are-opened',
    fault: 'the payment of a dead order is still open',
    log: (installation) => installation.append(orderStream(waiting), { type: 'OrderExpired', data: { dueAt } }),
    tables: (installation) => installation.beat(10),
    where: orderStream(waiting),
    text: /expired, but its payment .* is still opened/,
  },
  {
    check: 'payments-are-counted',
    fault: 'captured money is not counted',
    log: (installation) => installation.capture(waiting),
    where: paymentStream(payment(waiting)),
    text: /2000 EUR of pi_1 are not counted/,
  },
  {
    check: 'payments-are-counted',
    fault: 'an order counts money that was never captured',
    log: (installation) => installation.confirm(waiting),
    where: orderStream(waiting),
    text: /counts pi_1 of .* which was never captured/,
  },
  {
    check: 'payments-are-counted',
    fault: 'a payment is for an order that does not exist',
    log: (installation) => {
      const paymentId = paymentIdOf(stranger, 1);
      installation.append(paymentStream(paymentId), {
        type: 'PaymentOpened',
        data: {
          paymentId,
          orderId: stranger,
          amount: eur(1),
          purpose: 'initial',
          captureMode: 'automatic',
          dueAt,
        },
      });
    },
    where: paymentStream(paymentIdOf(stranger, 1)),
    text: /which does not exist/,
  },
  {
    check: 'orders-are-on-their-way',
    fault: 'an order is on hold without a timer that ends it',
    log: (installation) =>
      installation.append(orderStream(waiting), {
        type: 'OrderHeld',
        data: { kind: 'manual', detail: 'a strange order', decideBy: later, resumeTo: 'awaiting_payment' },
      }),
    where: orderStream(waiting),
    text: /on hold until .* without a timer/,
  },
  {
    check: 'refunds-are-counted',
    fault: 'a refund went back and its order does not count it',
    log: (installation) => {
      installation.append(paymentStream(payment(served)), requested, {
        type: 'RefundSucceeded',
        data: { refundId: aRefund, amount: eur(500) },
      });
    },
    where: paymentStream(payment(served)),
    text: /500 of refund .* went back, and order .* does not count it/,
  },
  {
    check: 'refunds-are-counted',
    fault: 'somebody sent money back at the provider and the order does not count it',
    log: (installation) => {
      installation.append(paymentStream(payment(served)), {
        type: 'ForeignRefundRecorded',
        data: { providerRefundId: 're_9', amount: eur(500) },
      });
    },
    where: paymentStream(payment(served)),
    text: /500 of refund re_9 went back/,
  },
  {
    check: 'refunds-are-counted',
    fault: 'a refund failed and its order does not know',
    log: (installation) => {
      installation.append(paymentStream(payment(served)), requested, {
        type: 'RefundFailed',
        data: { refundId: aRefund, amount: eur(500), code: 'expired_or_canceled_card' },
      });
    },
    where: paymentStream(payment(served)),
    text: /refund .* failed, and order .* does not know it/,
  },
  {
    check: 'refunds-are-counted',
    fault: 'an order counts a refund that never went back',
    log: (installation) => {
      installation.append(orderStream(served), {
        type: 'RefundApplied',
        data: { paymentId: payment(served), refundId: 're_none', amount: eur(500), foreign: true },
      });
    },
    where: orderStream(served),
    text: /counts refund re_none, which never went back/,
  },
  {
    check: 'refunds-are-owed',
    fault: 'an order that expired keeps what it took',
    log: (installation) => {
      installation.capture(waiting);
      installation.confirm(waiting);
      installation.append(orderStream(waiting), {
        type: 'OrderCancelled',
        data: { reason: 'closed', by: 'staff' },
      });
    },
    where: orderStream(waiting),
    text: /does not owe all that it took/,
  },
  {
    check: 'one-ticket-an-order',
    fault: 'the kitchen has no ticket of a confirmed order',
    log: (installation) => {
      installation.capture(waiting);
      installation.confirm(waiting);
    },
    tables: (installation) => installation.beat(10),
    where: orderStream(waiting),
    text: /the kitchen has no ticket/,
  },
  {
    check: 'one-ticket-an-order',
    fault: 'an order is cooked twice',
    log: (installation) =>
      installation.append(ticketStream(idOf('ticket', 7)), {
        type: 'TicketOpened',
        data: openedTicket({ ticketId: idOf('ticket', 7), orderId: served }),
      }),
    where: ticketStream(idOf('ticket', 7)),
    text: /another ticket than the one of order/,
  },
  {
    check: 'transfers-arrive',
    fault: 'what was sent to another location never came there',
    log: (installation) => installation.append(shelf(1), sentTo('t-1', 2)),
    where: shelf(1),
    text: /sent 2 by transfer t-1, of which 0 arrived/,
  },
  {
    check: 'transfers-arrive',
    fault: 'another location took in what nobody sent',
    log: (installation) =>
      installation.append(shelf(2), { type: 'TransferredIn', data: { transferId: 't-2', from: main, qty: 2 } }),
    where: shelf(2),
    text: /took transfer t-2 in, which nobody sent/,
  },
  {
    check: 'shipments-and-orders-agree',
    fault: 'a shipment has units that its order set aside for nothing',
    log: (installation) => installation.append(shipmentStream(aShipment), shipmentMade(1)),
    where: shipmentStream(aShipment),
    text: /set nothing aside for it/,
  },
  {
    check: 'shipments-and-orders-agree',
    fault: 'a shipment has more units than its order set aside',
    log: (installation) => {
      installation.append(orderStream(served), allotted);
      installation.append(shipmentStream(aShipment), shipmentMade(2));
    },
    where: shipmentStream(aShipment),
    text: /has other units than order .* set aside/,
  },
  {
    check: 'shipments-and-orders-agree',
    fault: 'a shipment has left and its order does not know it',
    log: (installation) => {
      installation.append(orderStream(served), allotted);
      installation.append(shipmentStream(aShipment), shipmentMade(1), {
        type: 'ShipmentDispatched',
        data: { carrier: 'post', dispatchedAt: later, by: 'staff/1' },
      });
    },
    where: shipmentStream(aShipment),
    text: /is in_transit, and order .* knows it as allotted/,
  },
  {
    check: 'shipments-and-orders-agree',
    fault: 'an order set units aside for a shipment that was never made',
    log: (installation) => installation.append(orderStream(served), allotted),
    where: orderStream(served),
    text: /set units aside for shipment .*, which does not exist/,
  },
  {
    check: 'webhooks-are-worked',
    fault: 'a webhook was never worked',
    tables: query(
      `INSERT INTO webhook_inbox (provider, event_id, event_type, body, received_at, attempts, last_error)
       VALUES ('stripe', 'evt_1', 'checkout.session.completed', '{}', '2024-05-04T11:00:00Z', 3, 'silent')`,
    ),
    where: 'webhook evt_1',
    text: /not worked after 3 attempts: silent/,
  },
  {
    check: 'mails-are-settled',
    fault: 'a mail was begun and never went out',
    tables: query(
      `INSERT INTO notification_inbox (event_id, template, order_id, begun, created_at)
       VALUES ('event-1', 'placed', $1, 1, '2024-05-04T11:00:00Z')`,
      waiting,
    ),
    where: 'mail event-1',
    text: /placed, begun at 2024-05-04T11:00:00.000Z, did not go out/,
  },
  {
    check: 'nothing-is-parked',
    fault: 'a runner holds back a stream',
    tables: query(
      `INSERT INTO parked (runner, position, stream, revision, event_id, event_type, reason)
       VALUES ('placing', 1, $1, 0, '00000000-0000-5000-8000-000000000001', 'OrderPlaced', 'odd')`,
      orderStream(waiting),
    ),
    where: `${orderStream(waiting)}@0`,
    text: /placing holds back this event: odd/,
  },
  {
    check: 'runners-keep-up',
    fault: 'a runner stands still',
    tables: async (installation) => {
      await query(`UPDATE checkpoints SET position = 100 WHERE name = 'placing'`)(installation);
      await installation.beat(10);
    },
    where: 'runner placing',
    text: /stands still: events since .* wait for it/,
  },
  {
    check: 'runners-keep-up',
    fault: 'a runner stands beyond the end of the log',
    tables: query(`UPDATE checkpoints SET position = 999999 WHERE name = 'placing'`),
    where: 'runner placing',
    text: /beyond the end of the log/,
  },
  {
    check: 'read-models-equal-the-fold',
    fault: 'a row is older than its checkpoint',
    tables: query(`UPDATE stock_level_v1 SET revision = 3, view = jsonb_set(view::jsonb, '{reserved}', '7')::json`),
    where: `stock_level_v1 ${shelf(1)}`,
    text: /revision is not what the log says/,
  },
  {
    check: 'read-models-equal-the-fold',
    fault: 'a row is missing',
    tables: query('DELETE FROM kitchen_board_v2'),
    where: `kitchen_board_v2 ${ticket(served)}`,
    text: /is missing/,
  },
  {
    check: 'read-models-equal-the-fold',
    fault: 'a row stands for nothing',
    tables: query(`UPDATE kitchen_board_v2 SET id = 'tkt_nothing'`),
    where: 'kitchen_board_v2 tkt_nothing',
    text: /stands for nothing/,
  },
  {
    check: 'snapshots-equal-the-fold',
    fault: 'a snapshot is not what the stream amounted to',
    tables: query(
      `INSERT INTO snapshots (stream, state_version, revision, state) VALUES ($1, $2, 0, $3)`,
      shelf(1),
      stock.stateVersion,
      JSON.stringify({ state: { stock: { status: 'registered', onHand: 99 } } }),
    ),
    where: `snapshot of ${shelf(1)}`,
    text: /stock.onHand is not what the log says/,
  },
];

const indexOfPayment = ({ ground }: Installation): number =>
  ground.log.events.findIndex(({ stream }) => stream === paymentStream(payment(waiting)));

describe('a verification', () => {
  let ground: Ground;
  let installation: Installation;
  before(async function () {
    this.timeout(300_000);
    ground = await enter(READ_MODELS);
  });
  beforeEach(() => {
    installation = new Installation(ground);
    installation.live();
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const of = (check: string, differences: readonly Difference[]): readonly Difference[] =>
    differences.filter((difference) => difference.check === check);

  it('finds no difference where there is none, and says what it compared', async () => {
    await installation.settle();
    const { differences, events, streams, rows } = await installation.verify();
    expect(differences).to.deep.equal([]);
    expect(events).to.equal(ground.log.events.length);
    expect(streams).to.include({ order: 3, payment: 2, stock: 2, ticket: 1, location: 1 });
    expect(Object.values(rows).reduce((sum, count) => sum + count)).to.equal(9);
  });

  it('finds none in an installation that is empty', async () => {
    await ground.clear();
    const { differences, head } = await new Installation(ground).verify();
    expect(differences).to.deep.equal([]);
    expect(head).to.equal(null);
  });

  for (const { check, fault, log, tables, where, text } of planted) {
    it(`sees that ${fault}`, async () => {
      log?.(installation);
      await installation.settle();
      await tables?.(installation);
      const { differences } = await installation.verify();
      const found = of(check, differences).find(
        (difference) => difference.where === where && text.test(difference.text),
      );
      expect(found, JSON.stringify(differences, undefined, 2)).to.not.equal(undefined);
    });
  }

  it('has a fault planted for every rule', () => {
    const rules = [...CHECKS, ...COMPARISONS].map(({ name }) => name);
    const tried = new Set(planted.map(({ check }) => check));
    // no event can break this sum: only an evolve that is wrong could
    expect(rules.filter((name) => !tried.has(name))).to.deep.equal(['reserved-is-the-sum']);
  });

  it('takes for a step under way what runners have not come to yet', async () => {
    await installation.settle();
    installation.append(orderStream(waiting), { type: 'OrderExpired', data: { dueAt } });
    installation.append(orderStream(stranger), { type: 'OrderPlaced', data: placedOrder({ orderId: stranger }) });
    installation.append(shelf(1), { type: 'StockAdjusted', data: { from: 8, to: 7, reason: 'counted' } });
    expect((await installation.verify()).differences).to.deep.equal([]);
  });

  it('goes on where the connection to the log fails', async () => {
    await installation.settle();
    ground.log.drop(5);
    ground.log.cut(new StoreUnavailable('away'), 7);
    const { differences, events } = await installation.verify();
    expect(differences).to.deep.equal([]);
    expect(events).to.equal(ground.log.events.length);
  });

  it('leaves streams of others alone', async () => {
    await installation.settle();
    ground.log.appendStored('somebody-else', 'Whatever', {}, 1);
    const { differences, foreign } = await installation.verify();
    expect(differences).to.deep.equal([]);
    expect(foreign).to.equal(1);
  });
});
