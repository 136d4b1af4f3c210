import { expect } from 'chai';
import { order, type OrderEvent, representOrder } from '../../../../src/domain/order/index.js';
import { at, dueAt, eur, idOf, later } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  acceptance,
  commands,
  fulfilmentStarted,
  histories,
  holdResolved,
  linesCancelled,
  orderAccepted,
  orderConfirmed,
  orderHeld,
  orderPlaced,
  orderRejected,
  paymentApplied,
  progressed,
  refundDue,
  reservations,
  stockSecured,
  stockShort,
  unitsOf,
} from './histories.js';

const given = specificationOf(order);
const resolve = commands.ResolveHold;
const rejectedAfter = (kind: string, text = 'a strange order') =>
  ({ type: 'OrderRejected', data: { reasons: [{ type: `hold-${kind}`, text }] } }) as const;
const short = [
  orderPlaced({ onShortage: 'hold' }),
  stockShort,
  orderHeld({ kind: 'shortage', detail: 'Thing 2: 2 wanted, 1 available' }),
];

describe('holding an order', () => {
  it('remembers where it is to go on', () => {
    given(histories.placed).when(commands.HoldOrder).then([orderHeld()]);
    given(histories.awaiting_payment)
      .when({ ...commands.HoldOrder, kind: 'mismatch' })
      .then([orderHeld({ kind: 'mismatch', resumeTo: 'awaiting_payment' })]);
  });

  it('is for a reason that there can be', () => {
    given(histories.placed)
      .when({ ...commands.HoldOrder, kind: 'mismatch' })
      .thenRejected('IllegalTransition', { status: 'placed' });
    given(histories.confirmed)
      .when({ ...commands.HoldOrder, kind: 'mismatch' })
      .thenRejected('IllegalTransition', { status: 'confirmed' });
  });

  it('is for goods that are gone, wherever nobody has begun to make it', () => {
    const shortage = { ...commands.HoldOrder, kind: 'shortage' } as const;
    for (const status of ['placed', 'awaiting_payment', 'confirmed'] as const) {
      given(histories[status])
        .when(shortage)
        .then([orderHeld({ kind: 'shortage', resumeTo: status })]);
    }
    // who is to be held only before the payment goes on after it
    given(histories.awaiting_payment)
      .when({ ...shortage, unpaidOnly: true })
      .then([orderHeld({ kind: 'shortage', resumeTo: 'awaiting_payment' })]);
    given(histories.confirmed)
      .when({ ...shortage, unpaidOnly: true })
      .thenRejected('IllegalTransition', { status: 'confirmed' });
    given(histories.in_fulfilment).when(shortage).thenRejected('IllegalTransition', { status: 'in_fulfilment' });
  });

  it('is done once at a time', () => {
    given(histories.on_hold).when(commands.HoldOrder).thenNothing();
    given(histories.on_hold)
      .when({ ...commands.HoldOrder, kind: 'review' })
      .thenRejected('IllegalTransition', { status: 'on_hold' });
  });
});

describe('a held order that goes on', () => {
  it('is accepted at once when its stock came meanwhile', () => {
    given([...histories.on_hold, stockSecured])
      .when(resolve)
      .then([holdResolved('accept'), orderAccepted]);
  });

  it('is confirmed at once when its money came meanwhile', () => {
    given([...histories.awaiting_payment, orderHeld({ resumeTo: 'awaiting_payment' }), paymentApplied()])
      .when(resolve)
      .then([holdResolved('accept'), orderConfirmed]);
  });

  it('is where the kitchen is by now', () => {
    const state = given([...histories.confirmed, orderHeld({ resumeTo: 'confirmed' }), fulfilmentStarted])
      .when(resolve)
      .then([holdResolved('accept')]);
    if (state.status !== 'in_fulfilment') throw new Error(`it is ${state.status}`);
  });

  it('asks for its stock anew after a shortage', () => {
    const state = given(short)
      .when(resolve)
      .then([holdResolved('accept')]);
    if (state.status !== 'placed' || state.gates.stock !== 'pending') throw new Error('its stock is not asked for');
    given([...short, holdResolved('accept')])
      .when(commands.RecordStockSecured)
      .then([stockSecured, orderAccepted]);
  });

  it('costs less without the lines that were dropped', () => {
    given(short)
      .when({ ...resolve, decision: 'amend', lines: unitsOf({ 2: 2 }), reason: 'not there', by: 'customer' })
      .then([
        linesCancelled({ 2: 2 }, { reason: 'not there', by: 'customer' }),
        { type: 'OrderHoldResolved', data: { decision: 'amend', by: 'customer' } },
      ]);
    given([...short, linesCancelled({ 2: 2 }), holdResolved('amend')])
      .when({ ...commands.RecordStockSecured, reservations: reservations.slice(0, 1) })
      .then([
        { type: 'StockSecured', data: { reservations: reservations.slice(0, 1) } },
        { type: 'OrderAccepted', data: { amountDue: eur(1000), ...acceptance } },
      ]);
  });

  it('is no order any more without any line', () => {
    given(short)
      .when({ ...resolve, decision: 'amend', lines: unitsOf({ 1: 2, 2: 2 }) })
      .then([
        holdResolved('amend'),
        { type: 'OrderCancelled', data: { reason: 'Thing 2: 2 wanted, 1 available', by: 'staff' } },
      ]);
  });

  it('drops what it has, and something', () => {
    given(short)
      .when({ ...resolve, decision: 'amend' })
      .thenRejected('NoLines');
    given(short)
      .when({ ...resolve, decision: 'amend', lines: unitsOf({ 2: 3 }) })
      .thenRejected('QuantityNotAvailable');
  });
});

