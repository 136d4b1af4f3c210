import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import {
  isPaidInPart,
  order,
  type OrderEvent,
  representOrder,
  withoutPage,
} from '../../../../src/domain/order/index.js';
import { aPayment, at, eur, idOf, later } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  commands,
  histories,
  holdResolved,
  linesCancelled,
  linkAttached,
  orderConfirmed,
  orderHeld,
  paymentApplied,
  refundDue,
  unitsOf,
} from './histories.js';

const given = specificationOf(order);
const held = [
  ...histories.awaiting_payment,
  linkAttached,
  orderHeld({ kind: 'mismatch', resumeTo: 'awaiting_payment' }),
];
const came = (amount = eur(1500)) => ({ paymentId: aPayment, intentId: 'pi_1', amount });
const resolve = { ...commands.ResolveHold, money: [came()] };
const { paymentDueAt } = commands.ResolveHold.acceptance;
const resolved = (decision: 'accept' | 'amend', change: object = {}): OrderEvent => ({
  type: 'OrderHoldResolved',
  data: { decision, by: 'staff', money: [came()], paymentDueAt, ...change },
});
const orderOf = (...events: readonly OrderEvent[]) => {
  const state = fold(order, order.initial, events);
  if (state.status === 'none') throw new Error('there is none');
  return state;
};

describe('a hold because another amount was paid, accepted', () => {
  it('takes the money with it, and why', () => {
    given(held)
      .when(resolve)
      .then([resolved('accept')]);
    given(held)
      .when({ ...resolve, reason: 'agreed by phone' })
      .then([resolved('accept', { reason: 'agreed by phone' })]);
  });

  it('sends nobody to the page any more that was used, and has no other made for it', () => {
    const goesOn = orderOf(...held, resolved('accept'));
    expect(representOrder(goesOn, 9).payment).not.to.have.property('link');
    expect(goesOn.link).to.equal(undefined);
    expect(withoutPage(goesOn)).to.equal(undefined);
    // of another payment than the one that was used the page is good
    const other = { ...came(), paymentId: idOf('payment', 7) };
    expect(orderOf(...held, resolved('accept', { money: [other] })).link).not.to.equal(undefined);
  });

  it('is confirmed as soon as that is counted, where it is what the order costs by then', () => {
    const amended = [...held, linesCancelled({ 2: 1 }), resolved('amend')];
    given(held)
      .when({ ...resolve, decision: 'amend', lines: unitsOf({ 2: 1 }), reason: 'one less' })
      .then([linesCancelled({ 2: 1 }, { reason: 'one less' }), resolved('amend', { reason: 'one less' })]);
    given(amended)
      .when({ ...commands.ApplyPayment, amount: eur(1500) })
      .then([paymentApplied(1500), orderConfirmed]);
  });

  it('gives back what is more', () => {
    given([...held, resolved('accept', { money: [came(eur(2300))] })])
      .when({ ...commands.ApplyPayment, amount: eur(2300) })
      .then([paymentApplied(2300), orderConfirmed, refundDue(300, 'overpaid', `payment:${aPayment}:pi_1`)]);
  });

  it('asks for the rest by another payment where it is less', () => {
    const paidInPart = [...held, resolved('accept'), paymentApplied(1500)];
    expect(isPaidInPart(orderOf(...held, resolved('accept')))).to.equal(false);
    expect(isPaidInPart(orderOf(...paidInPart))).to.equal(true);
    const insteadOf = histories.awaiting_payment.flatMap((event) =>
      event.type === 'OrderAccepted' && event.data.paymentId ? [event.data.paymentId] : [],
    )[0];
    const paymentId = idOf('payment', 2);
    const rest: OrderEvent = {
      type: 'PaymentRequested',
      data: {
        paymentId,
        ordinal: 2,
        amount: eur(500),
        purpose: 'additional',
        dueAt: paymentDueAt,
        insteadOf: aPayment,
      },
    };
    expect(insteadOf).to.equal(aPayment);
    given(paidInPart)
      .when({ type: 'RequestPayment', paymentId, ordinal: 2, dueAt: later, at, insteadOf: aPayment })
      .then([rest]);
    expect(isPaidInPart(orderOf(...paidInPart, rest))).to.equal(false);
  });

  it('is never with money in another currency, which is named', () => {
    const paid = { amount: 2000, currency: 'USD' };
    for (const decision of ['accept', 'amend'] as const) {
      given(held)
        .when({ ...resolve, decision, lines: unitsOf({ 2: 1 }), money: [came(), came(paid)] })
        .thenRejected('PaidInAnotherCurrency', { paid, currency: 'EUR' });
    }
    given(held)
      .when({ ...resolve, decision: 'reject', money: [came(paid)] })
      .then([
        holdResolved('reject'),
        { type: 'OrderRejected', data: { reasons: [{ type: 'hold-mismatch', text: 'a strange order' }] } },
      ]);
  });

  it('takes no money with it where it was held for something else', () => {
    given([...histories.awaiting_payment, orderHeld({ resumeTo: 'awaiting_payment' })])
      .when(resolve)
      .then([{ type: 'OrderHoldResolved', data: { decision: 'accept', by: 'staff', paymentDueAt } }]);
  });
});
