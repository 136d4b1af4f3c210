import { expect } from 'chai';
import { order, type Order, type OrderEvent } from '../../../../src/domain/order/index.js';
import { aPayment, eur, idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import { aRefund, commands, histories, orderExpired, paymentApplied, refundDue, unitsOf } from './histories.js';

const given = specificationOf(order);
const paid = histories.in_fulfilment;
const grant = commands.GrantRefund;
const applied = (amount: number, refundId: string = aRefund, foreign = false): OrderEvent => ({
  type: 'RefundApplied',
  data: { paymentId: aPayment, refundId, amount: eur(amount), ...(foreign ? { foreign } : {}) },
});
const failed = (amount: number, reason?: 'goodwill' | 'cancelled'): OrderEvent => ({
  type: 'RefundFailedNoted',
  data: { paymentId: aPayment, refundId: aRefund, amount: eur(amount), code: 'lost', ...(reason ? { reason } : {}) },
});
const fails = { ...commands.RecordRefund, outcome: 'failed', refundId: aRefund, code: 'lost' } as const;

describe('granting a refund', () => {
  it('needs no approval up to the limit', () => {
    given(paid)
      .when(grant)
      .then([refundDue(300, 'goodwill', 'wish:1')]);
  });

  it('needs approval above it', () => {
    given(paid)
      .when({ ...grant, automaticUpTo: 299, note: 'cold soup' })
      .then([
        {
          type: 'RefundDue',
          data: {
            refundKey: 'wish:1',
            amount: eur(300),
            reason: 'goodwill',
            approval: 'required',
            note: 'cold soup',
          },
        },
      ]);
  });

  it('needs approval for what passes the limit together with what was given away before', () => {
    const again = { ...grant, refundKey: 'wish:2', automaticUpTo: 599 };
    given([...paid, refundDue(300, 'goodwill', 'wish:1')])
      .when(again)
      .then([
        {
          type: 'RefundDue',
          data: { refundKey: 'wish:2', amount: eur(300), reason: 'goodwill', approval: 'required' },
        },
      ]);
    given([...paid, refundDue(300, 'goodwill', 'wish:1')])
      .when({ ...again, automaticUpTo: 600 })
      .then([refundDue(300, 'goodwill', 'wish:2')]);
  });

  it('may be for lines, and is what they cost', () => {
    given(paid)
      .when({ ...grant, refund: { lines: unitsOf({ 1: 1, 2: 2 }) } })
      .then([
        {
          type: 'RefundDue',
          data: {
            refundKey: 'wish:1',
            amount: eur(1500),
            reason: 'goodwill',
            approval: 'auto',
            lines: unitsOf({ 1: 1, 2: 2 }),
          },
        },
      ]);
  });

  it('is never for more than was paid and is not on its way back', () => {
    given([...paid, refundDue(1800, 'goodwill', 'wish:0')])
      .when(grant)
      .thenRejected('RefundExceedsCaptured', { wanted: eur(300), refundable: eur(200) });
  });

  it('is done once for one wish', () => {
    given([...paid, refundDue(300, 'goodwill', 'wish:1')])
      .when(grant)
      .thenNothing();
  });

  it('is for money, of the order’s currency, or for lines that it has', () => {
    const given1 = given(paid);
    given1.when({ ...grant, refund: { amount: eur(0) } }).thenRejected('InvalidAmount');
    given1.when({ ...grant, refund: { amount: { amount: 1, currency: 'USD' } } }).thenRejected('CurrencyMismatch');
    given1.when({ ...grant, refund: { lines: [] } }).thenRejected('NoLines');
    given1.when({ ...grant, refund: { lines: unitsOf({ 1: 3 }) } }).thenRejected('QuantityNotAvailable');
    given1.when({ ...grant, refund: { lines: unitsOf({ 1: 0 }) } }).thenRejected('InvalidQuantity');
  });
});

describe('the end of a refund', () => {
  const due = [...paid, refundDue(300, 'goodwill', 'wish:1')];

  it('is noted once', () => {
    given(due)
      .when(commands.RecordRefund)
      .then([applied(300)]);
    given([...due, applied(300)])
      .when(commands.RecordRefund)
      .thenNothing();
  });

  it('may be a failure: the money can be given back anew', () => {
    const state = given(due)
      .when({ ...fails, reason: 'goodwill' })
      .then([failed(300, 'goodwill')]);
    if (state.status === 'none') throw new Error('there is no order');
    expect([state.refundDue.amount, state.refunded.amount, state.goodwill.amount]).to.deep.equal([0, 0, 0]);
  });

  it('may be a failure after it looked good', () => {
    const state = given([...due, applied(300)])
      .when(fails)
      .then([failed(300)]);
    if (state.status === 'none') throw new Error('there is no order');
    expect([state.refundDue.amount, state.refunded.amount]).to.deep.equal([0, 0]);
  });

  it('may be good after it had failed', () => {
    const state = given([...due, failed(300)])
      .when(commands.RecordRefund)
      .then([applied(300)]);
    if (state.status === 'none') throw new Error('there is no order');
    expect([state.refundDue.amount, state.refunded.amount]).to.deep.equal([300, 300]);
  });

  it('counts too when nobody asked us for it', () => {
    const state = given(paid)
      .when({
        type: 'RecordRefund',
        paymentId: aPayment,
        refundId: 're_1',
        amount: eur(700),
        outcome: 'succeeded',
        foreign: true,
      })
      .then([applied(700, 're_1', true)]);
    if (state.status === 'none') throw new Error('there is no order');
    expect([state.refundDue.amount, state.refunded.amount]).to.deep.equal([700, 700]);
  });

  describe('that nobody asked us for', () => {
    const fell = (amount: number): OrderEvent => ({
      type: 'RefundFailedNoted',
      data: { paymentId: aPayment, refundId: 're_1', amount: eur(amount), code: 'lost', foreign: true },
    });
    const tellFailure = (amount: number) =>
      ({ ...fails, refundId: 're_1', amount: eur(amount), foreign: true }) as const;
    const sums = (state: Order) =>
      state.status === 'none'
        ? []
        : [state.refundDue.amount, state.refunded.amount, state.goodwill.amount, state.repaid?.amount ?? 0];

    const told = { ...commands.RecordRefund, refundId: 're_2', outcome: 'succeeded', foreign: true } as const;
    const twice = [...paid, applied(2000, 're_1', true), applied(300, 're_2', true)];

    it('is due by having gone, also where as much was due by another one that failed since', () => {
      const state = given(twice)
        .when(tellFailure(2000))
        .then([fell(2000)]);
      expect(sums(state)).to.deep.equal([300, 300, 0, 0]);
      const end = given([...twice, fell(2000)])
        .when({ ...tellFailure(300), refundId: 're_2' })
        .then([{ type: 'RefundFailedNoted', data: { ...fell(300).data, refundId: 're_2' } } as OrderEvent]);
      expect(sums(end)).to.deep.equal([0, 0, 0, 0]);
    });

    it('is due by having gone, also where a refund that was granted failed since', () => {
      const state = given([...paid, refundDue(1800, 'cancelled', 'wish:1'), applied(700, 're_2', true)])
        .when({ ...fails, amount: eur(1800), reason: 'cancelled' })
        .then([failed(1800, 'cancelled')]);
      expect(sums(state)).to.deep.equal([700, 700, 0, 0]);
    });

    it('is not given back once more where the order hears only then of the money', () => {
      const dead = [...histories.awaiting_payment, orderExpired];
      const first = given(dead)
        .when({ ...told, amount: eur(700) })
        .then([applied(700, 're_2', true)]);
      expect(sums(first)).to.deep.equal([0, 700, 0, 0]);
      const state = given([...dead, applied(700, 're_2', true)])
        .when(commands.ApplyPayment)
        .then([paymentApplied(), refundDue(1300, 'late_payment', `payment:${aPayment}:pi_1`)]);
      expect(sums(state)).to.deep.equal([2000, 700, 0, 1300]);
    });

    it('may fail after it looked good: nothing went, and nothing was due', () => {
      expect(
        sums(
          given([...paid, applied(700, 're_1', true)])
            .when(tellFailure(700))
            .then([fell(700)]),
        ),
      ).to.deep.equal([0, 0, 0, 0]);
      given([...paid, applied(700, 're_1', true), fell(700)])
        .when(tellFailure(700))
        .thenNothing();
    });

    it('and that failed before the order heard of it never counted', () => {
      given(due).when(tellFailure(700)).thenNothing();
    });

    it('and failed takes nothing of what is due for another reason', () => {
      const owed = [...paid, refundDue(1800, 'cancelled', 'k'), applied(700, 're_1', true)];
      const before = owed.reduce<Order>(order.evolve, order.initial);
      expect(sums(before), 'no more than was paid is due').to.deep.equal([2000, 700, 0, 1800]);
      expect(
        sums(
          given(owed)
            .when(tellFailure(700))
            .then([fell(700)]),
        ),
      ).to.deep.equal([1800, 0, 0, 1800]);
    });

    it('and failed leaves the money to be given back', () => {
      const state = given([...paid, applied(2000, 're_1', true)]);
      state.when(grant).thenRejected('RefundExceedsCaptured');
      given([...paid, applied(2000, 're_1', true), fell(2000)])
        .when(grant)
        .then([refundDue(300, 'goodwill', 'wish:1')]);
    });
  });

  it('in another currency is refused', () => {
    given(due)
      .when({ ...commands.RecordRefund, amount: { amount: 300, currency: 'USD' } })
      .thenRejected('CurrencyMismatch');
  });

  it('leaves a later payment to itself', () => {
    given([
      ...histories.cancelled,
      paymentApplied(2000),
      refundDue(2000, 'late_payment', 'k'),
      failed(2000, 'cancelled'),
    ])
      .when({ ...commands.ApplyPayment, intentId: 'pi_2' })
      .then([
        paymentApplied(2000, 'pi_2', 2000),
        refundDue(2000, 'late_payment', `payment:${idOf('payment', 1)}:pi_2`),
      ]);
  });
});
