import { ticketIdOf, unmetIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { RejectionShape } from '../domain/kernel/aggregate.js';
import type { LineId, PaymentId } from '../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../domain/kernel/streams.js';
import {
  type ExistingOrder,
  isWithKitchen,
  openQty,
  order as orders,
  type OrderEvent,
  paymentsOf,
} from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import { amending } from './amending.js';
import { giveBack, hasTicket, takeOffTicket, waitForTicket } from './callingOff.js';
import { takeBack, takeBackOf } from './delivery.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, type Step, toOrder, toTicket } from './engine/step.js';
import { orderAt, release, trackedLines } from './orderLines.js';
import { carryBack } from './exchanging.js';
import { goneAllTheSame } from './goneAllTheSame.js';
import { endPayment, type EndingProgress, outcomesOf } from './paymentEnding.js';

interface State {
  /** As it stood just after the event. */
  readonly order: ExistingOrder;
  /** Those that an order which has ended asked for and nobody has paid; none: nobody will open one. */
  readonly payments: readonly { readonly id: PaymentId; readonly state: Payment }[];
  /** Whether an order that was amended is still to be served by now. */
  readonly goesOn?: boolean;
  /** As it stands by now, where that matters. */
  readonly now?: ExistingOrder;
}

const WANTED: ReadonlySet<string> = new Set([
  'CancellationRequested',
  'LinesCancelled',
  'OrderAmended',
  'AmendmentDeclined',
  'OrderCancelled',
  'OrderRejected',
]);

/**
 * Cancellation, in two phases once the order is confirmed. A wish goes to the kitchen first, which is the most likely to
 * refuse, then to the shipments that have not left; what could be stopped is told to the order, which decides what becomes
 * of the wish. What the order called off is then given back: the ticket or its items, the stock, and its open payments, at the provider first. If the payer was faster
 * the money is recorded, and the cancelled order asks for its return. What comes and goes by an amendment is seen to here as
 * well, for what follows on it must not overtake it: see {@link amending}.
 */
export const cancellation: ProcessManager<State> = {
  name: 'cancellation',
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async (event, folds, related) => {
    const order = await orderAt(event, folds);
    if (event.event.type === 'OrderAmended') {
      const now = await related.latest(orders, orderStream(order.details.orderId));
      return { order, payments: [], goesOn: now.status !== 'none' && isWithKitchen(now) };
    }
    if (event.event.type === 'AmendmentDeclined') {
      const now = await related.latest(orders, orderStream(order.details.orderId));
      return { order, payments: [], ...(now.status === 'none' ? {} : { now }) };
    }
    const ends = event.event.type === 'OrderCancelled' || event.event.type === 'OrderRejected';
    const payments = (ends ? unpaid(order) : []).map(async (id) => ({
      id,
      state: await related.latest(payment, paymentStream(id)),
    }));
    return { order, payments: await Promise.all(payments) };
  },
  react: (recorded, state) => {
    const { event } = recorded;
    switch (event.type) {
      case 'CancellationRequested':
        return hasTicket(state.order)
          ? [cancelTicket(recorded, state.order, event.data)]
          : stopShipments(recorded, state.order, event.data, []);
      case 'LinesCancelled':
        return callOff(recorded, state.order, event.data);
      case 'OrderAmended':
        return amending(recorded, state.order, event.data, state.goesOn === true, []);
      case 'AmendmentDeclined':
        return carryBack(recorded, state.order, event.data.amendmentId, state.now);
      case 'OrderCancelled': {
        const ticket = hasTicket(state.order)
          ? [cancelTicket(recorded, state.order, { ...event.data, force: true })]
          : [];
        const shipments = takeBack(state.order, recorded, event.data.reason);
        const steps = [
          ...ticket,
          ...shipments,
          ...release(state.order.details, trackedLines(state.order.details), 'cancelled'),
        ];
        return steps.length > 0 ? steps : end(state, []);
      }
      case 'OrderRejected':
        // its stock is given back by who asked for it
        return end(state, []);
      default:
        return [];
    }
  },
  settle: (recorded, state, outcomes) => {
    const { event } = recorded;
    switch (event.type) {
      case 'CancellationRequested':
        return settleWish(recorded, state.order, event.data, outcomes);
      case 'LinesCancelled': {
        const waiting = waitForTicket(outcomes);
        return waiting.length > 0 ? waiting : goneAllTheSame(recorded, state.order, outcomes);
      }
      case 'OrderAmended':
        return amending(recorded, state.order, event.data, state.goesOn === true, outcomes);
      case 'OrderCancelled':
        return [...goneAllTheSame(recorded, state.order, outcomes), ...end(state, outcomes)];
      case 'OrderRejected':
        return end(state, outcomes);
      default:
        return [];
    }
  },
};

type Data<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>['data'];

const cancelTicket = (
  { meta }: RecordedEvent,
  { details }: ExistingOrder,
  { reason, force = false }: { readonly reason: string; readonly force?: boolean },
): CommandStep =>
  toTicket(ticketIdOf(details.orderId, details.locationId), 'cancel', {
    type: 'CancelTicket',
    orderId: details.orderId,
    reason,
    by: meta.actor.id,
    at: meta.at,
    force,
  });

function settleWish(
  recorded: RecordedEvent,
  order: ExistingOrder,
  wish: Data<'CancellationRequested'>,
  outcomes: readonly Outcome[],
): readonly Step[] {
  if (commandOutcome(outcomes, 'settle') !== undefined) return [];
  const asked = commandOutcome(outcomes, 'cancel');
  // what the kitchen has handed over may still be taken back from the courier; what it makes just now may not
  const isBeingMade = asked?.result === 'refused' && asked.rejection._tag === 'AlreadyStarted';
  if (asked?.result === 'refused' && (isBeingMade || order.shipments.length === 0)) {
    return [declined(recorded, order, wish.cancellationId, asked.rejection)];
  }
  return stopShipments(recorded, order, wish, outcomes);
}

/** Takes back what has not left; then the order hears what could be stopped. */
function stopShipments(
  recorded: RecordedEvent,
  order: ExistingOrder,
  { cancellationId, reason }: Data<'CancellationRequested'>,
  outcomes: readonly Outcome[],
): readonly Step[] {
  const wanted = takeBack(order, recorded, reason);
  if (wanted.length > 0 && !wanted.some(({ name }) => commandOutcome(outcomes, name))) return wanted;
  const gone = order.shipments.filter(
    ({ shipmentId, state }) =>
      state === 'dispatched' || commandOutcome(outcomes, takeBackOf(shipmentId))?.result === 'refused',
  );
  const unitsGone = (lineId: LineId): number =>
    gone.flatMap(({ lines }) => lines).reduce((sum, line) => (line.lineId === lineId ? sum + line.qty : sum), 0);
  const stopped = order.lines.map((line) => ({ lineId: line.lineId, qty: openQty(line) - unitsGone(line.lineId) }));
  return [
    toOrder(order.details.orderId, 'settle', {
      type: 'SettleCancellation',
      cancellationId,
      stopped: stopped.filter(({ qty }) => qty > 0),
      cause: 'it has left',
      at: recorded.meta.at,
    }),
  ];
}

/** The kitchen refused: nothing was stopped. */
const declined = (
  { meta }: RecordedEvent,
  order: ExistingOrder,
  cancellationId: Data<'CancellationRequested'>['cancellationId'],
  refusal: RejectionShape,
): CommandStep =>
  toOrder(order.details.orderId, 'settle', {
    type: 'SettleCancellation',
    cancellationId,
    stopped: [],
    cause: refusal._tag === 'AlreadyStarted' ? 'the kitchen has begun' : 'the kitchen has handed it over',
    at: meta.at,
  });

/** Takes units off the ticket, if they ever came there, and gives back the stock that was set aside for them. */
function callOff(
  recorded: RecordedEvent,
  order: ExistingOrder,
  { lines, reason, cancellationId }: Data<'LinesCancelled'>,
): readonly CommandStep[] {
  const { orderId } = order.details;
  const unmet = order.amendments?.some(({ amendmentId }) => unmetIdOf(orderId, amendmentId) === cancellationId);
  return [
    ...(unmet === true ? [] : takeOffTicket(recorded, order, lines, { reason, force: true })),
    ...giveBack(order, lines),
  ];
}

/** The payments that were asked for, the first one too, and that are not paid. */
const unpaid = (order: ExistingOrder): readonly PaymentId[] =>
  paymentsOf(order).filter((id) => !order.applied.some(({ paymentId }) => paymentId === id));

/** Ends what is not paid, all side by side; one that the provider does not close makes all of it come again. */
function end({ order, payments }: State, outcomes: readonly Outcome[]): readonly Step[] {
  const { orderId } = order.details;
  const ends = payments.map(({ id, state }) =>
    endPayment(
      { orderId, paymentId: id, why: 'cancelled', withoutProvider: false },
      state,
      outcomesOf(id, state, outcomes),
    ),
  );
  const steps = ends.flatMap((progress) => ('steps' in progress ? progress.steps : []));
  if (steps.length > 0) return steps;
  const silent = ends.find((progress) => 'result' in progress && progress.result === 'silent');
  return silent === undefined
    ? []
    : [{ kind: 'later', reason: 'the provider does not close the session', ...errorOf(silent) }];
}

const errorOf = (progress: EndingProgress): { readonly error?: unknown } =>
  'error' in progress ? { error: progress.error } : {};
