import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { DomainEvent } from '../../../src/domain/events.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { withRest } from '../../../src/processes/anotherPayment.js';
import type { Related } from '../../../src/processes/engine/related.js';
import { paymentDeadline, paymentDue } from '../../../src/processes/paymentDeadline.js';
import { anOrder, at, dueAt, eur, idOf, later, placedOrder } from '../../support/fixtures.js';
import { captured as inTime, closed, failed, opened as openedPayment, session } from './support/payments.js';
import { commandsOf, names, paid, playEvent, playTimer, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const first = paymentIdOf(anOrder, 1);
const second = paymentIdOf(anOrder, 2);
const orderStream = `order-${anOrder}`;
const newDueAt = '2024-05-05T12:30:00.000Z';

const awaiting: readonly OrderEvent[] = [
  { type: 'OrderPlaced', data: placedOrder() },
  { type: 'OrderAccepted', data: { amountDue: eur(2000), paymentId: first, paymentDueAt: dueAt } },
];
const heldOnly: OrderEvent = {
  type: 'OrderHeld',
  data: { kind: 'manual', detail: 'a strange order', decideBy: later, resumeTo: 'awaiting_payment' },
};
const goesOn = {
  type: 'OrderHoldResolved',
  data: { decision: 'accept', by: 'staff', paymentDueAt: newDueAt },
} as const satisfies OrderEvent;
const accepted = [...awaiting, heldOnly, goesOn];
const instead = {
  type: 'PaymentRequested',
  data: { paymentId: second, ordinal: 2, amount: eur(2000), purpose: 'additional', dueAt: newDueAt, insteadOf: first },
} as const satisfies OrderEvent;
const asked = [...accepted, instead];

const opened = { ...openedPayment, data: { ...openedPayment.data, paymentId: first } };
const voided: PaymentEvent = { type: 'PaymentVoided', data: { intentId: 'pi_1' } };
const captured = { ...inTime, data: { ...inTime.data, late: true } } as const;
const otherAmount: PaymentEvent = {
  type: 'ProviderMismatchDetected',
  data: { expected: eur(2000), actual: eur(1900), intentId: 'pi_1' },
};

const orderOf = (events: readonly OrderEvent[]) => fold(order, order.initial, events) as ExistingOrder;
const paymentOf = (events: readonly PaymentEvent[]) => fold(payment, payment.initial, events);

/** What follows from an event, with the order and its payment as they are stored by then. */
function after(
  [stream, event, revision]: readonly [string, DomainEvent, number],
  orders: readonly OrderEvent[],
  payments: readonly PaymentEvent[],
  world?: World,
) {
  const state = { order: orderOf(orders), payment: paymentOf(payments) };
  return playEvent(paymentDeadline, recorded(stream, event, revision), state, world);
}
const accepting = [orderStream, goesOn, 3] as const;
const ending = (event: PaymentEvent, id = first) => [`payment-${id}`, event, 2] as const;

describe('a payment that nobody can pay any more', () => {
  const [cancelled, scheduled] = [`cancel payment-deadline/${anOrder}/0`, `schedule payment-deadline/${anOrder}/3000`];

  it('is asked for anew when the hold of its order is over', () => {
    for (const end of [closed, failed, voided]) {
      const rounds = after(accepting, accepted, [opened, session, end]);
      expect(names(rounds)).to.deep.equal([[cancelled, scheduled, 'RequestPayment']]);
      expect(commandsOf(rounds, 'RequestPayment')[0]).to.deep.include({
        paymentId: second,
        ordinal: 2,
        at,
        insteadOf: first,
      });
    }
  });

  it('sets the timer for the new end of the time to pay, under a name of its own', () => {
    const [steps = []] = after(accepting, accepted, [opened, session]);
    const timer = steps.flatMap((step) => (step.kind === 'schedule' ? [step.timer] : []))[0];
    expect(timer).to.deep.include({ id: `payment-deadline/${anOrder}/3000`, dueAt: newDueAt });
  });

  it('is not while it is open, and when that closes after the hold is over it is', () => {
    expect(names(after(accepting, accepted, [opened, session]))).to.deep.equal([[cancelled, scheduled]]);
    expect(names(after(ending(closed), accepted, [opened, session, closed]))).to.deep.equal([['RequestPayment']]);
  });

  it('is asked for by the one that comes last: while the order is held its end asks for nothing', () => {
    expect(after(ending(closed), [...awaiting, heldOnly], [opened, session, closed])).to.deep.equal([]);
  });

  it('is not the one that the order waits for: nothing is asked for', () => {
    expect(after(ending(closed), asked, [opened, session, closed])).to.deep.equal([]);
    expect(names(after(accepting, accepted, [opened, session, closed, captured]))).to.deep.equal([
      [cancelled, scheduled],
    ]);
  });

  it('asks for more than its order costs after the decision: it ends, and its end asks for the rest', () => {
    const without: OrderEvent = {
      type: 'LinesCancelled',
      data: { lines: [{ lineId: idOf('line', 1), qty: 1, amount: eur(500) }], reason: 'sold out', by: 'customer' },
    };
    const shortened = [...awaiting, heldOnly, without, goesOn];
    const going = [orderStream, goesOn, 4] as const;
    const rounds = after(going, shortened, [opened, session]);
    const timers = [cancelled, `schedule payment-deadline/${anOrder}/4000`];
    expect(names(rounds)).to.deep.equal([[...timers, 'close cs_1'], ['ClosePayment']]);
    expect(commandsOf(rounds, 'ClosePayment')[0]).to.deep.include({ why: 'superseded' });
    const rest = after(ending(closed), shortened, [opened, session, closed]);
    expect(commandsOf(rest, 'RequestPayment')[0]).to.deep.include({ paymentId: second, insteadOf: first });
    expect(names(after(going, shortened, [opened, session, closed])), 'it is over').to.deep.equal([
      [...timers, 'RequestPayment'],
    ]);
    const less = { ...opened, data: { ...opened.data, amount: eur(1500) } } as const;
    expect(names(after(going, shortened, [less, session])), 'it asks for no more').to.deep.equal([timers]);
    expect(names(after(going, shortened, [])), 'nobody has opened it').to.deep.equal([timers]);
    // it was asked for before that was decided, and its page is there only now
    const link: OrderEvent = {
      type: 'PaymentLinkAttached',
      data: { paymentId: first, url: 'http://pay.example/1', expiresAt: dueAt },
    };
    const attaching = [orderStream, link, 5] as const;
    const late = after(attaching, [...shortened, link], [opened, session]);
    expect(names(late)).to.deep.equal([['close cs_1'], ['ClosePayment']]);
    expect(after(attaching, [...shortened, link], [less, session]), 'it asks for no more').to.deep.equal([]);
  });

  it('was paid by another amount: somebody has to look at that money first', () => {
    expect(names(after(accepting, accepted, [opened, session, otherAmount, closed]))).to.deep.equal([
      [cancelled, scheduled],
    ]);
    expect(after(ending(closed), accepted, [opened, session, otherAmount, closed])).to.deep.equal([]);
  });

  it('was paid by another amount that went back: it is asked for anew', () => {
    const wentBack: PaymentEvent = {
      type: 'ForeignRefundRecorded',
      data: { providerRefundId: 're_9', amount: eur(1900), intentId: 'pi_1' },
    };
    expect(names(after(accepting, accepted, [opened, session, otherAmount, wentBack]))).to.deep.equal([
      [cancelled, scheduled, 'RequestPayment'],
    ]);
  });

  it('has a timer of its own when it failed, beside that of the payment before it', () => {
    const openedSecond: PaymentEvent = { ...opened, data: { ...opened.data, paymentId: second, ordinal: 2 } };
    expect(names(after(ending(failed, second), asked, [openedSecond, session, failed]))).to.deep.equal([
      [`schedule payment-deadline/${anOrder}/failed/${second}`, 'RequestPayment'],
    ]);
  });
});

describe('the rest of what was paid in part', () => {
  const money = [{ paymentId: first, intentId: 'pi_1', amount: eur(1900) }];
  const takesIt: OrderEvent = { ...goesOn, data: { ...goesOn.data, money } };
  const applied = (amount: number): OrderEvent => ({
    type: 'PaymentApplied',
    data: { paymentId: first, intentId: 'pi_1', amount: eur(amount), capturedTotal: eur(amount), method: 'card' },
  });
  const counted: PaymentEvent = { ...captured, data: { ...captured.data, amount: eur(1900) } };
  const its = [...awaiting, heldOnly, takesIt, applied(1900)];
  const counting = [orderStream, applied(1900), 4] as const;

  it('is asked for by another payment as soon as the part is counted', () => {
    const rounds = after(counting, its, [opened, session, otherAmount, counted]);
    expect(names(rounds)).to.deep.equal([['RequestPayment', `schedule payment-deadline/${anOrder}/rest/${first}`]]);
    expect(commandsOf(rounds, 'RequestPayment')[0]).to.deep.include({
      paymentId: second,
      ordinal: 2,
      insteadOf: first,
    });
  });

  it('keeps no order for ever that it could not be asked for in time', () => {
    const timer = {
      id: `payment-deadline/${anOrder}/rest/${first}`,
      process: 'payment-deadline',
      correlation: anOrder,
      dueAt: newDueAt,
      task: { type: 'payment-due', orderId: anOrder, paymentId: first, round: 0 },
      origin: { correlationId: 'correlation-1', causationId: 'event-1', tenant: 'main' },
    } as const;
    const due = (orders: readonly OrderEvent[]) => {
      const state = { order: orderOf(orders), payment: paymentOf([opened, session, otherAmount, counted]) };
      return names(playTimer(paymentDue, timer, state, newDueAt));
    };
    expect(due(its)).to.deep.equal([['ExpireOrder']]);
    // its money is on its way to the order, which has another timer then
    expect(due(its.slice(0, -1))).to.deep.equal([]);
  });

  it('is not where nothing is left, while the order is held, and once it has another payment', () => {
    const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'captured' } };
    expect(after(counting, [...its.slice(0, -1), applied(2000), confirmed], [])).to.deep.equal([]);
    expect(after(counting, [...its.slice(0, -1), heldOnly, applied(1900)], [])).to.deep.equal([]);
    expect(after(counting, [...its, { ...instead, data: { ...instead.data, amount: eur(100) } }], [])).to.deep.equal(
      [],
    );
  });

  it('is asked for when the order goes on that was held meanwhile', () => {
    const heldAgain = [...its.slice(0, -1), heldOnly, applied(1900), goesOn];
    expect(names(after([orderStream, goesOn, 6], heldAgain, [opened, session, otherAmount, counted]))).to.deep.equal([
      [`cancel payment-deadline/${anOrder}/0`, `schedule payment-deadline/${anOrder}/6000`, 'RequestPayment'],
    ]);
  });
});

