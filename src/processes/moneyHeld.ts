import type { RecordedEvent } from '../domain/events.js';
import type { PaymentId } from '../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../domain/kernel/streams.js';
import { isDead, order, type Order, owedFor } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { type CommandStep, type Step, toOrder, toPayment } from './engine/step.js';
import { orderAt, orderIdIn, paymentIdIn } from './orderLines.js';
import { orderIdOf } from './paymentState.js';
import { addMilliseconds } from './time.js';

const NAME = 'money-held';
/** What is held lapses after seven days (cards); a day before that it is taken, or let go. */
const DECIDE_AFTER_MS = 6 * 24 * 60 * 60_000;
const ACCEPTED: ReadonlySet<string> = new Set(['FulfilmentStarted', 'LinesFulfilled']);
const OVER: ReadonlySet<string> = new Set(['OrderCancelled', 'OrderRejected', 'OrderExpired']);
const WANTED: ReadonlySet<string> = new Set([
  'PaymentAuthorized',
  'PaymentVoided',
  'OrderHoldResolved',
  ...ACCEPTED,
  ...OVER,
]);

interface State {
  readonly order: Order;
  /** The payment that confirms the order; only that one is ever held. Undefined: there is none. */
  readonly payment: Payment | undefined;
}

/**
 * Money held: once the provider holds it the order is confirmed; it is taken when the kitchen accepts, and let go when the order
 * ends before. An order that ended, or is held, when the money came, does not take it: it is let go, or waits for the decision.
 * Whoever wanted the money to be let go, the order that counted on it hears of it, and can be asked to pay otherwise.
 */
export const moneyHeld: ProcessManager<State> = {
  name: NAME,
  wants: (type) => WANTED.has(type),
  key: ({ event, stream }) => (event.type === 'PaymentAuthorized' ? `order-${event.data.orderId}` : stream),
  load: async (recorded, folds, related) => {
    const { event } = recorded;
    if (event.type === 'PaymentAuthorized') {
      return { order: await related.latest(order, orderStream(event.data.orderId)), payment: undefined };
    }
    if (event.type === 'PaymentVoided') {
      const orderId = orderIdOf(await folds.at(payment, recorded.stream, recorded.revision));
      const its = orderId === undefined ? order.initial : await related.latest(order, orderStream(orderId));
      return { order: its, payment: undefined };
    }
    // held again since then, it waits for another decision
    const state =
      event.type === 'OrderHoldResolved'
        ? await related.latest(order, orderStream(orderIdIn(recorded)))
        : await orderAt(recorded, folds);
    if (state.status === 'none') return { order: state, payment: undefined };
    const manual = state.details.captureMode === 'manual' && state.awaited !== undefined;
    return {
      order: state,
      payment: manual ? await related.latest(payment, paymentStream(state.awaited.paymentId)) : undefined,
    };
  },
  react: (recorded, { order: state, payment: held }) => {
    const { event, meta } = recorded;
    if (event.type === 'PaymentAuthorized') {
      const { orderId, amount } = event.data;
      const paymentId = paymentIdIn(recorded);
      return [
        toOrder(orderId, 'confirm', { type: 'ConfirmAuthorized', paymentId, authorized: amount }),
        {
          kind: 'schedule',
          timer: {
            id: `${NAME}/${paymentId}`,
            process: NAME,
            correlation: orderId,
            dueAt: addMilliseconds(meta.at, DECIDE_AFTER_MS),
            task: { type: 'money-held', orderId, paymentId },
          },
        },
      ];
    }
    if (event.type === 'PaymentVoided') {
      if (state.status === 'none' || isDead(state)) return [];
      const lost = { type: 'RecordAuthorizationLost', paymentId: paymentIdIn(recorded) } as const;
      return [toOrder(state.details.orderId, 'lost', lost)];
    }
    if (held?.status !== 'authorized' || state.status === 'none' || state.awaited === undefined) return [];
    const { paymentId } = state.awaited;
    if (ACCEPTED.has(event.type)) return [take(paymentId)];
    if (OVER.has(event.type)) return [letGo(paymentId, `the order is ${state.status}`)];
    return event.type === 'OrderHoldResolved' && event.data.decision !== 'reject'
      ? [
          toOrder(orderIdIn(recorded), 'confirm', {
            type: 'ConfirmAuthorized',
            paymentId,
            authorized: held.authorization.amount,
          }),
        ]
      : [];
  },
  settle: (recorded, { order: state }, outcomes) => whenRefused(recorded, state, outcomes),
};

/**
 * An order that is over takes no money; one that is held may take it yet. What confirms nothing, as it is less than the order costs,
 * is taken at once: it counts, and the rest is asked for.
 */
function whenRefused(recorded: RecordedEvent, state: Order, outcomes: readonly Outcome[]): readonly Step[] {
  const isDecided = commandOutcome(outcomes, CAPTURE) !== undefined || commandOutcome(outcomes, VOID) !== undefined;
  if (isDecided || commandOutcome(outcomes, 'confirm')?.result !== 'refused') return [];
  if (state.status === 'on_hold' || state.status === 'placed') return [];
  const awaited = state.status === 'none' ? undefined : state.awaited?.paymentId;
  const paymentId = recorded.event.type === 'PaymentAuthorized' ? paymentIdIn(recorded) : awaited;
  if (paymentId === undefined) return [];
  // one that was to be paid afterwards is paid by this
  const owes = state.status !== 'none' && !isDead(state) && state.captured.amount < owedFor(state).amount;
  return [owes ? take(paymentId) : letGo(paymentId, 'the order does not wait for this money')];
}

const CAPTURE = 'capture';
const VOID = 'void';

const take = (paymentId: PaymentId): CommandStep =>
  toPayment(paymentId, CAPTURE, { type: 'CapturePayment', by: `system/${NAME}` });

const letGo = (paymentId: PaymentId, reason: string): CommandStep =>
  toPayment(paymentId, VOID, { type: 'VoidPayment', by: `system/${NAME}`, reason });

/** What is held lapses in a day: a living order takes it now, for one that is over it is let go. */
export const moneyHeldDue: TimerReaction<State> = {
  name: NAME,
  load: async ({ task }, related) => {
    if (task.type !== 'money-held') throw new Error(`${NAME} knows no timer ${task.type}`);
    return {
      order: await related.latest(order, orderStream(task.orderId)),
      payment: await related.latest(payment, paymentStream(task.paymentId)),
    };
  },
  react: ({ task }, { order: state, payment: held }) => {
    if (task.type !== 'money-held' || held?.status !== 'authorized' || held.wish !== undefined) return [];
    return state.status === 'none' || isDead(state)
      ? [letGo(task.paymentId, 'the order is over')]
      : [take(task.paymentId)];
  },
  settle: nothingMore,
};
