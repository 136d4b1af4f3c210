import { order } from '../../../../src/domain/order/index.js';
import { idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  commands,
  histories,
  holdResolved,
  orderAccepted,
  orderHeld,
  orderPlaced,
  stockSecured,
  stockShort,
} from './histories.js';

const given = specificationOf(order);
const resolve = commands.ResolveHold;

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
