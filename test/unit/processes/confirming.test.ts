import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { confirming } from '../../../src/processes/confirming.js';
import { waitingIn } from '../../../src/processes/otherAmounts.js';
import { anOrder, aPayment, eur, orderLine, placedOrder, sku } from '../../support/fixtures.js';
import * as payments from './support/payments.js';
import { commandsOf, names, playEvent, refusedWith } from './support/play.js';
import { recorded } from './support/recorded.js';

const captured = recorded(`payment-${aPayment}`, payments.captured);
const confirmed = recorded(`order-${anOrder}`, { type: 'OrderConfirmed', data: { basis: 'captured' } }, 4);
const details = placedOrder({
  lines: [orderLine(1, { sku: sku('pear') }), orderLine(2, { sku: sku('apple') }), orderLine(3, { track: false })],
});
const placed = fold(order, order.initial, [{ type: 'OrderPlaced', data: details }]) as ExistingOrder;

describe('confirming', () => {
  it('counts captured money on its order', () => {
    expect(commandsOf(playEvent(confirming, captured, {}), 'ApplyPayment')).to.deep.equal([
      { type: 'ApplyPayment', paymentId: aPayment, intentId: 'pi_1', amount: eur(2000), method: 'card' },
    ]);
  });

  it('confirms the reservation of every tracked line once the order is confirmed', () => {
    expect(names(playEvent(confirming, confirmed, { order: placed }))).to.deep.equal([
      ['ConfirmReservation apple', 'ConfirmReservation pear'],
    ]);
  });

  it('leaves out the lines that were cancelled before', () => {
    const gone: OrderEvent = {
      type: 'LinesCancelled',
      data: {
        lines: [{ lineId: orderLine(1).lineId, qty: 2, amount: eur(1000) }],
        reason: 'not there',
        by: 'customer',
      },
    };
    const amended = order.evolve(placed, gone) as ExistingOrder;
    expect(names(playEvent(confirming, confirmed, { order: amended }))).to.deep.equal([['ConfirmReservation apple']]);
  });

  it('holds the order when another amount was paid than was asked for', () => {
    const came: PaymentEvent = {
      type: 'ProviderMismatchDetected',
      data: { expected: eur(2000), actual: eur(1999), intentId: 'pi_1' },
    };
    const mismatch = recorded(`payment-${aPayment}`, came);
    const opened = payment.evolve(payment.initial, payments.opened);
    const waiting = waitingIn(aPayment, payment.evolve(opened, came));
    const state = { payment: opened, waiting, decisionMinutes: 60 };
    const [held] = commandsOf(playEvent(confirming, mismatch, state), 'HoldOrder');
    expect(held).to.deep.include({ kind: 'mismatch' });
    expect(held?.decideBy).to.equal('2024-05-04T13:00:00.000Z');
    expect(held?.detail).to.contain('1999').and.to.contain('2000');
  });

  it('lets a refusal stand', () => {
    const refused = () => refusedWith({ _tag: 'NotFound' });
    expect(playEvent(confirming, confirmed, { order: placed }, refused)).to.have.length(1);
    expect(playEvent(confirming, captured, {}, refused)).to.have.length(1);
  });

  it('handles capture and confirmation of one order one after the other', () => {
    expect(confirming.key(captured)).to.equal(confirming.key(confirmed));
  });
});
