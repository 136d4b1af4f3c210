import type { RecordedEvent } from '../domain/events.js';
import type { OrderId, PaymentId } from '../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, isPaidInPart, order, type Order } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import {
  askAnew,
  askForTheRest,
  ENDS_OF_PAYMENTS,
  endUnneeded,
  isEndOfPayment,
  type Waiting,
  waitingFor,
  withoutItsPage,
  withPayment,
  withRest,
} from './anotherPayment.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import type { ProcessManager, TimerReaction } from './engine/process.js';
import { type ScheduleStep, type Step, toOrder } from './engine/step.js';
import { orderAt, orderIdIn, paymentIdIn } from './orderLines.js';
import { endPayment } from './paymentEnding.js';
import { addMilliseconds } from './time.js';
import type { DueTimer } from './timers/timer.js';

const NAME = 'payment-deadline';
const WANTED: ReadonlySet<string> = new Set([
  'OrderAccepted',
  'OrderConfirmed',
  'OrderCancelled',
  'OrderExpired',
  'OrderHoldResolved',
  'PaymentApplied',
  'PaymentLinkAttached',
  ...ENDS_OF_PAYMENTS,
]);

/** After these a page may be there that is not to be paid, or asks for too much. */
const MAY_LEAVE_A_PAGE: ReadonlySet<string> = new Set(['OrderHoldResolved', 'OrderConfirmed', 'PaymentLinkAttached']);

/** How long a provider that does not answer holds up the end of an order. */
const GRACE_MS = 15 * 60_000;
/** What is left, at least, to pay for an order whose decision said nothing of that. */
const LEAST_AFTER_HOLD_MS = 5 * 60_000;
/** Timers of one order have numbers; those of a resumed one begin so far apart for each revision. */
const ROUNDS_APART = 1_000;
/** Slow methods: how often an order whose payment is being processed is looked at, and for how long its stock is held. */
const PROCESSING_CHECK_MS = 60 * 60_000;
const PROCESSING_LIMIT_MS = 3 * 24 * 60 * 60_000;

/**
 * Payment deadline, first half: the timer runs from acceptance until the order is paid or over, and another one from the end of
 * a hold. A payment that failed for good has a timer of its own: its order's goods wait for nothing once their time is over.
 * While there is time, what nobody can pay any more is asked for anew, and what is missing of a payment: see {@link askAnew}.
 */
export const paymentDeadline: ProcessManager<Waiting> = {
  name: NAME,
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async (event, folds, related) => {
    if (isEndOfPayment(event)) return waitingFor(event, folds, related);
    if (event.event.type === 'PaymentApplied') return withRest(await orderAt(event, folds), related);
    if (!MAY_LEAVE_A_PAGE.has(event.event.type)) return {};
    const its = await orderAt(event, folds);
    const goesOn = event.event.type === 'OrderHoldResolved' && its.status !== 'awaiting_payment';
    return goesOn ? withRest(its, related) : withPayment(its, event, related);
  },
  react: (recorded: RecordedEvent, state) => {
    const { event, meta } = recorded;
    if (isEndOfPayment(recorded)) {
      return [
        ...(event.type === 'PaymentFailed' ? afterFailure(recorded, state) : []),
        ...askAnew(recorded, state),
        ...withoutItsPage(recorded, state),
      ];
    }
    if (event.type === 'PaymentApplied') {
      return state.order ? [...askForTheRest(recorded, state), ...untilTheRest(state.order)] : [];
    }
    if (event.type === 'PaymentLinkAttached') return endUnneeded(recorded, state, []);
    const orderId = orderIdIn(recorded);
    if (event.type === 'OrderHoldResolved') {
      // the timer may have come while the order was held, and found nothing to do
      const awaited = state.order?.awaited;
      if (event.data.decision === 'reject') return [];
      const rest = state.lacksRest ? askForTheRest(recorded, state) : [];
      if (awaited === undefined) return rest;
      const least = addMilliseconds(meta.at, LEAST_AFTER_HOLD_MS);
      const dueAt = event.data.paymentDueAt ?? (awaited.dueAt > least ? awaited.dueAt : least);
      return [
        cancelFirst(orderId),
        schedule(orderId, awaited.paymentId, firstRound(recorded), dueAt),
        ...askAnew(recorded, state),
        ...rest,
        ...endUnneeded(recorded, state, []),
      ];
    }
    if (event.type !== 'OrderAccepted') return [cancelFirst(orderId), ...endUnneeded(recorded, state, [])];
    const { paymentId, paymentDueAt } = event.data;
    if (paymentId === undefined || paymentDueAt === undefined) return [];
    return [schedule(orderId, paymentId, 0, paymentDueAt)];
  },
  settle: endUnneeded,
};

/** An order that is held has another timer when it goes on; one that is not accepted yet waits for another payment. */
function afterFailure(recorded: RecordedEvent, { order: its }: Waiting): readonly Step[] {
  const paymentId = paymentIdIn(recorded);
  if (its?.awaited?.paymentId !== paymentId) return [];
  const { orderId } = its.details;
  const { at } = recorded.meta;
  const dueAt = its.awaited.dueAt > at ? its.awaited.dueAt : at;
  // that of the first payment had no more of a name before an order could wait for another one
  const which = its.formerPayments === undefined ? 'failed' : `failed/${paymentId}`;
  return [timerOf(`${NAME}/${orderId}/${which}`, { orderId, paymentId, round: 0 }, dueAt)];
}

