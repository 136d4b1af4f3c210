import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { paymentDeadline, paymentDue } from '../../../src/processes/paymentDeadline.js';
import type { DueTimer } from '../../../src/processes/timers/timer.js';
import { anOrder, aPayment, at, dueAt, eur, placedOrder } from '../../support/fixtures.js';
import { captured, closed, failed, opened, session } from './support/payments.js';
import { commandsOf, names, observation, paid, playEvent, playTimer, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const stream = `order-${anOrder}` as const;
const timerId = `payment-deadline/${anOrder}/0`;
const accepted: OrderEvent = {
  type: 'OrderAccepted',
  data: { amountDue: eur(2000), paymentId: aPayment, paymentDueAt: dueAt },
};
const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'captured' } };
const awaiting = [{ type: 'OrderPlaced', data: placedOrder() }, accepted] as const;

const processing: PaymentEvent = { type: 'PaymentProcessing', data: { method: 'sepa_debit' } };

const timer: DueTimer = {
  id: timerId,
  process: 'payment-deadline',
  correlation: anOrder,
  dueAt,
  task: { type: 'payment-due', orderId: anOrder, paymentId: aPayment, round: 0 },
  origin: { correlationId: 'correlation-1', causationId: 'event-1', tenant: 'main' },
};
const minutesLate = (minutes: number): string => new Date(Date.parse(dueAt) + minutes * 60_000).toISOString();

/** What follows when the time to pay is over. */
function due(
  payments: readonly PaymentEvent[],
  options: { orders?: readonly OrderEvent[]; lateBy?: number; world?: World } = {},
) {
  const state = {
    order: fold(order, order.initial, options.orders ?? awaiting),
    payment: fold(payment, payment.initial, payments),
  };
  return playTimer(paymentDue, timer, state, minutesLate(options.lateBy ?? 0), options.world);
}

const silent: World = (step) => (step.kind === 'session' ? { result: 'silent', error: new Error('down') } : undefined);
const says =
  (seen: ReturnType<typeof observation> | undefined): World =>
  (step) =>
    step.kind === 'session' ? { result: 'seen', observation: seen } : undefined;

