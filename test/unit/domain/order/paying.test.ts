import { order, type OrderEvent } from '../../../../src/domain/order/index.js';
import { aPayment, dueAt, eur, idOf, later, orderLine } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  anAmendment,
  aRefund,
  commands,
  histories,
  linesCancelled,
  link,
  linkAttached,
  orderConfirmed,
  orderExpired,
  paymentApplied,
  refundDue,
} from './histories.js';

const given = specificationOf(order);
const pay = (amount: number, intentId = 'pi_1') =>
  ({ type: 'ApplyPayment', paymentId: aPayment, intentId, amount: eur(amount), method: 'card' }) as const;
const keyOf = (intentId: string): string => `payment:${aPayment}:${intentId}`;

describe('the payment link of an order', () => {
  it('is attached to the order that waits for this payment', () => {
    given(histories.awaiting_payment).when(commands.AttachPaymentLink).then([linkAttached]);
  });

  it('replaces an earlier one', () => {
    const other = { ...link, url: 'http://127.0.0.1:8081/pay/cs_2' };
    given([...histories.awaiting_payment, linkAttached])
      .when({ type: 'AttachPaymentLink', ...other })
      .then([{ type: 'PaymentLinkAttached', data: other }]);
  });

  it('is refused for a payment that the order does not wait for', () => {
    const paymentId = idOf('payment', 99);
    given(histories.awaiting_payment)
      .when({ type: 'AttachPaymentLink', ...link, paymentId })
      .thenRejected('PaymentNotAwaited', { paymentId, awaited: aPayment });
  });

  it('is refused when the order is over, so that its session can be closed', () => {
    given(histories.expired).when(commands.AttachPaymentLink).thenRejected('IllegalTransition', { status: 'expired' });
  });
});

describe('money for an order', () => {
  it('that covers the total confirms it', () => {
    given(histories.awaiting_payment)
      .when(pay(2000))
      .then([paymentApplied(2000), orderConfirmed]);
  });

  it('that does not cover the total leaves it waiting', () => {
    given(histories.awaiting_payment)
      .when(pay(1500))
      .then([paymentApplied(1500)]);
  });

  it('adds up until it covers the total', () => {
    given([...histories.awaiting_payment, paymentApplied(1500)])
      .when(pay(500, 'pi_2'))
      .then([paymentApplied(500, 'pi_2', 1500), orderConfirmed]);
  });

  it('that exceeds the total is due back', () => {
    given(histories.awaiting_payment)
      .when(pay(2100))
      .then([paymentApplied(2100), orderConfirmed, refundDue(100, 'overpaid', keyOf('pi_1'))]);
  });

  it('paid a second time in another tab is due back whole', () => {
    given(histories.confirmed)
      .when(pay(2000, 'pi_2'))
      .then([paymentApplied(2000, 'pi_2', 2000), refundDue(2000, 'overpaid', keyOf('pi_2'))]);
  });

  it('that comes after the order expired is due back whole', () => {
    given(histories.expired)
      .when(pay(2000))
      .then([paymentApplied(2000), refundDue(2000, 'late_payment', keyOf('pi_1'))]);
  });

  it('that comes twice to a dead order is due back twice, each for its own cause', () => {
    given([...histories.cancelled, paymentApplied(2000), refundDue(2000, 'late_payment', keyOf('pi_1'))])
      .when(pay(2000, 'pi_2'))
      .then([paymentApplied(2000, 'pi_2', 2000), refundDue(2000, 'late_payment', keyOf('pi_2'))]);
  });

  it('is counted once for one intent of one payment', () => {
    given(histories.confirmed).when(pay(2000)).thenNothing();
  });

  it('in another currency is refused', () => {
    given(histories.awaiting_payment)
      .when({ ...pay(2000), amount: { amount: 2000, currency: 'USD' } })
      .thenRejected('CurrencyMismatch', { currencies: ['EUR', 'USD'] });
  });

  for (const amount of [0, -1]) {
    it(`of ${amount} is refused`, () => {
      given(histories.awaiting_payment).when(pay(amount)).thenRejected('InvalidAmount', { amount });
    });
  }
});

describe('what is left to pay', () => {
  const two = orderLine(4, { qty: 2 });
  const onTop: OrderEvent = {
    type: 'OrderAmended',
    data: {
      amendmentId: anAmendment,
      changes: [{ op: 'add', lineId: two.lineId, after: two }],
      totalBefore: eur(1000),
      totalAfter: eur(2000),
      settlement: 'none',
      by: 'staff',
    },
  };
  const calledOff = [
    ...histories.in_fulfilment,
    linesCancelled({ 1: 2 }),
    refundDue(1000, 'lines_cancelled', 'lines:2.0'),
    onTop,
  ];
  const { type: _, at: __, ...wish } = commands.RequestPayment;

  it('is not paid by money that went back because it was not owed', () => {
    given(calledOff)
      .when(commands.RequestPayment)
      .then([{ type: 'PaymentRequested', data: { ...wish, amount: eur(1000), purpose: 'additional' } }]);
  });

  it('is asked for by the payment that is open, and by another one where nobody can pay that', () => {
    const asked: OrderEvent = {
      type: 'PaymentRequested',
      data: { ...wish, amount: eur(1000), purpose: 'additional', dueAt: later },
    };
    const again = { ...commands.RequestPayment, paymentId: idOf('payment', 7), ordinal: 7 };
    given([...calledOff, asked])
      .when(again)
      .thenNothing();
    const { type: _, at: __, ...another } = again;
    given([...calledOff, asked])
      .when({ ...again, insteadOf: wish.paymentId })
      .then([{ type: 'PaymentRequested', data: { ...another, amount: eur(1000), purpose: 'additional' } }]);
    given([...calledOff, asked])
      .when({ ...again, insteadOf: aPayment })
      .thenNothing();
  });

  it('is paid by money that should have gone back and did not', () => {
    const failed: OrderEvent = {
      type: 'RefundFailedNoted',
      data: {
        paymentId: aPayment,
        refundId: aRefund,
        amount: eur(1000),
        code: 'lost_card',
        reason: 'lines_cancelled',
      },
    };
    given([...calledOff, failed])
      .when(commands.RequestPayment)
      .thenRejected('NothingDue');
  });

  it('is no more than before where money went back as a favour, or at the provider', () => {
    given([...histories.in_fulfilment, refundDue(300, 'goodwill', 'wish:1')])
      .when(commands.RequestPayment)
      .thenRejected('NothingDue');
    const foreign: OrderEvent = {
      type: 'RefundApplied',
      data: { paymentId: aPayment, refundId: 're_1', amount: eur(300), foreign: true },
    };
    given([...histories.in_fulfilment, foreign])
      .when(commands.RequestPayment)
      .thenRejected('NothingDue');
  });
});

describe('the end of the payment window', () => {
  it('expires an order that was not paid', () => {
    given(histories.awaiting_payment).when(commands.ExpireOrder).then([orderExpired]);
  });

  it('gives back a part that was paid', () => {
    given([...histories.awaiting_payment, paymentApplied(500)])
      .when({ type: 'ExpireOrder', at: dueAt })
      .then([orderExpired, refundDue(500, 'cancelled', 'order:expired')]);
  });

  it('means nothing to an order that was paid in time', () => {
    given(histories.confirmed).when(commands.ExpireOrder).thenNothing();
  });
});