/** The rest has the same time to pay; its timer may have found the part underway, and nothing to end. */
function untilTheRest(its: ExistingOrder): readonly Step[] {
  const { awaited, details } = its;
  if (its.status !== 'awaiting_payment' || awaited === undefined || !isPaidInPart(its)) return [];
  const { orderId } = details;
  const { paymentId, dueAt } = awaited;
  return [timerOf(`${NAME}/${orderId}/rest/${paymentId}`, { orderId, paymentId, round: 0 }, dueAt)];
}

interface State {
  readonly order: Order;
  /** The one that the order waits for by now. */
  readonly payment: Payment;
}

/**
 * Payment deadline, second half: the time to pay is over. The session is closed at the provider; if the payer was faster
 * that is recorded and the order goes on, else our payment is closed and the order expires. A provider that does not answer
 * is asked again for a while, the stock held, before the order expires without its word.
 */
export const paymentDue: TimerReaction<State> = {
  name: NAME,
  load: async ({ task }, related) => {
    if (task.type !== 'payment-due') throw new Error(`${NAME} knows no timer ${task.type}`);
    const its = await related.latest(order, orderStream(task.orderId));
    // its timer was set when it waited for another one, maybe
    const awaited = its.status === 'none' ? undefined : its.awaited?.paymentId;
    return { order: its, payment: await related.latest(payment, paymentStream(awaited ?? task.paymentId)) };
  },
  react: (timer, state, now) => next(timer, state, now, []),
  settle: next,
};

function next({ task }: DueTimer, state: State, now: string, outcomes: readonly Outcome[]): readonly Step[] {
  if (task.type !== 'payment-due' || state.order.status !== 'awaiting_payment') return [];
  const { orderId } = task;
  const { paymentId, dueAt } = state.order.awaited ?? { paymentId: task.paymentId, dueAt: now };
  // A decision gave it more time, and another timer, unless whoever was to set that could not. So it looks again then, and nothing
  // stands for ever.
  if (now < dueAt) return outcomes.length > 0 ? [] : [schedule(orderId, paymentId, task.round + 1, dueAt)];
  const overdue = Date.parse(now) - Date.parse(dueAt);
  const ending = { orderId, paymentId, why: 'expired', withoutProvider: overdue >= GRACE_MS } as const;
  const progress = endPayment(ending, state.payment, outcomes);
  if ('steps' in progress) return progress.steps;
  switch (progress.result) {
    case 'paid':
      // a part of it was, and nobody could ask for the rest in time
      return isPaidInPart(state.order) ? expire(orderId, paymentId, now, outcomes) : [];
    case 'silent':
      return [
        { kind: 'later', reason: 'the provider does not say whether the payer was faster', error: progress.error },
      ];
    case 'processing':
      return overdue < PROCESSING_LIMIT_MS
        ? again(orderId, paymentId, task.round + 1, now, outcomes)
        : expire(orderId, paymentId, now, outcomes);
    case 'closed':
      return expire(orderId, paymentId, now, outcomes);
  }
}

function expire(orderId: OrderId, paymentId: PaymentId, at: string, outcomes: readonly Outcome[]): readonly Step[] {
  const told = commandOutcome(outcomes, 'expire');
  if (told === undefined) return [toOrder(orderId, 'expire', { type: 'ExpireOrder', at, paymentId })];
  const isReplaced = told.result === 'refused' && told.rejection._tag === 'PaymentNotAwaited';
  return isReplaced ? [{ kind: 'later', reason: 'the order waits for another payment by now' }] : [];
}

const again = (
  orderId: OrderId,
  paymentId: PaymentId,
  round: number,
  now: string,
  outcomes: readonly Outcome[],
): readonly Step[] =>
  outcomes.some(({ result }) => result === 'done')
    ? []
    : [schedule(orderId, paymentId, round, addMilliseconds(now, PROCESSING_CHECK_MS))];

const schedule = (orderId: OrderId, paymentId: PaymentId, round: number, dueAt: string): ScheduleStep =>
  timerOf(timerIdOf(orderId, round), { orderId, paymentId, round }, dueAt);

const timerOf = (
  id: string,
  due: { readonly orderId: OrderId; readonly paymentId: PaymentId; readonly round: number },
  dueAt: string,
): ScheduleStep => ({
  kind: 'schedule',
  timer: { id, process: NAME, correlation: due.orderId, dueAt, task: { type: 'payment-due', ...due } },
});

/** The first timer of an order that waits for its money since an event. */
export const paymentTimerId = (orderId: OrderId, since: RecordedEvent): string => timerIdOf(orderId, firstRound(since));

const firstRound = ({ event, revision }: RecordedEvent): number =>
  event.type === 'OrderHoldResolved' ? revision * ROUNDS_APART : 0;

const cancelFirst = (orderId: OrderId): Step => ({ kind: 'cancel', timerId: timerIdOf(orderId, 0) });

const timerIdOf = (orderId: OrderId, round: number): string => `${NAME}/${orderId}/${round}`;