describe('a held order that ends', () => {
  it('is rejected before it was confirmed, with its money back', () => {
    given([
      ...histories.awaiting_payment,
      orderHeld({ kind: 'mismatch', resumeTo: 'awaiting_payment' }),
      paymentApplied(500),
    ])
      .when({ ...resolve, decision: 'reject', reason: 'paid from elsewhere' })
      .then([
        holdResolved('reject'),
        rejectedAfter('mismatch', 'paid from elsewhere'),
        refundDue(500, 'cancelled', 'order:rejected'),
      ]);
  });

  it('is cancelled after it was confirmed', () => {
    given([...histories.confirmed, orderHeld({ resumeTo: 'confirmed' })])
      .when({ ...resolve, decision: 'reject' })
      .then([
        holdResolved('reject'),
        { type: 'OrderCancelled', data: { reason: 'a strange order', by: 'staff' } },
        refundDue(2000, 'cancelled', 'order:cancelled'),
      ]);
  });

  it('is ended by the system when nobody decided in time', () => {
    given(histories.on_hold)
      .when({ ...resolve, decision: 'reject', by: 'system', at: later })
      .then([holdResolved('reject', 'system'), rejectedAfter('manual')]);
    given(histories.on_hold)
      .when({ ...resolve, decision: 'reject', by: 'system' })
      .thenRejected('HoldExpired', { decideBy: later });
  });
});

describe('who decides on a held order', () => {
  it('comes in time', () => {
    given(histories.on_hold)
      .when({ ...resolve, at: later })
      .thenRejected('HoldExpired', { decideBy: later });
  });

  it('may be the customer where something is not there, and only there', () => {
    given(histories.on_hold)
      .when({ ...resolve, by: 'customer' })
      .thenRejected('IllegalTransition');
    given(short)
      .when({ ...resolve, by: 'customer' })
      .then([{ type: 'OrderHoldResolved', data: { decision: 'accept', by: 'customer' } }]);
  });
});

describe('what the kitchen does to a held order', () => {
  const held = [...histories.in_fulfilment.slice(0, -1), orderHeld({ resumeTo: 'confirmed' })];

  it('is a fact all the same', () => {
    given(held).when(commands.StartFulfilment).then([fulfilmentStarted]);
    given([...held, fulfilmentStarted])
      .when(commands.RecordProgress)
      .then([progressed('preparing')]);
  });
});

describe('a shortage', () => {
  it('holds the order of a customer who would rather wait', () => {
    given([orderPlaced({ onShortage: 'hold' })])
      .when(commands.RecordStockShort)
      .then(short.slice(1));
    given(short).when(commands.RecordStockShort).thenNothing();
  });

  it('rejects one that is held for something else already', () => {
    given([orderPlaced({ onShortage: 'hold' }), orderHeld()])
      .when(commands.RecordStockShort)
      .then([stockShort, orderRejected]);
  });
});