describe('a payment in the place of another one', () => {
  const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'captured' } };
  const paidBy = (paymentId: typeof first): OrderEvent => ({
    type: 'PaymentApplied',
    data: { paymentId, intentId: 'pi_1', amount: eur(2000), capturedTotal: eur(2000), method: 'card' },
  });
  const confirming = [orderStream, confirmed, 6] as const;
  const cancelled = `cancel payment-deadline/${anOrder}/0`;
  const open: readonly PaymentEvent[] = [
    { ...opened, data: { ...opened.data, paymentId: second, ordinal: 2 } },
    { ...session, data: { ...session.data, sessionId: 'cs_2' } },
  ];
  const late = [...asked, paidBy(first), confirmed];

  it('is closed when the first one was paid after all', () => {
    const rounds = after(confirming, late, open);
    expect(names(rounds)).to.deep.equal([[cancelled, 'close cs_2'], ['ClosePayment']]);
    expect(commandsOf(rounds, 'ClosePayment')[0]).to.deep.include({ why: 'superseded' });
  });

  it('comes again while the provider does not close it, and is left where it was paid as well', () => {
    const silent: World = (step) =>
      step.kind === 'session' ? { result: 'silent', error: new Error('down') } : undefined;
    expect(names(after(confirming, late, open, silent)).at(-1)).to.deep.equal(['later']);
    const says: World = (step) => (step.kind === 'session' ? { result: 'seen', observation: paid } : undefined);
    expect(names(after(confirming, late, open, says)).at(-1)).to.deep.equal(['RecordProviderState']);
  });
});

