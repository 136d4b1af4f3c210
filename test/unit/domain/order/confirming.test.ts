import { expect } from 'chai';
import { order, type OrderEvent, representOrder } from '../../../../src/domain/order/index.js';
import { eur, idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import { commands, histories } from './histories.js';

const given = specificationOf(order);

describe('an order that is paid for afterwards', () => {
  it('is confirmed where the location lets its customers do so', () => {
    given(histories.awaiting_payment)
      .when(commands.ConfirmPayLater)
      .then([{ type: 'OrderConfirmed', data: { basis: 'pay_later' } }]);
    given(histories.awaiting_payment)
      .when({ type: 'ConfirmPayLater', allowed: false })
      .thenRejected('PayLaterNotOffered');
  });
});

describe('an order whose money is held for it', () => {
  const authorize = commands.ConfirmAuthorized;

  it('is confirmed', () => {
    given(histories.awaiting_payment)
      .when(authorize)
      .then([
        {
          type: 'OrderConfirmed',
          data: { basis: 'authorized', paymentId: authorize.paymentId, authorized: eur(2000) },
        },
      ]);
  });

  it('is not, where it is too little, in another currency or for another payment', () => {
    const given1 = given(histories.awaiting_payment);
    given1.when({ ...authorize, authorized: eur(1999) }).thenRejected('InvalidAmount');
    given1.when({ ...authorize, authorized: { amount: 2000, currency: 'USD' } }).thenRejected('CurrencyMismatch');
    given1.when({ ...authorize, paymentId: idOf('payment', 9) }).thenRejected('PaymentNotAwaited');
  });

  it('is not when it has ended, so that the money can be let go', () => {
    given(histories.expired).when(authorize).thenRejected('IllegalTransition', { status: 'expired' });
  });

  const lost: OrderEvent = { type: 'AuthorizationLost', data: { paymentId: authorize.paymentId } };
  const held = [
    ...histories.awaiting_payment,
    { type: 'OrderConfirmed', data: { basis: 'authorized', paymentId: authorize.paymentId, authorized: eur(2000) } },
  ] as const;

  it('goes on when the money is let go, and can be asked to pay otherwise', () => {
    const state = given(held).when(commands.RecordAuthorizationLost).then([lost]);
    expect(representOrder(state, 9)?.payment.status).to.equal('pending');
    const { type: _, at: __, ...wish } = commands.RequestPayment;
    given(held).when(commands.RequestPayment).thenRejected('NothingDue');
    given([...held, lost])
      .when(commands.RequestPayment)
      .then([{ type: 'PaymentRequested', data: { ...wish, amount: eur(2000), purpose: 'additional' } }]);
  });

  it('is not, when the word that it was let go comes first', () => {
    given([...histories.awaiting_payment, lost])
      .when(authorize)
      .thenRejected('IllegalTransition');
  });
});
