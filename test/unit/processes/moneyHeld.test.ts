import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type Payment } from '../../../src/domain/payment/index.js';
import type { Related } from '../../../src/processes/engine/related.js';
import { moneyHeld, moneyHeldDue } from '../../../src/processes/moneyHeld.js';
import type { Folds } from '../../../src/subscriptions/contract.js';
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

  describe('by a payment in whose place another one was asked for, while its order is held', () => {
    const second = paymentIdOf(anOrder, 2);
    const replaced: OrderEvent = {
      type: 'PaymentRequested',
      data: { paymentId: second, ordinal: 2, amount: eur(2000), purpose: 'additional', dueAt, insteadOf: aPayment },
    };
    const [placed, ...accepted] = awaiting;
    if (placed?.type !== 'OrderPlaced') throw new Error('an order begins with being placed');
    const manual: OrderEvent = { ...placed, data: { ...placed.data, captureMode: 'manual' } };
    const heldOrder = [manual, ...accepted, replaced, orders.orderHeld({ resumeTo: 'awaiting_payment' })];
    const money = { intentId: 'pi_2', amount: eur(2000), capturedTotal: eur(2000), method: 'card' };
    const paidBySecond: readonly OrderEvent[] = [
      { type: 'PaymentApplied', data: { paymentId: second, ...money } },
      orders.orderConfirmed,
    ];
    const streams = { [`payment-${aPayment}`]: held, [`payment-${second}`]: payment.initial };
    /** What follows from the last of these events, with the first payment as it stands by now. */
    async function after(events: readonly OrderEvent[], first: Payment = held) {
      const its = to(...events);
      const stored: Readonly<Record<string, unknown>> = {
        ...streams,
        [`payment-${aPayment}`]: first,
        [`order-${anOrder}`]: its,
      };
      const last = events.at(-1);
      if (last === undefined) throw new Error('nothing happened');
      const at = (_: unknown, stream: string) => Promise.resolve(stored[stream]);
      const event = recorded(`order-${anOrder}`, last, events.length - 1);
      const state = await moneyHeld.load(event, { at } as unknown as Folds, { latest: at } as unknown as Related);
      return names(playEvent(moneyHeld, event, state));
    }

    it('is taken once the order goes on and owes it yet', async () => {
      expect(await after([...heldOrder, orders.holdResolved('accept')])).to.deep.equal([['CapturePayment']]);
    });

    it('is let go when the order was paid by that other one meanwhile, or ends', async () => {
      const paid = [...heldOrder.slice(0, -1), ...paidBySecond];
      expect(
        await after([...paid, orders.orderHeld({ resumeTo: 'confirmed' }), orders.holdResolved('accept')]),
      ).to.deep.equal([['VoidPayment']]);
      expect(await after([...heldOrder, orders.orderCancelled])).to.deep.equal([['VoidPayment']]);
      expect(await after([...heldOrder, orders.holdResolved('reject')])).to.deep.equal([]);
    });

    it('waits on where the order is held again, and is left alone where somebody has decided', async () => {
      const state = { order: to(...heldOrder), payment: payment.initial, replaced: [aPayment] };
      expect(playEvent(moneyHeld, ofOrder(orders.holdResolved('accept')), state)).to.deep.equal([]);
      const decided = fold(payment, payment.initial, [
        ...payments.histories.authorized,
        { type: 'VoidRequested', data: { by: 'staff', reason: 'no' } },
      ]);
      expect(await after([...heldOrder, orders.holdResolved('accept')], decided)).to.deep.equal([]);
    });
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
    expect(due(to(...awaiting)), 'it owes it').to.deep.equal([['CapturePayment']]);
    const paid = to(...awaiting, orders.paymentApplied(2000), orders.orderConfirmed);
    expect(due(paid), 'another payment paid').to.deep.equal([['VoidPayment']]);
  });
});
