import { expect } from 'chai';
import type { DomainEvent } from '../../../src/domain/events.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { stockStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { representStock, stock, type StockEvent } from '../../../src/domain/stock/index.js';
import { tasks } from '../../../src/processes/tasks.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, main, sku } from '../../support/fixtures.js';
import {
  cancellationRequested,
  histories as orders,
  linesAllotted,
  linesCancelled,
  linesReleased,
  orderCancelled,
  orderHeld,
  shipped,
} from '../domain/order/histories.js';
import { busyStock } from '../projections/histories.js';
import { opened as opening } from './support/payments.js';
import { commandsOf, names, playEvent } from './support/play.js';
import { recorded } from './support/recorded.js';

const refundId = idOf('refund', 1);
const requested = (approval: 'auto' | 'required'): PaymentEvent => ({
  type: 'RefundRequested',
  data: {
    refundId,
    intentId: 'pi_1',
    amount: eur(500),
    reason: 'goodwill',
    approval,
    requestedBy: 'admin/local',
    requestedAt: at,
  },
});

/** What follows from the last of these events of one payment. */
function afterPayment(...events: readonly PaymentEvent[]) {
  const last = events.at(-1);
  if (!last) throw new Error('no event');
  return playEvent(tasks, recorded(`payment-${aPayment}`, last, events.length - 1), {
    payment: fold(payment, payment.initial, events),
  });
}
const afterOrder = (event: DomainEvent, before: keyof typeof orders | undefined = undefined) =>
  playEvent(
    tasks,
    recorded(`order-${anOrder}`, event, 5),
    before === undefined ? {} : { before: fold(order, order.initial, orders[before]) },
  );
const opened = (rounds: Parameters<typeof commandsOf>[0]) => commandsOf(rounds, 'OpenTask').map(({ task }) => task);
const target = (rounds: Parameters<typeof commandsOf>[0]) =>
  rounds.flat().map((step) => 'stream' in step && step.stream);

