import type { RecordedEvent } from '../domain/events.js';
import type { PaymentId } from '../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, isDead, order, type Order, outstanding } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import type { Related } from './engine/related.js';
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
  /** Payments in whose place another one was asked for, that hold money, and of which nobody has said what becomes of it. */
  readonly replaced?: readonly PaymentId[];
}

/**
 * Money held: once the provider holds it the order is confirmed; it is taken when the kitchen accepts, and let go when the order
 * ends before. An order that ended, or is held, when the money came, does not take it: it is let go, or waits for the decision,
 * also where another payment was asked for in the place of that one meanwhile.
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
    if (!manual) return { order: state, payment: undefined };
    return {
      order: state,
      payment: await related.latest(payment, paymentStream(state.awaited.paymentId)),
      replaced: ACCEPTED.has(event.type) ? [] : await heldByReplaced(state, related),
    };
  },
  react: (recorded, { order: state, payment: held, replaced = [] }) => {
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
    if (state.status === 'none' || state.awaited === undefined) return [];
    const { paymentId } = state.awaited;
    const isHeld = held?.status === 'authorized';
    if (ACCEPTED.has(event.type)) return isHeld ? [take(paymentId)] : [];
    if (OVER.has(event.type)) {
      return [...(isHeld ? [paymentId] : []), ...replaced].map((one) => letGo(one, `the order is ${state.status}`));
    }
    if (event.type !== 'OrderHoldResolved' || event.data.decision === 'reject') return [];
    if (isHeld) {
      const { amount: authorized } = held.authorization;
      return [toOrder(orderIdIn(recorded), 'confirm', { type: 'ConfirmAuthorized', paymentId, authorized })];
    }
    // held again, it waits for that decision
    return state.status === 'on_hold' ? [] : replaced.map((one) => decided(state, one));
  },
  settle: (recorded, { order: state }, outcomes) => whenRefused(recorded, state, outcomes),
};

/** A payment of the order that nobody waits for any more, and that holds money all the same: one at most, the first. */
async function heldByReplaced(
  { formerPayments = [] }: ExistingOrder,
  related: Pick<Related, 'latest'>,
): Promise<readonly PaymentId[]> {
  const states = await Promise.all(formerPayments.map((one) => related.latest(payment, paymentStream(one))));
  return formerPayments.filter((_, place) => {
    const its = states[place];
    return its?.status === 'authorized' && its.wish === undefined;
  });
}

/** Whether it is to be paid yet: what is held for it counts as paid. One that was to be paid afterwards is paid by what comes. */
const owes = (state: Order): boolean => state.status !== 'none' && !isDead(state) && outstanding(state) > 0;

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
  return [decided(state, paymentId)];
}

/** What confirms nothing is taken where it pays for something all the same. */
const decided = (state: Order, paymentId: PaymentId): CommandStep =>
  owes(state) ? take(paymentId) : letGo(paymentId, 'the order does not wait for this money');

const CAPTURE = 'capture';
const VOID = 'void';

const take = (paymentId: PaymentId): CommandStep =>
  toPayment(paymentId, CAPTURE, { type: 'CapturePayment', by: `system/${NAME}` });

const letGo = (paymentId: PaymentId, reason: string): CommandStep =>
  toPayment(paymentId, VOID, { type: 'VoidPayment', by: `system/${NAME}`, reason });

/** What is held lapses in a day: a living order takes it now, if it counts on it or owes it; else it is let go. */
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
    if (state.status === 'none' || isDead(state)) return [letGo(task.paymentId, 'the order is over')];
    const countsOnIt = state.authorized !== undefined && state.awaited?.paymentId === task.paymentId;
    return [countsOnIt ? take(task.paymentId) : decided(state, task.paymentId)];
  },
  settle: nothingMore,
};
