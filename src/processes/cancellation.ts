import { ticketIdOf, ticketItemIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { RejectionShape } from '../domain/kernel/aggregate.js';
import { paymentStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, openQty, type OrderEvent } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, type Step, toOrder, toTicket } from './engine/step.js';
import { type Line, orderAt, release, reservationOf, toStockOf, trackedLines } from './orderLines.js';
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
 * refuse; what could be stopped is told to the order, which decides what becomes of the wish. What the order called off is
 * then given back: the ticket or its items, the stock, and the open payment, at the provider first. If the payer was faster
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
          : [settled(recorded, state.order, event.data.cancellationId, undefined)];
      case 'LinesCancelled':
        return callOff(recorded, state.order, event.data);
      case 'OrderCancelled': {
        const ticket = hasTicket(state.order)
          ? [cancelTicket(recorded, state.order, { ...event.data, force: true })]
          : [];
        const steps = [...ticket, ...release(state.order.details, trackedLines(state.order.details), 'cancelled')];
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
        return settleWish(recorded, state.order, event.data.cancellationId, outcomes);
      case 'LinesCancelled':
        return waitForTicket(outcomes);
      case 'OrderCancelled':
      case 'OrderRejected':
        return end(state, outcomes);
      default:
        return [];
    }
  },
};

type Data<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>['data'];

/** Whether the kitchen was told of the order, so that there is a ticket, or will be one. */
const hasTicket = ({ wasConfirmed, details: { mode } }: ExistingOrder): boolean =>
  wasConfirmed && (mode === 'pickup' || mode === 'dine_in');

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
  cancellationId: Data<'CancellationRequested'>['cancellationId'],
  outcomes: readonly Outcome[],
): readonly Step[] {
  if (commandOutcome(outcomes, 'settle') !== undefined) return [];
  const asked = commandOutcome(outcomes, 'cancel');
  const refusal = asked?.result === 'refused' ? asked.rejection : undefined;
  return [settled(recorded, order, cancellationId, refusal)];
}

/** What was stopped: everything that is open, or nothing where the kitchen refused. */
const settled = (
  { meta }: RecordedEvent,
  order: ExistingOrder,
  cancellationId: Data<'CancellationRequested'>['cancellationId'],
  refusal: RejectionShape | undefined,
): CommandStep =>
  toOrder(order.details.orderId, 'settle', {
    type: 'SettleCancellation',
    cancellationId,
    stopped: refusal ? [] : order.lines.map((line) => ({ lineId: line.lineId, qty: openQty(line) })),
    cause: refusal?._tag === 'AlreadyStarted' ? 'the kitchen has begun' : 'the kitchen has handed it over',
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
