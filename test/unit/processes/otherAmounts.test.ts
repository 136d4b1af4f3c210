import { expect } from 'chai';
import { paymentIdOf, refundIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { confirming } from '../../../src/processes/confirming.js';
import { waitingIn } from '../../../src/processes/otherAmounts.js';
import { refund } from '../../../src/processes/refund.js';
import { anOrder, at, dueAt, eur, later, placedOrder } from '../../support/fixtures.js';
import { commandsOf, names, playEvent, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const first = paymentIdOf(anOrder, 1);
const usd = { amount: 1500, currency: 'USD' };
const awaiting: readonly OrderEvent[] = [
  { type: 'OrderPlaced', data: placedOrder() },
  { type: 'OrderAccepted', data: { amountDue: eur(2000), paymentId: first, paymentDueAt: dueAt } },
];
const held = (kind: 'mismatch' | 'manual' = 'mismatch'): OrderEvent => ({
  type: 'OrderHeld',
  data: { kind, detail: 'why', decideBy: later, resumeTo: 'awaiting_payment' },
});
const money = [{ paymentId: first, intentId: 'pi_1', amount: eur(1500) }];
const goesOn = (its: typeof money = money): OrderEvent => ({
  type: 'OrderHoldResolved',
  data: {
    decision: 'accept',
    by: 'staff',
    paymentDueAt: later,
    reason: 'agreed',
    ...(its.length ? { money: its } : {}),
  },
});
const rejected: OrderEvent = { type: 'OrderRejected', data: { reasons: [{ type: 'hold-mismatch', text: 'why' }] } };
const cancelled: OrderEvent = { type: 'OrderCancelled', data: { reason: 'why', by: 'staff' } };
const expired: OrderEvent = { type: 'OrderExpired', data: { dueAt } };

const opened = (captureMode: 'automatic' | 'manual' = 'automatic'): PaymentEvent => ({
  type: 'PaymentOpened',
  data: { paymentId: first, orderId: anOrder, amount: eur(2000), purpose: 'initial', captureMode, dueAt },
});
const came = (actual = eur(1500)): PaymentEvent => ({
  type: 'ProviderMismatchDetected',
  data: { expected: eur(2000), actual, intentId: 'pi_1' },
});
const counted: PaymentEvent = {
  type: 'PaymentCaptured',
  data: {
    orderId: anOrder,
    amount: eur(1500),
    intentId: 'pi_1',
    method: { kind: 'card' },
    seenBy: 'webhook',
    late: false,
    accepted: { by: 'staff/ann' },
  },
};
const orderOf = (events: readonly OrderEvent[]) => fold(order, order.initial, events) as ExistingOrder;
const paymentOf = (events: readonly PaymentEvent[]) => fold(payment, payment.initial, events);

/** What follows from the last event of an order, or from the last one of its payment. */
const afterOrder = (orders: readonly OrderEvent[], payments: readonly PaymentEvent[], world?: World) => {
  const event = orders.at(-1) ?? expired;
  const waiting = waitingIn(first, paymentOf(payments));
  const state = { order: orderOf(orders), waiting, decisionMinutes: 60 };
  return playEvent(confirming, recorded(`order-${anOrder}`, event, orders.length - 1), state, world);
};
const afterPayment = (
  orders: readonly OrderEvent[],
  payments: readonly PaymentEvent[],
  more: readonly PaymentEvent[] = [],
) => {
  const event = payments.at(-1) ?? counted;
  const its = paymentOf([...payments, ...more]);
  const state = { order: orderOf(orders), payment: its, waiting: waitingIn(first, its), decisionMinutes: 60 };
  const isHeld = state.order.status === 'awaiting_payment';
  const world: World = (step) =>
    step.kind === 'order' && !isHeld ? refusedWith({ _tag: 'IllegalTransition' }) : undefined;
  return playEvent(confirming, recorded(`payment-${first}`, event, payments.length - 1), state, world);
};

describe('another amount than was asked for', () => {
  it('holds the order, until somebody has decided', () => {
    const [hold] = commandsOf(afterPayment(awaiting, [opened(), came()]), 'HoldOrder');
    expect(hold).to.deep.include({ kind: 'mismatch', decideBy: '2024-05-04T13:00:00.000Z' });
  });

  it('holds no order that goes on without it, and sends nobody to the page that was used', () => {
    const later_: readonly OrderEvent[] = [
      ...awaiting,
      { type: 'PaymentLinkAttached', data: { paymentId: first, url: 'https://pay.example/1', expiresAt: later } },
      { type: 'OrderConfirmed', data: { basis: 'pay_later' } },
    ];
    expect(names(afterPayment(later_, [opened(), came()]))).to.deep.equal([['HoldOrder', 'DetachPaymentLink']]);
    expect(names(afterPayment([...later_, cancelled], [opened(), came()]))).to.deep.equal([
      ['HoldOrder'],
      ['RequestRefund'],
    ]);
  });

  it('is counted on its payment once somebody has accepted it: by whom, and why', () => {
    const rounds = afterOrder([...awaiting, held(), goesOn()], [opened(), came()]);
    expect(commandsOf(rounds, 'AcceptMismatch')).to.deep.equal([
      {
        type: 'AcceptMismatch',
        intentId: 'pi_1',
        amount: eur(1500),
        by: recorded('order-1', expired).meta.actor.id,
        reason: 'agreed',
      },
    ]);
    expect(names(rounds)).to.deep.equal([['AcceptMismatch']]);
  });

  it('is decided on next where it was no part of the decision', () => {
    for (const orders of [
      [...awaiting, held('manual'), goesOn([])],
      [...awaiting, held(), goesOn([{ paymentId: first, intentId: 'pi_0', amount: eur(1) }])],
    ]) {
      expect(commandsOf(afterOrder(orders, [opened(), came()]), 'HoldOrder')[0]).to.deep.include({ kind: 'mismatch' });
    }
    // what has been decided on is not
    expect(afterOrder([...awaiting, held('manual'), goesOn([])], [opened(), came(), counted])).to.deep.equal([]);
  });

  it('does not hold its order again where it is heard of after somebody decided, counted yet or not', () => {
    const accepted = [...awaiting, held(), goesOn()];
    expect(afterPayment(accepted, [opened(), came()], [counted])).to.deep.equal([]);
    expect(afterPayment(accepted, [opened(), came()])).to.deep.equal([]);
    // of one that is over it goes back all the same
    expect(names(afterPayment([...accepted, expired], [opened(), came()]))).to.deep.equal([
      ['HoldOrder'],
      ['RequestRefund'],
    ]);
  });

  it('is decided on again where it became another amount before it was counted', () => {
    const rounds = afterOrder([...awaiting, held(), goesOn()], [opened(), came(), came(eur(1400))]);
    expect(commandsOf(rounds, 'HoldOrder')[0]?.detail).to.contain('1400');
    expect(names(afterPayment([...awaiting, held(), goesOn()], [opened(), came(), came(eur(1400))]))).to.deep.equal([
      ['HoldOrder'],
    ]);
  });

  it('is asked for anew where it had gone back before it was counted', () => {
    const gone: World = (step) => (step.kind === 'payment' ? refusedWith({ _tag: 'IllegalTransition' }) : undefined);
    const rounds = afterOrder([...awaiting, held(), goesOn()], [opened(), came()], gone);
    expect(names(rounds)).to.deep.equal([['AcceptMismatch'], ['RequestPayment']]);
    expect(commandsOf(rounds, 'RequestPayment')[0]).to.deep.include({ insteadOf: first, ordinal: 2, at });
  });

  it('goes back when its order ends, however, in whatever currency', () => {
    for (const end of [rejected, cancelled, expired]) {
      const rounds = afterOrder([...awaiting, held(), end], [opened(), came(usd)]);
      expect(names(rounds)).to.deep.equal([['RequestRefund']]);
      expect(commandsOf(rounds, 'RequestRefund')[0]).to.deep.include({
        refundId: refundIdOf(first, 'other/pi_1'),
        intentId: 'pi_1',
        amount: usd,
        approval: 'auto',
      });
    }
  });

  it('goes back where its order has ended, by the same refund', () => {
    const [later_] = commandsOf(afterPayment([...awaiting, expired], [opened(), came(usd)]), 'RequestRefund');
    const [before] = commandsOf(afterOrder([...awaiting, held(), rejected], [opened(), came(usd)]), 'RequestRefund');
    expect(later_).to.deep.equal(before);
  });

  it('does not go back where it counts, has gone, or is let go', () => {
    const ended = [...awaiting, held(), rejected];
    expect(afterOrder(ended, [opened(), came(), counted])).to.deep.equal([]);
    const gone: PaymentEvent = {
      type: 'ForeignRefundRecorded',
      data: { providerRefundId: 're_9', amount: eur(1500), intentId: 'pi_1' },
    };
    expect(afterOrder(ended, [opened(), came(), gone])).to.deep.equal([]);
    expect(names(afterOrder(ended, [opened('manual'), came()]))).to.deep.equal([['VoidPayment']]);
  });

  it('is here again where it had gone back by hand, and that failed', () => {
    const gone: PaymentEvent = {
      type: 'ForeignRefundRecorded',
      data: { providerRefundId: 're_9', amount: eur(1500), intentId: 'pi_1' },
    };
    const failed: PaymentEvent = {
      type: 'ForeignRefundFailed',
      data: { providerRefundId: 're_9', amount: eur(1500), code: 'lost_or_stolen_card' },
    };
    const payments = [opened(), came(), gone, failed];
    expect(names(afterPayment(awaiting, payments))).to.deep.equal([['HoldOrder']]);
    expect(names(afterPayment([...awaiting, expired], payments))).to.deep.equal([['HoldOrder'], ['RequestRefund']]);
    // of what counts the order is told
    expect(afterPayment(awaiting, [opened(), came(), counted, gone, failed])).to.deep.equal([]);
  });

  it('is looked at again where a part of it went back by hand in the same moment', () => {
    const less: World = (step) =>
      step.kind === 'payment' ? refusedWith({ _tag: 'RefundExceedsCaptured' }) : undefined;
    expect(names(afterOrder([...awaiting, expired], [opened(), came()], less)).at(-1)).to.deep.equal(['later']);
  });
});

describe('a refund of another amount than was asked for', () => {
  const wish: PaymentEvent = {
    type: 'RefundRequested',
    data: {
      refundId: refundIdOf(first, 'other/pi_1'),
      intentId: 'pi_1',
      amount: eur(1500),
      reason: 'cancelled',
      approval: 'auto',
      requestedBy: 'staff/ann',
      requestedAt: at,
    },
  };
  const went: PaymentEvent = {
    type: 'RefundSucceeded',
    data: { refundId: refundIdOf(first, 'other/pi_1'), amount: eur(1500) },
  };
  const byHand: PaymentEvent = {
    type: 'ForeignRefundRecorded',
    data: { providerRefundId: 're_9', amount: eur(400), intentId: 'pi_1' },
  };
  const told = (events: readonly PaymentEvent[], event: PaymentEvent, newest?: readonly PaymentEvent[]) =>
    commandsOf(
      playEvent(refund, recorded(`payment-${first}`, event, events.length - 1), {
        of: 'payment',
        state: paymentOf(events),
        ...(newest ? { newest: paymentOf(newest) } : {}),
      }),
      'RecordRefund',
    );

  it('is nothing to an order that never counted it', () => {
    expect(told([opened(), came(), wish, went], went)).to.deep.equal([]);
    expect(told([opened(), came(), byHand], byHand)).to.deep.equal([]);
  });

  it('is told to the order that counts it, whichever was first', () => {
    const refundOfDesk = { refundId: 're_9', amount: eur(400), outcome: 'succeeded', foreign: true };
    expect(told([opened(), came(), byHand, counted], counted)[0]).to.deep.include(refundOfDesk);
    expect(told([opened(), came(), counted, byHand], byHand)[0]).to.deep.include(refundOfDesk);
    // heard of again, after it was counted
    expect(told([opened(), came(), byHand], byHand, [opened(), came(), byHand, counted])[0]).to.deep.include(
      refundOfDesk,
    );
  });
});
