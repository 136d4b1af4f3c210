import { expect } from 'chai';
import { confirming } from '../../../src/processes/confirming.js';
import { anOrder, aPayment, eur, orderLine, placedOrder, sku } from '../../support/fixtures.js';
import { commandsOf, names, playEvent, refusedWith } from './support/play.js';
import { recorded } from './support/recorded.js';

const captured = recorded(`payment-${aPayment}`, {
  type: 'PaymentCaptured',
  data: {
    orderId: anOrder,
    amount: eur(2000),
    intentId: 'pi_1',
    method: { kind: 'card' },
    seenBy: 'webhook',
    late: false,
  },
});
const confirmed = recorded(`order-${anOrder}`, { type: 'OrderConfirmed', data: { basis: 'captured' } }, 4);
const details = placedOrder({
  lines: [orderLine(1, { sku: sku('pear') }), orderLine(2, { sku: sku('apple') }), orderLine(3, { track: false })],
});

describe('confirming', () => {
  it('counts captured money on its order', () => {
    expect(commandsOf(playEvent(confirming, captured, undefined), 'ApplyPayment')).to.deep.equal([
      { type: 'ApplyPayment', paymentId: aPayment, intentId: 'pi_1', amount: eur(2000), method: 'card' },
    ]);
  });

  it('confirms the reservation of every tracked line once the order is confirmed', () => {
    expect(names(playEvent(confirming, confirmed, details))).to.deep.equal([
      ['ConfirmReservation apple', 'ConfirmReservation pear'],
    ]);
  });

  it('lets a refusal stand', () => {
    const refused = () => refusedWith({ _tag: 'NotFound' });
    expect(playEvent(confirming, confirmed, details, refused)).to.have.length(1);
    expect(playEvent(confirming, captured, undefined, refused)).to.have.length(1);
  });

  it('handles capture and confirmation of one order one after the other', () => {
    expect(confirming.key(captured)).to.equal(confirming.key(confirmed));
  });
});
