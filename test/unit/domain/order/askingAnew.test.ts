import { expect } from 'chai';
import { additionalPayment } from '../../../../src/commands/order/requestPayment.js';
import { order, type OrderEvent, paymentsOf, representOrder } from '../../../../src/domain/order/index.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, later } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  commands,
  histories,
  link,
  linkAttached,
  orderCancelled,
  orderConfirmed,
  orderExpired,
  orderHeld,
  paymentApplied,
} from './histories.js';

const given = specificationOf(order);
const newDueAt = '2024-05-05T12:30:00.000Z';
const second = idOf('payment', 2);
const third = idOf('payment', 3);
const held = [...histories.awaiting_payment, linkAttached, orderHeld({ resumeTo: 'awaiting_payment' })];
const goesOn: OrderEvent = {
  type: 'OrderHoldResolved',
  data: { decision: 'accept', by: 'staff', paymentDueAt: newDueAt },
};
const accept = { ...commands.ResolveHold, acceptance: { paymentId: aPayment, paymentDueAt: newDueAt } };
const instead = (insteadOf = aPayment, paymentId = second, ordinal = 2): OrderEvent => ({
  type: 'PaymentRequested',
  data: { paymentId, ordinal, amount: eur(2000), purpose: 'additional', dueAt: newDueAt, insteadOf },
});
const accepted = [...held, goesOn];
const asked = [...accepted, instead()];
const ask = { ...commands.RequestPayment, at: later, insteadOf: aPayment };

describe('an order that was held before it was paid', () => {
  it('has its time to pay anew, and never less than it had', () => {
    given(held).when(accept).then([goesOn]);
    const sooner = { ...accept, acceptance: { paymentId: aPayment, paymentDueAt: at } };
    const state = given(held)
      .when(sooner)
      .then([{ ...goesOn, data: { ...goesOn.data, paymentDueAt: dueAt } }]);
    expect(representOrder(state, 5)?.payment).to.deep.include({ link: link.url, dueAt });
  });

  it('asks by another payment in the same word, where nobody can pay the first any more', () => {
    const another = { insteadOf: aPayment, paymentId: second, ordinal: 2 };
    const state = given(held)
      .when({ ...accept, another })
      .then([goesOn, instead()]);
    expect(representOrder(state, 6)?.payment).to.deep.equal({ status: 'pending', captured: eur(0), dueAt: newDueAt });
    expect(state.status !== 'none' && paymentsOf(state)).to.deep.equal([aPayment, second]);
  });

  it('asks for nothing where its money came meanwhile', () => {
    given([...held, paymentApplied()])
      .when({ ...accept, another: { insteadOf: aPayment, paymentId: second, ordinal: 2 } })
      .then([{ type: 'OrderHoldResolved', data: { decision: 'accept', by: 'staff' } }, orderConfirmed]);
  });

  it('asks by another payment when that ends after the decision', () => {
    given(accepted).when(ask).then([instead()]);
  });

  it('asks for what is not paid yet', () => {
    const { data } = instead() as Extract<OrderEvent, { type: 'PaymentRequested' }>;
    given([...accepted, paymentApplied(1500)])
      .when(ask)
      .then([{ type: 'PaymentRequested', data: { ...data, amount: eur(500) } }]);
  });

  it('asks once, whoever asks again, and not in place of a payment that it does not wait for', () => {
    given(asked).when(ask).thenNothing();
    given(asked)
      .when({ ...ask, insteadOf: third })
      .thenNothing();
    given(accepted).when(commands.RequestPayment).thenNothing();
  });

  it('asks no more when its time is over, and while it is held', () => {
    given(accepted)
      .when({ ...ask, at: newDueAt })
      .thenNothing();
    given(held).when(ask).thenRejected('IllegalTransition');
    given([...accepted, orderCancelled])
      .when(ask)
      .thenRejected('NothingDue');
  });

  it('is found by the name of the request', () => {
    const named = given(accepted)
      .when({ ...ask, requestKey: 'a key' })
      .then([{ ...instead(), data: { ...instead().data, requestKey: 'a key' } } as OrderEvent]);
    expect(order.decide({ ...ask, insteadOf: second, requestKey: 'a key' }, named)).to.have.property('right').that.is
      .empty;
  });

  it('takes the link of the payment that it waits for now, and none of those before', () => {
    const state = given(asked)
      .when({ ...commands.AttachPaymentLink, paymentId: second, url: 'http://127.0.0.1:8081/pay/cs_2' })
      .then([
        {
          type: 'PaymentLinkAttached',
          data: { ...link, paymentId: second, url: 'http://127.0.0.1:8081/pay/cs_2' },
        },
      ]);
    expect(representOrder(state, 8)?.payment.link).to.equal('http://127.0.0.1:8081/pay/cs_2');
    given(asked).when(commands.AttachPaymentLink).thenRejected('PaymentNotAwaited', { awaited: second });
  });

  it('is asked for nothing in the place of its first payment once it has moved on, and is paid later', () => {
    const paysLater = [...accepted, { type: 'OrderConfirmed', data: { basis: 'pay_later' } } as const];
    given(paysLater).when(ask).thenNothing();
    // whoever wants the money asks for it by a payment beside the first
    const { insteadOf: _, ...beside } = ask;
    given(paysLater)
      .when(beside)
      .then([
        {
          type: 'PaymentRequested',
          data: { paymentId: second, ordinal: 2, amount: eur(2000), purpose: 'additional', dueAt },
        },
      ]);
  });

  it('is asked for nothing in the place of its first payment where another one took that before it moved on', () => {
    const paysLater = [...asked, { type: 'OrderConfirmed', data: { basis: 'pay_later' } } as const];
    given(paysLater).when(ask).thenNothing();
    given(paysLater)
      .when({ ...ask, paymentId: third, ordinal: 3 })
      .thenNothing();
    const { insteadOf: _, ...beside } = ask;
    given(paysLater).when(beside).thenNothing();
  });

  it('may be held and go on several times, by a payment of its own each time', () => {
    const again = [...asked, orderHeld({ resumeTo: 'awaiting_payment' }), goesOn];
    const { state } = given(again);
    const { dueAt: _, paymentId, ordinal } = additionalPayment(anOrder, state, at);
    expect(ordinal).to.equal(3);
    expect(state.status !== 'none' && paymentsOf(state)).not.to.include(paymentId);
    given(again)
      .when({ ...ask, insteadOf: second, paymentId: third, ordinal: 3 })
      .then([instead(second, third, 3)]);
  });

  it('is paid by the first payment after all, and what comes by the second too goes back', () => {
    given(asked).when(commands.ApplyPayment).then([paymentApplied(), orderConfirmed]);
    const both = given([...asked, paymentApplied(), orderConfirmed])
      .when({ ...commands.ApplyPayment, paymentId: second, intentId: 'pi_2' })
      .then([
        {
          type: 'PaymentApplied',
          data: {
            paymentId: second,
            intentId: 'pi_2',
            amount: eur(2000),
            capturedTotal: eur(4000),
            method: 'card',
          },
        },
        {
          type: 'RefundDue',
          data: { refundKey: `payment:${second}:pi_2`, amount: eur(2000), reason: 'overpaid', approval: 'auto' },
        },
      ]);
    expect(both.status).to.equal('confirmed');
  });
});

