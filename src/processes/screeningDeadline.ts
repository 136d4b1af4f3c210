import { paymentIdOf, silenceIdOf } from '../commands/identity.js';
import type { OrderId } from '../domain/kernel/ids.js';
import { orderStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, order, type Order } from '../domain/order/index.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { type ScheduleStep, toOrder } from './engine/step.js';
import { orderAt, orderIdIn } from './orderLines.js';
import { addMilliseconds, addMinutes } from './time.js';

const NAME = 'screening-deadline';
const SECOND_MS = 1_000;

/**
 * Screening deadline, first half: the check engine has so long to say something, from when the order was placed, and again
 * from when it goes on after it was held for something else.
 */
export const screeningDeadline: ProcessManager<ExistingOrder | null> = {
  name: NAME,
  wants: (type) => type === 'OrderPlaced' || type === 'OrderHoldResolved',
  key: (event) => event.stream,
  // whether it is checked at all the placing says itself: most orders need no look at anything
  load: (event, folds) =>
    event.event.type === 'OrderPlaced' && event.event.data.screening === undefined
      ? Promise.resolve(null)
      : orderAt(event, folds),
  react: (recorded, state) => {
    if (state?.status !== 'placed' || state.gates.check !== 'pending') return [];
    const { screening } = state.details;
    if (screening === undefined) return [];
    const orderId = orderIdIn(recorded);
    const dueAt = addMilliseconds(recorded.meta.at, screening.timeoutSeconds * SECOND_MS);
    return [timer(orderId, recorded.revision, dueAt)];
  },
  settle: nothingMore,
};

/** The timer that ends the wait for the check engine, by the revision of the event that began it. */
export const screeningTimerId = (orderId: OrderId, revision: number): string => `${NAME}/${orderId}/${revision}`;

const timer = (orderId: OrderId, revision: number, dueAt: string): ScheduleStep => ({
  kind: 'schedule',
  timer: {
    id: screeningTimerId(orderId, revision),
    process: NAME,
    correlation: orderId,
    dueAt,
    task: { type: 'check-due', orderId },
  },
});

interface Silence {
  readonly order: Order;
  readonly reviewDecisionMinutes: number;
}

/**
 * Screening deadline, second half: an order that the engine said nothing about is held for somebody to look at it, or
 * passes, as its location wanted when it was placed. What the engine says later is recorded all the same.
 */
export const screeningDue: TimerReaction<Silence> = {
  name: NAME,
  load: async ({ task }, related) => {
    if (task.type !== 'check-due') throw new Error(`${NAME} knows no timer ${task.type}`);
    const { reviewDecisionMinutes } = await related.settings();
    return { order: await related.latest(order, orderStream(task.orderId)), reviewDecisionMinutes };
  },
  react: ({ task }, { order: state, reviewDecisionMinutes }, now) => {
    if (task.type !== 'check-due' || state.status === 'none' || state.gates.check !== 'pending') return [];
    const { screening, paymentWindowMinutes } = state.details;
    if (screening === undefined) return [];
    const { orderId } = task;
    const text = `the check engine said nothing within ${screening.timeoutSeconds} s`;
    const decideBy = addMinutes(now, reviewDecisionMinutes);
    // one that is held for something else is asked about again when it goes on
    if (screening.onSilence === 'hold') {
      return state.status === 'placed'
        ? [toOrder(orderId, 'hold', { type: 'HoldOrder', kind: 'review', detail: text, decideBy })]
        : [];
    }
    return [
      toOrder(orderId, 'pass', {
        type: 'RecordCheckResult',
        checkId: silenceIdOf(orderId),
        verdict: 'passed',
        rules: [{ code: 'silence', outcome: 'passed', text }],
        engine: NAME,
        engineVersion: '1',
        decideBy,
        acceptance: { paymentId: paymentIdOf(orderId, 1), paymentDueAt: addMinutes(now, paymentWindowMinutes) },
      }),
    ];
  },
  settle: nothingMore,
};