describe('the check of an order', () => {
  const toCheck = orderPlaced({ gates: { check: 'required', stock: 'required', discounts: 'skipped' } });
  const told = (verdict: 'passed' | 'failed' | 'review', n = 1) => {
    const { checkId: _, rules: __, ...rest } = commands.RecordCheckResult;
    const rules = [{ code: 'amount', outcome: verdict, text: 'more than usual' }];
    return { ...rest, checkId: idOf('check', n), verdict, rules } as const;
  };
  const checked = (verdict: 'passed' | 'failed' | 'review', n = 1) => {
    const { type: _, decideBy: __, acceptance: ___, ...data } = told(verdict, n);
    return { type: 'OrderChecked', data } as const;
  };
  const review = orderHeld({ kind: 'review', detail: 'more than usual' });
  const rejected = {
    type: 'OrderRejected',
    data: { reasons: [{ type: 'check-failed', text: 'more than usual' }] },
  } as const;

  it('that wants somebody to look is not passed by a customer who takes fewer goods', () => {
    const held = [toCheck, stockShort, orderHeld({ kind: 'shortage' }), checked('review')];
    const seen = { type: 'OrderHoldResolved', data: { decision: 'accept', by: 'customer' } } as const;
    const again = orderHeld({ kind: 'review', detail: 'the check engine wants somebody to look at it' });
    const state = given(held)
      .when({ ...resolve, by: 'customer' })
      .then([seen, again]);
    if (state.status !== 'on_hold') throw new Error(`it is ${state.status}`);
    given([...held, seen, again])
      .when(resolve)
      .then([holdResolved('accept')]);
    given(held)
      .when(resolve)
      .then([holdResolved('accept')]);
  });

  it('is a gate: the order waits for it', () => {
    given([toCheck]).when(commands.RecordStockSecured).then([stockSecured]);
    given([toCheck, stockSecured])
      .when(told('passed'))
      .then([checked('passed'), orderAccepted]);
    given([toCheck])
      .when(told('passed'))
      .then([checked('passed')]);
  });

  it('rejects an order that fails, with what the engine says', () => {
    given([toCheck])
      .when(told('failed'))
      .then([checked('failed'), rejected]);
  });

  it('holds an order that the engine does not decide', () => {
    given([toCheck])
      .when(told('review'))
      .then([checked('review'), review]);
  });

  it('that comes late ends the hold that was put on for want of it', () => {
    const silent = [toCheck, stockSecured, orderHeld({ kind: 'review', detail: 'no answer' })];
    given(silent)
      .when(told('passed'))
      .then([checked('passed'), holdResolved('accept', 'system'), orderAccepted]);
    given(silent)
      .when(told('failed'))
      .then([checked('failed'), holdResolved('reject', 'system'), rejected]);
    given(silent)
      .when(told('review'))
      .then([checked('review')]);
  });

  it('that comes late does not end a hold for something else', () => {
    given([toCheck, orderHeld()])
      .when(told('passed'))
      .then([checked('passed')]);
  });

  it('is passed by whoever lets the order go on', () => {
    given([toCheck, stockSecured, checked('review'), review])
      .when(resolve)
      .then([holdResolved('accept'), orderAccepted]);
  });

  it('is recorded when it comes after all, and decides nothing', () => {
    given([...histories.awaiting_payment, checked('passed', 2)])
      .when(told('failed'))
      .then([checked('failed')]);
  });

  it('is heard once', () => {
    given([toCheck, checked('passed')])
      .when(told('failed'))
      .thenNothing();
  });
});

describe('an order that is paid for afterwards', () => {
  it('is confirmed where the location lets its customers do so', () => {
    given(histories.awaiting_payment)
      .when(commands.ConfirmPayLater)
      .then([{ type: 'OrderConfirmed', data: { basis: 'pay_later' } }]);
    given(histories.awaiting_payment)
      .when({ type: 'ConfirmPayLater', allowed: false })
      .thenRejected('PayLaterNotOffered');
  });
});

describe('an order whose money is held for it', () => {
  const authorize = commands.ConfirmAuthorized;

  it('is confirmed', () => {
    given(histories.awaiting_payment)
      .when(authorize)
      .then([
        {
          type: 'OrderConfirmed',
          data: { basis: 'authorized', paymentId: authorize.paymentId, authorized: eur(2000) },
        },
      ]);
  });

  it('is not, where it is too little, in another currency or for another payment', () => {
    const given1 = given(histories.awaiting_payment);
    given1.when({ ...authorize, authorized: eur(1999) }).thenRejected('InvalidAmount');
    given1.when({ ...authorize, authorized: { amount: 2000, currency: 'USD' } }).thenRejected('CurrencyMismatch');
    given1.when({ ...authorize, paymentId: idOf('payment', 9) }).thenRejected('PaymentNotAwaited');
  });

  it('is not when it has ended, so that the money can be let go', () => {
    given(histories.expired).when(authorize).thenRejected('IllegalTransition', { status: 'expired' });
  });

  const lost: OrderEvent = { type: 'AuthorizationLost', data: { paymentId: authorize.paymentId } };
  const held = [
    ...histories.awaiting_payment,
    { type: 'OrderConfirmed', data: { basis: 'authorized', paymentId: authorize.paymentId, authorized: eur(2000) } },
  ] as const;

  it('goes on when the money is let go, and can be asked to pay otherwise', () => {
    const state = given(held).when(commands.RecordAuthorizationLost).then([lost]);
    expect(representOrder(state, 9)?.payment.status).to.equal('pending');
    const { type: _, at: __, ...wish } = commands.RequestPayment;
    given(held).when(commands.RequestPayment).thenRejected('NothingDue');
    given([...held, lost])
      .when(commands.RequestPayment)
      .then([{ type: 'PaymentRequested', data: { ...wish, amount: eur(2000), purpose: 'additional' } }]);
  });

  it('is not, when the word that it was let go comes first', () => {
    given([...histories.awaiting_payment, lost])
      .when(authorize)
      .thenRejected('IllegalTransition');
  });
});

describe('the time to decide', () => {
  it('is told in the refusal', () => {
    given([orderPlaced(), orderHeld({ decideBy: dueAt })])
      .when({ ...resolve, at: dueAt })
      .thenRejected('HoldExpired', { decideBy: dueAt });
    given([orderPlaced(), orderHeld({ decideBy: dueAt })])
      .when({ ...resolve, at })
      .then([holdResolved('accept')]);
  });
});