describe('the time to pay of an order that was held', () => {
  const timer = {
    id: `payment-deadline/${anOrder}/0`,
    process: 'payment-deadline',
    correlation: anOrder,
    dueAt,
    task: { type: 'payment-due', orderId: anOrder, paymentId: first, round: 0 },
    origin: { correlationId: 'correlation-1', causationId: 'event-1', tenant: 'main' },
  } as const;
  const due = (orders: readonly OrderEvent[], payments: readonly PaymentEvent[], now: string, world?: World) =>
    playTimer(paymentDue, timer, { order: orderOf(orders), payment: paymentOf(payments) }, now, world);

  it('is not over when the first timer goes off: it is looked at again at its end', () => {
    const rounds = due(accepted, [opened, session], dueAt);
    expect(names(rounds)).to.deep.equal([[`schedule payment-deadline/${anOrder}/1`]]);
    const [[step] = []] = rounds;
    expect(step?.kind === 'schedule' && step.timer.dueAt).to.equal(newDueAt);
  });

  it('ends the payment that the order waits for, whichever it was set for', async () => {
    const open = [
      { ...opened, data: { ...opened.data, paymentId: second } },
      { ...session, data: { ...session.data, sessionId: 'cs_2' } },
    ] as const;
    const rounds = due(asked, open, newDueAt);
    expect(names(rounds)).to.deep.equal([['close cs_2'], ['ClosePayment'], ['ExpireOrder']]);
    expect(commandsOf(rounds, 'ExpireOrder')[0]).to.deep.include({ paymentId: second });
    const loaded = await paymentDue.load(timer, {
      latest: (_: unknown, stream: string) =>
        Promise.resolve(stream === orderStream ? orderOf(asked) : { status: 'none', stream }),
    } as never);
    expect(loaded.payment).to.deep.include({ stream: `payment-${second}` });
  });

  it('comes again where another payment took the place of the one that was ended', () => {
    const world: World = (step) => (step.kind === 'order' ? refusedWith({ _tag: 'PaymentNotAwaited' }) : undefined);
    expect(names(due(accepted, [opened, session], newDueAt, world)).at(-1)).to.deep.equal(['later']);
  });

  it('gives a silent provider its time from the new end on', () => {
    const silent: World = (step) =>
      step.kind === 'session' ? { result: 'silent', error: new Error('down') } : undefined;
    expect(names(due(accepted, [opened, session], newDueAt, silent)).at(-1)).to.deep.equal(['later']);
  });
});

