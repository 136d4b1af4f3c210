import { paymentIdOf } from '../../../../src/commands/identity.js';
import type { DomainEvent } from '../../../../src/domain/events.js';
import type { Money } from '../../../../src/domain/kernel/money.js';
import { orderStream, paymentStream } from '../../../../src/domain/kernel/streams.js';
import { dueAt, eur, idOf, later } from '../../../support/fixtures.js';
import { type Installation, payment, served, waiting } from '../installation.js';
import { type Planted, stranger } from './planted.js';

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

const otherAmount: DomainEvent = {
  type: 'ProviderMismatchDetected',
  data: { expected: eur(2000), actual: eur(700), intentId: 'pi_7' },
};

/** Payments and refunds against what orders count. */
export const ofMoney: readonly Planted[] = [
  {
    check: 'orders-add-up',
    fault: 'an order costs a cent more than what is in it',
    log: ({ ground: { log } }) => {
      const index = log.events.findIndex(
        ({ stream, type }) => stream === orderStream(served) && type === 'OrderPlaced',
      );
      const placed = log.events[index];
      if (placed === undefined) throw new Error('it was never placed');
      const data = placed.data as { readonly total: Money };
      log.events[index] = { ...placed, data: { ...data, total: eur(data.total.amount + 1) } };
    },
    where: orderStream(served),
    text: /costs something else than its parts do/,
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
    fault: 'nobody opened a payment that was asked for besides the first',
    log: (installation) =>
      installation.append(orderStream(served), {
        type: 'PaymentRequested',
        data: { paymentId: paymentIdOf(served, 2), ordinal: 2, amount: eur(300), purpose: 'additional', dueAt },
      }),
    tables: (installation) => installation.beat(10),
    where: orderStream(served),
    text: /asked for payment .* besides, which was never opened/,
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
    check: 'other-amounts-are-decided',
    fault: 'another amount was accepted and is not counted',
    log: (installation) => {
      installation.append(paymentStream(payment(waiting)), otherAmount);
      const money = [{ paymentId: payment(waiting), intentId: 'pi_7', amount: eur(700) }];
      installation.append(
        orderStream(waiting),
        {
          type: 'OrderHeld',
          data: { kind: 'mismatch', detail: 'why', decideBy: later, resumeTo: 'awaiting_payment' },
        },
        { type: 'OrderHoldResolved', data: { decision: 'accept', by: 'staff', money } },
      );
    },
    where: paymentStream(payment(waiting)),
    text: /700 EUR of pi_7 are not counted, and were accepted/,
  },
  {
    check: 'other-amounts-are-decided',
    fault: 'another amount came for an order that is over, and does not go back',
    log: (installation) => {
      installation.append(paymentStream(payment(waiting)), otherAmount);
      installation.append(orderStream(waiting), { type: 'OrderExpired', data: { dueAt } });
    },
    where: paymentStream(payment(waiting)),
    text: /700 EUR of pi_7 do not go back, and order .* is expired/,
  },
  {
    check: 'other-amounts-are-decided',
    fault: 'another amount came for an order that goes on, and nobody is asked to decide',
    log: (installation) => installation.append(paymentStream(payment(served)), otherAmount),
    where: paymentStream(payment(served)),
    text: /700 EUR of pi_7 wait for a decision, and nobody is asked for it/,
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
    fault: 'a refund that somebody made at the provider failed and its order still counts it',
    log: (installation) => {
      const made = { providerRefundId: 're_9', amount: eur(500) };
      installation.append(
        paymentStream(payment(served)),
        { type: 'ForeignRefundRecorded', data: made },
        { type: 'ForeignRefundFailed', data: { ...made, code: 'lost_or_stolen_card' } },
      );
      installation.append(orderStream(served), {
        type: 'RefundApplied',
        data: { paymentId: payment(served), refundId: 're_9', amount: eur(500), foreign: true },
      });
    },
    where: orderStream(served),
    text: /counts refund re_9, which never went back/,
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
];

const indexOfPayment = ({ ground }: Installation): number =>
  ground.log.events.findIndex(({ stream }) => stream === paymentStream(payment(waiting)));