describe('the time to pay of such an order', () => {
  it('is over at its new end, not at the old one', () => {
    given(accepted).when(commands.ExpireOrder).thenNothing();
    given(accepted)
      .when({ ...commands.ExpireOrder, at: newDueAt })
      .then([{ ...orderExpired, data: { dueAt: newDueAt } } as OrderEvent]);
  });

  it('leaves no payment behind that took the place of the one that was ended', () => {
    const expire = { ...commands.ExpireOrder, at: newDueAt };
    given(asked)
      .when({ ...expire, paymentId: aPayment })
      .thenRejected('PaymentNotAwaited', { awaited: second });
    given(asked)
      .when({ ...expire, paymentId: second })
      .then([{ ...orderExpired, data: { dueAt: newDueAt } } as OrderEvent]);
  });
});

describe('where an order shows a link to pay by', () => {
  const shown = (...history: readonly OrderEvent[]): string | undefined =>
    representOrder(given(history).state, history.length - 1)?.payment.link;

  it('is while somebody is to pay', () => {
    expect(shown(...histories.awaiting_payment, linkAttached)).to.equal(link.url);
    expect(shown(...accepted)).to.equal(link.url);
  });

  it('is not while it is held, nor when it is paid or over', () => {
    expect(shown(...held)).to.equal(undefined);
    expect(shown(...histories.confirmed)).to.equal(undefined);
    for (const end of [orderExpired, orderCancelled]) {
      expect(shown(...histories.awaiting_payment, linkAttached, end)).to.equal(undefined);
    }
  });
});
