import { expect } from 'chai';
import { checkIdOf, silenceIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import { screeningDeadline, screeningDue } from '../../../src/processes/screeningDeadline.js';
import type { DueTimer } from '../../../src/processes/timers/timer.js';
import { anOrder, at, placedOrder } from '../../support/fixtures.js';
import { commandsOf, names, playEvent, playTimer } from './support/play.js';
import { recorded } from './support/recorded.js';

const placedWith = (onSilence: 'hold' | 'pass'): OrderEvent => ({
  type: 'OrderPlaced',
  data: placedOrder({
    gates: { check: 'required', stock: 'required', discounts: 'skipped' },
    screening: { timeoutSeconds: 30, onSilence },
    checkId: checkIdOf(anOrder),
  }),
});
const held: OrderEvent = {
  type: 'OrderHeld',
  data: { kind: 'manual', detail: 'strange', decideBy: '2024-05-05T12:00:00.000Z', resumeTo: 'placed' },
};
const resolved: OrderEvent = { type: 'OrderHoldResolved', data: { decision: 'accept', by: 'staff' } };
const checked: OrderEvent = {
  type: 'OrderChecked',
  data: { checkId: checkIdOf(anOrder), verdict: 'passed', rules: [], engine: 'x', engineVersion: '1' },
};
const after = (...events: readonly OrderEvent[]): ExistingOrder => {
  const state = fold(order, order.initial, events);
  if (state.status === 'none') throw new Error('there is no order');
  return state;
};
const stream = `order-${anOrder}` as const;
const timer: DueTimer = {
  id: 'screening-deadline/1',
  process: 'screening-deadline',
  correlation: anOrder,
  dueAt: at,
  task: { type: 'check-due', orderId: anOrder },
  origin: { correlationId: 'correlation-1', causationId: 'event-1', tenant: 'main' },
};
const due = (...events: readonly OrderEvent[]) =>
  playTimer(screeningDue, timer, { order: after(...events), reviewDecisionMinutes: 60 }, at);

describe('the time that the check engine has', () => {
  it('begins when the order is placed', () => {
    const placed = placedWith('hold');
    const [[step] = []] = playEvent(screeningDeadline, recorded(stream, placed), after(placed));
    expect(step?.kind === 'schedule' && step.timer.dueAt).to.equal('2024-05-04T12:00:30.000Z');
  });

  it('begins anew when an order goes on after it was held for something else', () => {
    const state = after(placedWith('hold'), held, resolved);
    const [[step] = []] = playEvent(screeningDeadline, recorded(stream, resolved, 2), state);
    expect(step?.kind === 'schedule' && step.timer.id).to.equal(`screening-deadline/${anOrder}/2`);
  });

  it('is of no interest where nothing is checked, or the answer is there', () => {
    const unchecked: OrderEvent = { type: 'OrderPlaced', data: placedOrder() };
    expect(playEvent(screeningDeadline, recorded(stream, unchecked), null)).to.deep.equal([]);
    const answered = after(placedWith('hold'), held, checked, resolved);
    expect(playEvent(screeningDeadline, recorded(stream, resolved, 3), answered)).to.deep.equal([]);
  });
});

describe('a check engine that says nothing in time', () => {
  it('has the order held for somebody to look at', () => {
    const [command] = commandsOf(due(placedWith('hold')), 'HoldOrder');
    expect(command).to.deep.include({ kind: 'review', decideBy: '2024-05-04T13:00:00.000Z' });
  });

  it('lets it pass where the location wants it so, and leaves the engine its own answer', () => {
    const [command] = commandsOf(due(placedWith('pass')), 'RecordCheckResult');
    expect(command).to.deep.include({ verdict: 'passed', checkId: silenceIdOf(anOrder) });
    expect(command?.checkId).not.to.equal(checkIdOf(anOrder));
  });

  it('changes nothing where it has answered, or the order is held already', () => {
    expect(names(due(placedWith('hold'), checked))).to.deep.equal([]);
    expect(names(due(placedWith('hold'), held))).to.deep.equal([]);
  });
});