describe('tasks', () => {
  it('tells that held money was let go, and not where somebody gave back what was taken of it', () => {
    const held: PaymentEvent = {
      type: 'PaymentAuthorized',
      data: {
        orderId: anOrder,
        amount: eur(2000),
        intentId: 'pi_1',
        method: { kind: 'card' },
        seenBy: 'poll',
        late: false,
      },
    };
    const taken: PaymentEvent = {
      type: 'ProviderMismatchDetected',
      data: { expected: eur(2000), actual: eur(1500), intentId: 'pi_1' },
    };
    const voided = recorded(`payment-${aPayment}`, { type: 'PaymentVoided', data: { intentId: 'pi_1' } }, 4);
    const after = (...events: readonly PaymentEvent[]) =>
      opened(playEvent(tasks, voided, { payment: fold(payment, payment.initial, events) }));
    expect(after(opening, held).map(({ kind }) => kind)).to.deep.equal(['authorization_lost']);
    expect(after(opening, held, taken)).to.deep.equal([]);
  });

  it('asks somebody to approve a refund that needs it, and is done with that when it is decided', () => {
    const wanted = afterPayment(opening, requested('required'));
    expect(opened(wanted)).to.have.length(1);
    expect(opened(wanted)[0]).to.deep.include({
      kind: 'refund_approval',
      about: { orderId: anOrder, paymentId: aPayment, refundId },
    });
    const approved: PaymentEvent = { type: 'RefundApproved', data: { refundId, by: 'admin/local' } };
    const decided = afterPayment(opening, requested('required'), approved);
    expect(commandsOf(decided, 'CompleteTask')).to.have.length(1);
    expect(target(decided)).to.deep.equal(target(wanted));
  });

  it('asks nobody about a refund that goes by itself', () => {
    expect(afterPayment(opening, requested('auto'))).to.deep.equal([]);
    const approved: PaymentEvent = { type: 'RefundApproved', data: { refundId, by: 'policy' } };
    expect(afterPayment(opening, requested('auto'), approved)).to.deep.equal([]);
  });

  it('shows a refund that failed, and one that no payment can give', () => {
    const failed: PaymentEvent = { type: 'RefundFailed', data: { refundId, amount: eur(500), code: 'lost_card' } };
    expect(opened(afterPayment(opening, requested('auto'), failed))[0]).to.deep.include({
      kind: 'refund_failed',
      text: 'a refund of 500 minor units of EUR failed: lost_card',
    });
    const noted = { paymentId: aPayment, refundId, amount: eur(500) };
    expect(opened(afterOrder({ type: 'RefundFailedNoted', data: { ...noted, code: 'nothing-left' } }))).to.have.length(
      1,
    );
    // the payment's own word of it opened the task already
    expect(afterOrder({ type: 'RefundFailedNoted', data: { ...noted, code: 'lost_card' } })).to.deep.equal([]);
  });

  it('shows a refund that was made at the provider and failed', () => {
    const elsewhere = { providerRefundId: 're_9', amount: eur(500) };
    const made: PaymentEvent = { type: 'ForeignRefundRecorded', data: elsewhere };
    const failed: PaymentEvent = { type: 'ForeignRefundFailed', data: { ...elsewhere, code: 'lost_card' } };
    expect(afterPayment(opening, made)).to.deep.equal([]);
    const [asked] = opened(afterPayment(opening, made, failed));
    expect(asked).to.deep.include({
      kind: 'refund_failed',
      about: { orderId: anOrder, paymentId: aPayment },
      text: 'a refund of 500 minor units of EUR that was made at the provider failed: re_9: lost_card',
    });
    // the order says what its payment said
    const noted = { paymentId: aPayment, refundId: 're_9', amount: eur(500), code: 'lost_card', foreign: true };
    expect(afterOrder({ type: 'RefundFailedNoted', data: noted })).to.deep.equal([]);
  });

  it('shows another amount than was asked for, and a dispute until it is over', () => {
    const mismatch: PaymentEvent = {
      type: 'ProviderMismatchDetected',
      data: { expected: eur(2000), actual: { amount: 2000, currency: 'USD' }, intentId: 'pi_1' },
    };
    const differs = afterPayment(opening, mismatch);
    expect(opened(differs)[0]?.kind).to.equal('mismatch');
    // it is over once somebody has decided what becomes of it
    const money = { amount: { amount: 2000, currency: 'USD' }, intentId: 'pi_1' };
    const how = { method: { kind: 'card' }, seenBy: 'webhook', late: false } as const;
    const ends: readonly PaymentEvent[] = [
      { type: 'PaymentCaptured', data: { orderId: anOrder, ...money, ...how, accepted: { by: 'staff/ann' } } },
      { ...requested('auto'), data: { ...requested('auto').data, amount: money.amount } } as PaymentEvent,
      { type: 'ForeignRefundRecorded', data: { providerRefundId: 're_9', ...money } },
    ];
    for (const end of ends) {
      const after = afterPayment(opening, mismatch, end);
      expect(target(after), end.type).to.deep.equal(target(differs));
      expect(names(after)).to.deep.equal([['CompleteTask']]);
    }
    // most money comes as it was asked for
    const usual: PaymentEvent = { type: 'PaymentCaptured', data: { orderId: anOrder, ...money, ...how } };
    expect(afterPayment(opening, usual)).to.deep.equal([]);
    const disputed: PaymentEvent = {
      type: 'DisputeOpened',
      data: { disputeId: 'dp_1', amount: eur(2000), status: 'needs_response', evidenceDueBy: dueAt },
    };
    const asked = afterPayment(opening, disputed);
    expect(opened(asked)[0]).to.deep.include({ kind: 'dispute', dueAt });
    const lost: PaymentEvent = {
      type: 'DisputeClosed',
      data: { disputeId: 'dp_1', amount: eur(2000), outcome: 'lost' },
    };
    expect(target(afterPayment(opening, disputed, lost))).to.deep.equal(target(asked));
  });

  it('is done with another amount, and with a refund of it that failed, once that is let go, or goes back once more', () => {
    const mismatch: PaymentEvent = {
      type: 'ProviderMismatchDetected',
      data: { expected: eur(2000), actual: eur(500), intentId: 'pi_1' },
    };
    const manual = { ...opening, data: { ...opening.data, captureMode: 'manual' } } as PaymentEvent;
    const held = { orderId: anOrder, amount: eur(500), intentId: 'pi_1', method: { kind: 'card' }, late: false };
    const [differs] = target(afterPayment(opening, mismatch));
    const letGo: readonly PaymentEvent[] = [
      { type: 'PaymentAuthorized', data: { ...held, seenBy: 'webhook' } },
      { type: 'VoidRequested', data: { by: 'staff/ann', reason: 'no' } },
    ];
    expect(target(afterPayment(manual, mismatch, ...letGo))).to.deep.equal([differs]);
    const lapsed: PaymentEvent = { type: 'PaymentFailed', data: { code: 'released' } };
    expect(target(afterPayment(manual, mismatch, lapsed))).to.deep.equal([differs]);
    expect(afterPayment(manual, lapsed)).to.deep.equal([]);
    const failed: PaymentEvent = { type: 'RefundFailed', data: { refundId, amount: eur(500), code: 'lost_card' } };
    const again = { ...requested('auto'), data: { ...requested('auto').data, refundId: idOf('refund', 2) } };
    const astray = [opening, mismatch, requested('auto'), failed];
    const [shown] = target(afterPayment(...astray));
    expect(target(afterPayment(...astray, again as PaymentEvent))).to.deep.equal([differs, shown]);
  });

  it('shows an order that nobody can pay, until its payment is over', () => {
    const failed: PaymentEvent = { type: 'CheckoutSessionFailed', data: { code: 'amount_too_small', text: 'no' } };
    const asked = afterPayment(opening, failed);
    expect(opened(asked)[0]).to.deep.include({
      kind: 'no_payment_page',
      about: { orderId: anOrder, paymentId: aPayment },
      text: 'the provider makes no page to pay at: amount_too_small: no',
    });
    const closed: PaymentEvent = { type: 'PaymentClosed', data: { why: 'expired' } };
    expect(target(afterPayment(opening, failed, closed))).to.deep.equal(target(asked));
    expect(afterPayment(opening, closed)).to.deep.equal([]);
  });

  /** What follows from the last event of an order's history. */
  const afterHistory = (history: readonly OrderEvent[]) => {
    const last = history.at(-1);
    if (!last) throw new Error('no event');
    const stateAfter = (length: number) => fold(order, order.initial, history.slice(0, length));
    const state = { before: stateAfter(history.length - 1), after: stateAfter(history.length) };
    return playEvent(tasks, recorded(`order-${anOrder}`, last, history.length - 1), state);
  };

  it('shows what is to be packed until nothing of it lies loose', () => {
    const asked = afterHistory(shipped.to_ship);
    expect(opened(asked)[0]).to.deep.include({
      kind: 'to_ship',
      about: { orderId: anOrder, locationId: 'main' },
      text: 'the order ABCD-EFGH-JKMN-7 is to be packed',
    });
    const half = [...shipped.to_ship, linesAllotted({ 1: 2 })];
    expect(afterHistory(half)).to.deep.equal([]);
    expect(target(afterHistory(shipped.allotted))).to.deep.equal(target(asked));
    expect(target(afterHistory([...half, linesCancelled({ 2: 2 })]))).to.deep.equal(target(asked));
    expect(target(afterHistory([...shipped.to_ship, orderCancelled]))).to.deep.equal(target(asked));
    // what a kitchen makes nobody packs
    expect(afterHistory(orders.in_fulfilment)).to.deep.equal([]);
  });

  it('shows a parcel that did not arrive until its units are in another one', () => {
    const lost = [...shipped.dispatched, linesReleased('lost')];
    const asked = afterHistory(lost);
    expect(opened(asked)[0]?.text).to.equal(
      'a parcel of the order ABCD-EFGH-JKMN-7 was lost: it is to be sent anew, or called off',
    );
    const anew = linesAllotted({ 1: 2, 2: 2 }, idOf('shipment', 2));
    expect(target(afterHistory([...lost, anew]))).to.deep.include(target(asked)[0]);
    // who wants to cancel it is about to
    expect(afterHistory([...shipped.allotted, cancellationRequested, linesReleased()])).to.deep.equal([]);
  });

  it('shows a held order until somebody has decided, or it is over', () => {
    const held = orders.on_hold.at(-1);
    if (held?.type !== 'OrderHeld') throw new Error('the order is not held last');
    const asked = afterOrder(held);
    expect(opened(asked)[0]).to.deep.include({ kind: 'hold', dueAt: held.data.decideBy, about: { orderId: anOrder } });
    const resolved = afterOrder({ type: 'OrderHoldResolved', data: { decision: 'accept', by: 'staff' } }, 'on_hold');
    expect(commandsOf(resolved, 'CompleteTask')).to.have.length(1);
    expect(target(resolved)).to.deep.equal(target(asked));
    const cancelled: DomainEvent = { type: 'OrderCancelled', data: { reason: 'enough', by: 'customer' } };
    expect(target(afterOrder(cancelled, 'on_hold'))).to.deep.equal(target(asked));
    expect(afterOrder(cancelled, 'confirmed')).to.deep.equal([]);
    // the kitchen was faster than whoever was to decide
    const fulfilled: DomainEvent = { type: 'OrderFulfilled', data: { at } };
    expect(target(afterOrder(fulfilled, 'on_hold'))).to.deep.equal(target(asked));
    expect(afterOrder(fulfilled, 'in_fulfilment')).to.deep.equal([]);
    expect(target(afterOrder(orderHeld({ decideBy: at })))).not.to.deep.equal(target(asked));
  });

  it('shows what is promised and not there', () => {
    const events: readonly StockEvent[] = [
      ...(busyStock.slice(0, 2) as readonly StockEvent[]),
      { type: 'StockShortfallDetected', data: { missing: 2, reservations: [] } },
    ];
    const last = events.at(-1) as StockEvent;
    const rounds = playEvent(tasks, recorded(stockStream(sku('sku-1'), main), last, 2), {
      stock: representStock(fold(stock, stock.initial, events), 2),
    });
    expect(opened(rounds)[0]).to.deep.include({
      kind: 'shortfall',
      about: { sku: 'sku-1', locationId: 'main' },
      text: 'sku-1 at main: 2 more are promised than are there',
    });
  });
});