describe('the rest of a payment by which less came, of an order that goes on', () => {
  const confirmed: readonly OrderEvent[] = [...awaiting, { type: 'OrderConfirmed', data: { basis: 'pay_later' } }];
  const applied: OrderEvent = {
    type: 'PaymentApplied',
    data: { paymentId: first, intentId: 'pi_1', amount: eur(1900), capturedTotal: eur(1900), method: 'card' },
  };
  const held: OrderEvent = { type: 'OrderHeld', data: { ...heldOnly.data, resumeTo: 'confirmed' } };
  const counted: PaymentEvent = {
    type: 'PaymentCaptured',
    data: { ...captured.data, amount: eur(1900), accepted: { by: 'staff/ann' } },
  };
  /** What follows from the last event of the order, with what the process itself looks up. */
  const following = async (orders: readonly OrderEvent[], payments: readonly PaymentEvent[]) => {
    const related = { latest: () => Promise.resolve(paymentOf(payments)) } as unknown as Related;
    const event = orders.at(-1) ?? applied;
    const state = await withRest(orderOf(orders), related);
    return playEvent(paymentDeadline, recorded(orderStream, event, orders.length - 1), state);
  };
  const paidWith = [opened, session, otherAmount, counted];

  it('is asked for by another payment', async () => {
    const [asked] = commandsOf(await following([...confirmed, applied], paidWith), 'RequestPayment');
    expect(asked).to.deep.include({ paymentId: second, ordinal: 2, at }).and.not.to.have.property('insteadOf');
  });

  it('is asked for as well where less was held, as somebody accepted, and taken then', async () => {
    const asHeld = { ...captured.data, amount: eur(1900), accepted: { by: 'staff/ann' } };
    const taken: PaymentEvent = { type: 'PaymentCaptured', data: { ...captured.data, amount: eur(1900) } };
    const wish: PaymentEvent = { type: 'CaptureRequested', data: { by: 'system/money-held' } };
    const events = [opened, session, otherAmount, { type: 'PaymentAuthorized', data: asHeld } as const, wish, taken];
    expect(commandsOf(await following([...confirmed, applied], events), 'RequestPayment')).to.have.length(1);
  });

  it('is not where as much came as was asked for, or nothing is due', async () => {
    const asAsked = [{ ...opened, data: { ...opened.data, amount: eur(1900) } }, session, captured];
    expect(await following([...confirmed, applied], asAsked)).to.deep.equal([]);
    const all: OrderEvent = { ...applied, data: { ...applied.data, capturedTotal: eur(2000) } };
    expect(await following([...confirmed, all], paidWith)).to.deep.equal([]);
    const over: OrderEvent = { type: 'OrderCancelled', data: { reason: 'why', by: 'staff' } };
    expect(await following([...confirmed, over, applied], paidWith)).to.deep.equal([]);
  });

  it('is asked for when the order goes on that was held meanwhile', async () => {
    expect(await following([...confirmed, held, applied], paidWith)).to.deep.equal([]);
    const rounds = await following([...confirmed, held, applied, goesOn], paidWith);
    expect(commandsOf(rounds, 'RequestPayment')).to.have.length(1);
  });
});
