import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent, representOrder } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { paymentDeadline } from '../../../src/processes/paymentDeadline.js';
import { anOrder, dueAt, eur, placedOrder } from '../../support/fixtures.js';
import { commandsOf, playEvent } from './support/play.js';
import { recorded } from './support/recorded.js';

const first = paymentIdOf(anOrder, 1);
const second = paymentIdOf(anOrder, 2);
const awaiting: readonly OrderEvent[] = [
  { type: 'OrderPlaced', data: placedOrder() },
  { type: 'OrderAccepted', data: { amountDue: eur(2000), paymentId: first, paymentDueAt: dueAt } },
];
const link = (paymentId: typeof first): OrderEvent => ({
  type: 'PaymentLinkAttached',
  data: { paymentId, url: 'http://localhost/pay', expiresAt: dueAt },
});
const paidLater = [...awaiting, link(first), { type: 'OrderConfirmed', data: { basis: 'pay_later' } } as const];
const asked: OrderEvent = {
  type: 'PaymentRequested',
  data: { paymentId: second, ordinal: 2, amount: eur(2000), purpose: 'additional', dueAt },
};
const closed: PaymentEvent = { type: 'PaymentClosed', data: { why: 'expired' } };

const orderOf = (events: readonly OrderEvent[]) => fold(order, order.initial, events) as ExistingOrder;
/** Which page the order is told to forget when a payment of it closes. */
const detached = (orders: readonly OrderEvent[], paymentId: typeof first, end: PaymentEvent = closed) => {
  const state = { order: orderOf(orders), payment: fold(payment, payment.initial, [end]) };
  const rounds = playEvent(paymentDeadline, recorded(`payment-${paymentId}`, end, 2), state);
  return commandsOf(rounds, 'DetachPaymentLink').map((command) => command.paymentId);
};

describe('a page that is closed while its order goes on without that money', () => {
  it('is shown no more, whichever payment it was', () => {
    expect(detached(paidLater, first)).to.deep.equal([first]);
    const more = [...paidLater, asked, link(second)];
    expect(detached(more, second)).to.deep.equal([second]);
    expect(detached(more, second, { type: 'PaymentFailed', data: { code: 'declined' } })).to.deep.equal([second]);
    const its = orderOf([...more, { type: 'PaymentLinkDetached', data: { paymentId: second } }]);
    expect(representOrder(its, 9).payment).not.to.have.property('link');
  });

  it('leaves the page of another payment as it is', () => {
    expect(detached([...paidLater, asked, link(second)], first)).to.deep.equal([]);
    const its = orderOf([...paidLater, { type: 'PaymentLinkDetached', data: { paymentId: second } }]);
    expect(representOrder(its, 9).payment).to.have.property('link');
  });

  it('is nothing to an order that waits for its payment, or is over', () => {
    expect(detached([...awaiting, link(first)], first)).to.deep.equal([]);
    const over: OrderEvent = { type: 'OrderCancelled', data: { reason: 'why', by: 'staff' } };
    expect(detached([...paidLater, over], first)).to.deep.equal([]);
  });
});