describe('payment deadline', () => {
  it('sets a timer for the end of the time to pay when an order is accepted', () => {
    const [[step] = []] = playEvent(paymentDeadline, recorded(stream, accepted), {});
    expect(step).to.deep.include({ kind: 'schedule' });
    expect(step?.kind === 'schedule' && step.timer).to.deep.include({ id: timerId, dueAt, correlation: anOrder });
  });

  it('sets none when nothing is due', () => {
    const free: OrderEvent = { type: 'OrderAccepted', data: { amountDue: eur(0) } };
    expect(playEvent(paymentDeadline, recorded(stream, free), {})).to.deep.equal([]);
  });

  for (const event of [
    confirmed,
    { type: 'OrderCancelled', data: { reason: 'no', by: 'customer' } },
    { type: 'OrderExpired', data: { dueAt } },
  ] as const) {
    it(`cancels the timer at ${event.type}`, () => {
      expect(names(playEvent(paymentDeadline, recorded(stream, event), {}))).to.deep.equal([[`cancel ${timerId}`]]);
    });
  }

  describe('a payment that failed for good', () => {
    const payments = `payment-${aPayment}` as const;
    const after = (its?: ExistingOrder, event: PaymentEvent = failed, when = at) => {
      const state = fold(payment, payment.initial, [opened, session, event]);
      return playEvent(paymentDeadline, recorded(payments, event, 3, when), its ? { order: its, payment: state } : {});
    };
    const waiting = fold(order, order.initial, awaiting) as ExistingOrder;
    const dueAfter = (its: ExistingOrder) => {
      const [[step] = []] = after(its);
      return step?.kind === 'schedule' ? step.timer : undefined;
    };

    it('sets a timer for the end of the time to pay, beside the one that runs', () => {
      expect(dueAfter(waiting)).to.deep.include({ id: `payment-deadline/${anOrder}/failed`, dueAt });
    });

    it('sets it for at once where that time is over', () => {
      const paymentDueAt = '2024-05-04T11:00:00.000Z';
      const overdue = fold(order, order.initial, [
        awaiting[0],
        { ...accepted, data: { ...accepted.data, paymentDueAt } },
      ]) as ExistingOrder;
      expect(dueAfter(overdue)?.dueAt).to.equal(at);
    });

    it('sets none for an order that waits for another payment, or that is not known', () => {
      const awaited = { ...waiting.awaited, dueAt, paymentId: paymentIdOf(anOrder, 7) };
      expect(after({ ...waiting, awaited })).to.deep.equal([]);
      expect(after()).to.deep.equal([]);
    });
  });

  it('closes the session at the provider, then the payment, then expires the order', () => {
    expect(names(due([opened, session]))).to.deep.equal([['close cs_1'], ['ClosePayment'], ['ExpireOrder']]);
  });

  it('expires the order as well when the provider knows no such session', () => {
    expect(names(due([opened, session], { world: says(undefined) }))).to.deep.equal([
      ['close cs_1'],
      ['ClosePayment'],
      ['ExpireOrder'],
    ]);
  });

  it('records what the provider says and stops when the payer was faster', () => {
    const rounds = due([opened, session], { world: says(paid) });
    expect(names(rounds)).to.deep.equal([['close cs_1'], ['RecordProviderState']]);
    expect(commandsOf(rounds, 'RecordProviderState')[0]).to.deep.include({ orderId: anOrder, observation: paid });
  });

  it('expires the order of which another amount was paid: that is for the staff to give back, and is never captured', () => {
    const world = says({ ...paid, amount: eur(1900) });
    expect(names(due([opened, session], { world }))).to.deep.equal([
      ['close cs_1'],
      ['RecordProviderState'],
      ['ClosePayment'],
      ['ExpireOrder'],
    ]);
  });

  it('stops when our payment cannot be closed, for it was captured meanwhile', () => {
    const world: World = (step) => (step.kind === 'payment' ? refusedWith({ _tag: 'IllegalTransition' }) : undefined);
    expect(names(due([opened, session], { world })).at(-1)).to.deep.equal(['ClosePayment']);
  });

  it('does nothing when the money is there already, or the order no longer waits for it', () => {
    expect(due([opened, session, captured])).to.deep.equal([]);
    expect(due([opened, session], { orders: [...awaiting, confirmed] })).to.deep.equal([]);
  });

  it('keeps the stock and comes again while the provider is silent', () => {
    expect(names(due([opened, session], { world: silent, lateBy: 14.9 }))).to.deep.equal([['close cs_1'], ['later']]);
  });

  it('expires the order without the provider after fifteen minutes of silence', () => {
    expect(names(due([opened, session], { world: silent, lateBy: 15 }))).to.deep.equal([
      ['close cs_1'],
      ['ClosePayment'],
      ['ExpireOrder'],
    ]);
  });

  it('takes a session that the provider leaves open for silence', () => {
    expect(names(due([opened, session], { world: says(observation()) })).at(-1)).to.deep.equal(['later']);
  });

  it('closes a payment that has no session, even one that was never opened', () => {
    for (const history of [[], [opened]]) {
      expect(names(due(history))).to.deep.equal([['ClosePayment'], ['session of the payment'], ['ExpireOrder']]);
    }
  });

  it('closes a session that was attached while the payment was being closed', () => {
    const world: World = (step) =>
      step.kind === 'session-of-payment' ? { result: 'session', sessionId: 'cs_late' } : undefined;
    expect(names(due([opened], { world }))).to.deep.equal([
      ['ClosePayment'],
      ['session of the payment'],
      ['close cs_late'],
      ['ExpireOrder'],
    ]);
  });

  it('expires the order whose slow payment failed before anybody knew its session: ours is closed, and hears of it no more', () => {
    const slow = (lastError?: { code: string }): World => {
      const word = says(observation({ sessionStatus: 'complete', ...(lastError && { lastError }) }));
      return (step, ...more) =>
        step.kind === 'session-of-payment' ? { result: 'session', sessionId: 'cs_late' } : word(step, ...more);
    };
    expect(names(due([opened], { world: slow({ code: 'insufficient_funds' }) })).at(-1)).to.deep.equal(['ExpireOrder']);
    expect(names(due([opened], { world: slow() })).at(-1)).to.deep.equal([`schedule payment-deadline/${anOrder}/1`]);
  });

  it('closes the session again where only our side is known to be closed', () => {
    expect(names(due([opened, session, closed]))[0]).to.deep.equal(['close cs_1']);
  });

  it('expires the order whose slow payment failed', () => {
    expect(names(due([opened, session, processing, failed]))).to.deep.equal([['ExpireOrder']]);
  });

  /** Our side of a slow payment cannot be closed while it goes on. */
  const goesOn: World = (step) =>
    step.kind === 'payment' && step.command.type === 'ClosePayment'
      ? refusedWith({ _tag: 'IllegalTransition', ...{ status: 'processing', allowed: [] } })
      : undefined;
  const complete = says(observation({ sessionStatus: 'complete' }));

  it('waits for a slow payment, with another timer, for three days', () => {
    const world: World = (step, ...more) => goesOn(step, ...more) ?? complete(step, ...more);
    expect(names(due([opened, session, processing], { world })).at(-1)).to.deep.equal([
      `schedule payment-deadline/${anOrder}/1`,
    ]);
    expect(names(due([opened, session, processing], { world, lateBy: 3 * 24 * 60 })).at(-1)).to.deep.equal([
      'ExpireOrder',
    ]);
  });

  it('expires the order at once where the provider tells only now that the slow payment failed', () => {
    expect(names(due([opened, session, processing], { world: complete }))).to.deep.equal([
      ['close cs_1'],
      ['RecordProviderState'],
      ['ClosePayment'],
      ['ExpireOrder'],
    ]);
  });

  it('waits as well for a slow payment whose session nobody has noted yet', () => {
    expect(names(due([opened, processing], { world: goesOn })).at(-1)).to.deep.equal([
      `schedule payment-deadline/${anOrder}/1`,
    ]);
  });
});
