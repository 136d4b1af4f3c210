import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment } from '../../../src/domain/payment/index.js';
import { moneyHeld, moneyHeldDue } from '../../../src/processes/moneyHeld.js';
import { anOrder, aPayment, at, dueAt, eur } from '../../support/fixtures.js';
import * as orders from '../domain/order/histories.js';
import * as payments from '../domain/payment/histories.js';
import { names, playEvent, playTimer, refusedWith } from './support/play.js';
import { recorded } from './support/recorded.js';

const held = fold(payment, payment.initial, payments.histories.authorized);
const to = (...events: readonly OrderEvent[]) => fold(order, order.initial, events);
const awaiting = orders.histories.awaiting_payment;
const confirmed = [
  ...awaiting,
  { type: 'OrderConfirmed', data: { basis: 'authorized', paymentId: aPayment, authorized: eur(2000) } } as const,
];
const authorized = recorded(`payment-${aPayment}`, payments.authorized, 2);
const ofOrder = (event: OrderEvent) => recorded(`order-${anOrder}`, event, 5);

describe('money that is held', () => {
  it('confirms the order, and is looked at before it lapses', () => {
    const rounds = playEvent(moneyHeld, authorized, { order: to(...awaiting), payment: undefined });
    expect(names(rounds)).to.deep.equal([['ConfirmAuthorized', `schedule money-held/${aPayment}`]]);
  });

  it('is let go where the order is over, and waits where it is held', () => {
    const refuse = (step: { kind: string }) =>
      step.kind === 'order' ? refusedWith({ _tag: 'IllegalTransition' }) : undefined;
    const over = { order: to(...orders.histories.cancelled), payment: undefined };
    expect(names(playEvent(moneyHeld, authorized, over, refuse))[1]).to.deep.equal(['VoidPayment']);
    const waiting = { order: to(...awaiting, orders.orderHeld({ resumeTo: 'awaiting_payment' })), payment: undefined };
    expect(playEvent(moneyHeld, authorized, waiting, refuse)).to.have.length(1);
  });

  it('is taken where the order was to be paid afterwards', () => {
    const later: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'pay_later' } };
    const state = { order: to(...awaiting, later), payment: undefined };
    const refuse = (step: { kind: string }) =>
      step.kind === 'order' ? refusedWith({ _tag: 'IllegalTransition' }) : undefined;
    expect(names(playEvent(moneyHeld, authorized, state, refuse))[1]).to.deep.equal(['CapturePayment']);
  });

  it('is taken when the kitchen accepts, and let go when the order ends', () => {
    const state = { order: to(...confirmed), payment: held };
    expect(names(playEvent(moneyHeld, ofOrder(orders.fulfilmentStarted), state))).to.deep.equal([['CapturePayment']]);
    expect(names(playEvent(moneyHeld, ofOrder(orders.orderCancelled), state))).to.deep.equal([['VoidPayment']]);
    const taken = fold(payment, payment.initial, payments.histories.captured);
    expect(playEvent(moneyHeld, ofOrder(orders.fulfilmentStarted), { ...state, payment: taken })).to.deep.equal([]);
  });

  it('is told to the order when it was let go, whoever wanted that, as long as the order lives', () => {
    const voided = recorded(`payment-${aPayment}`, { type: 'PaymentVoided', data: { intentId: 'pi_1' } }, 4);
    const told = (state: ReturnType<typeof to>) =>
      names(playEvent(moneyHeld, voided, { order: state, payment: undefined }));
    expect(told(to(...confirmed))).to.deep.equal([['RecordAuthorizationLost']]);
    expect(told(to(...orders.histories.cancelled))).to.deep.equal([]);
    expect(told(order.initial)).to.deep.equal([]);
  });

  it('confirms the order when a hold ends that was on when it came', () => {
    const state = { order: to(...awaiting), payment: held };
    expect(names(playEvent(moneyHeld, ofOrder(orders.holdResolved('accept')), state))).to.deep.equal([
      ['ConfirmAuthorized'],
    ]);
  });

  it('is taken when the hold ends where it is less than the order costs, and let go where that waits for none of it', () => {
    const refuse = (step: { kind: string }) =>
      step.kind === 'order' ? refusedWith({ _tag: 'InvalidAmount' }) : undefined;
    const resolved = ofOrder(orders.holdResolved('accept'));
    const rounds = (...events: readonly OrderEvent[]) =>
      names(playEvent(moneyHeld, resolved, { order: to(...events), payment: held }, refuse));
    expect(rounds(...awaiting)).to.deep.equal([['ConfirmAuthorized'], ['CapturePayment']]);
    expect(rounds(...awaiting, orders.paymentApplied(2000), orders.orderConfirmed)).to.deep.equal([
      ['ConfirmAuthorized'],
      ['VoidPayment'],
    ]);
    // held again since then
    expect(rounds(...awaiting, orders.orderHeld({ resumeTo: 'awaiting_payment' }))).to.deep.equal([
      ['ConfirmAuthorized'],
    ]);
  });

  it('is taken, or let go, before it lapses', () => {
    const timer = {
      id: `money-held/${aPayment}`,
      process: 'money-held',
      correlation: anOrder,
      dueAt,
      task: { type: 'money-held', orderId: anOrder, paymentId: aPayment },
      origin: { correlationId: 'c', causationId: 'e', tenant: 'main' },
    } as const;
    const due = (state: ReturnType<typeof to>) =>
      names(playTimer(moneyHeldDue, timer, { order: state, payment: held }, at));
    expect(due(to(...confirmed))).to.deep.equal([['CapturePayment']]);
    expect(due(to(...orders.histories.cancelled))).to.deep.equal([['VoidPayment']]);
  });
});
