import { order } from '../../../../src/domain/order/index.js';
import { at, dueAt, eur, later } from '../../../support/fixtures.js';
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
