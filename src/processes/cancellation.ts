import { ticketIdOf, ticketItemIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { RejectionShape } from '../domain/kernel/aggregate.js';
import type { LineId } from '../domain/kernel/ids.js';
import { paymentStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, isMadeToOrder, openQty, type OrderEvent } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import { takeBack, takeBackOf } from './delivery.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, type Step, toOrder, toTicket } from './engine/step.js';
import { type Line, orderAt, release, reservationOf, toStockOf, trackedLines } from './orderLines.js';
import { goneAllTheSame } from './goneAllTheSame.js';
import { endPayment } from './paymentEnding.js';

interface State {
  /** As it stood just after the event. */
  readonly order: ExistingOrder;
  /** Undefined: the order ended before it was accepted, so nobody will open a payment. */
  readonly payment: Payment | undefined;
}

const WANTED: ReadonlySet<string> = new Set([
  'CancellationRequested',
  'LinesCancelled',
  'OrderCancelled',
  'OrderRejected',
]);

/**
 * Cancellation, in two phases once the order is confirmed. A wish goes to the kitchen first, which is the most likely to
 * refuse, then to the shipments that have not left; what could be stopped is told to the order, which decides what becomes
 * of the wish. What the order called off is then given back: the ticket or its items, the stock, and the open payment, at the provider first. If the payer was faster
 * the money is recorded, and the cancelled order asks for its return.
 */
export const cancellation: ProcessManager<State> = {
  name: 'cancellation',
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async (event, folds, related) => {
    const order = await orderAt(event, folds);
    const { awaited } = order;
    const ends = event.event.type === 'OrderCancelled' || event.event.type === 'OrderRejected';
    return {
      order,
      payment: ends && awaited ? await related.latest(payment, paymentStream(awaited.paymentId)) : undefined,
    };
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

/** Whether the kitchen was told of the order, so that there is a ticket, or will be one. */
const hasTicket = ({ wasConfirmed, details: { mode } }: ExistingOrder): boolean => wasConfirmed && isMadeToOrder(mode);

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
  if (asked?.result === 'refused' && order.shipments.length === 0) {
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

/** Takes units off the ticket and gives back the stock that was set aside for them. */
function callOff(
  { meta }: RecordedEvent,
  order: ExistingOrder,
  { lines, reason }: Data<'LinesCancelled'>,
): readonly CommandStep[] {
  const { details } = order;
  const ticketId = ticketIdOf(details.orderId, details.locationId);
  const voids = hasTicket(order)
    ? lines.map(({ lineId, qty }) =>
        toTicket(ticketId, `void ${lineId}`, {
          type: 'VoidItem',
          itemId: ticketItemIdOf(ticketId, lineId),
          qty,
          reason,
          by: meta.actor.id,
          at: meta.at,
          force: true,
        }),
      )
    : [];
  const byId = new Map(order.lines.map((line) => [line.lineId, line]));
  const reductions = trackedLines(details).flatMap((line: Line) => {
    const now = byId.get(line.lineId);
    if (now === undefined || !lines.some(({ lineId }) => lineId === line.lineId)) return [];
    if (now.cancelled === now.qty) return release(details, [line], 'cancelled');
    return [
      toStockOf(details, line, 'reduce', {
        type: 'ReduceReservation',
        reservationId: reservationOf(details, line),
        orderId: details.orderId,
        keep: now.qty - now.cancelled,
        why: 'cancelled',
      }),
    ];
  });
  return [...voids, ...reductions];
}

/** A ticket that is not there yet will be: the order was confirmed with these units. */
const waitForTicket = (outcomes: readonly Outcome[]): readonly Step[] =>
  outcomes.some(
    (outcome) =>
      outcome.result === 'refused' &&
      outcome.step.kind === 'ticket' &&
      outcome.rejection._tag === 'NotFound' &&
      (outcome.rejection as { what?: string }).what === 'ticket',
  )
    ? [{ kind: 'later', reason: 'the ticket is not open yet' }]
    : [];

function end({ order, payment: state }: State, outcomes: readonly Outcome[]): readonly Step[] {
  if (state === undefined || order.awaited === undefined) return [];
  const { paymentId } = order.awaited;
  const progress = endPayment(
    { orderId: order.details.orderId, paymentId, why: 'cancelled', withoutProvider: false },
    state,
    outcomes,
  );
  if ('steps' in progress) return progress.steps;
  return progress.result === 'silent'
    ? [{ kind: 'later', reason: 'the provider does not close the session', error: progress.error }]
    : [];
}
