import { shipmentIdOf } from '../commands/identity.js';
import { assertNever } from '../domain/kernel/assertNever.js';
import type { LineId, OrderId } from '../domain/kernel/ids.js';
import { isShipped, type OrderCommand, type OrderMode, type QuantityNotAvailable } from '../domain/order/index.js';
import {
  activeItems,
  type ExistingTicket,
  isOpened,
  remaining,
  ticket,
  type TicketItemView,
} from '../domain/ticket/index.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, toOrder } from './engine/step.js';
import { askNumber, tellNumber, toNumber, type ToNumber } from './newNumber.js';
import { newlyPromised, promiseToTell, tellPromise, type ToldPromise } from './newPromise.js';
import { type OrderDetails, placedOrder, reservationOf, ticketIdIn, toStockOf } from './orderLines.js';

interface State {
  /** As it stood just after the event. */
  readonly ticket: ExistingTicket;
  readonly order: OrderDetails;
  /** Whether the ticket was ready just before it. */
  readonly wasReady?: boolean;
  /** What the order is to hear that the kitchen promises by now. */
  readonly promised?: ToldPromise | undefined;
  /** Absent: it has a number of its day. */
  readonly toNumber?: ToNumber | undefined;
}

const WANTED: ReadonlySet<string> = new Set([
  'TicketOpened',
  'TicketPromiseChanged',
  'TicketRenumbered',
  'ItemStarted',
  'ItemRecalled',
  'ItemsAdded',
  'TicketReady',
  'TicketHandedOver',
]);

/** By these a ticket that was ready may be so no more. */
const TAKEN_UP_AGAIN: ReadonlySet<string> = new Set(['ItemRecalled', 'ItemsAdded']);

/**
 * Fulfilment: what the kitchen does to a ticket becomes progress of the order and consumption of its stock; when it promises it,
 * becomes what the order is promised for. An item's stock is used up when it is started. An order has one ticket, so the
 * ticket's own order of events is the order's. One that is promised for another business day gets a number of that day. What was called off while it was handed over stays called off: the rest of what
 * the ticket held is handed over.
 */
export const fulfilment: ProcessManager<State> = {
  name: 'fulfilment',
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async (event, folds, related) => {
    const state = await folds.at(ticket, event.stream, event.revision);
    if (!isOpened(state)) throw new Error(`${event.stream} has no ticket at revision ${event.revision}`);
    const lines = state.items.map(({ lineId }) => lineId);
    const order = await placedOrder(state.details.orderId, event.stream, related, lines);
    if (!TAKEN_UP_AGAIN.has(event.event.type)) {
      const now = await newlyPromised(event, state, order, related);
      return {
        ticket: state,
        order,
        promised: now && promiseToTell(event, now),
        toNumber: now && (await toNumber(now, order, related, event.meta.at)),
      };
    }
    const before = await folds.at(ticket, event.stream, event.revision - 1);
    return { ticket: state, order, wasReady: before.status === 'ready' };
  },
  react: (recorded, state) => {
    const { event } = recorded;
    const { details } = state.ticket;
    const items = activeItems(state.ticket);
    switch (event.type) {
      case 'TicketOpened': {
        const { pickupNo } = details;
        const opened = { ticketId: ticketIdIn(recorded), ...(pickupNo === undefined ? {} : { pickupNo }) };
        const shipLines = isShipped(state.order.mode) ? [...new Set(items.map(({ lineId }) => lineId))] : [];
        return [
          toOrder(details.orderId, 'start', { type: 'StartFulfilment', tickets: [opened], shipLines }),
          ...tellPromise(details.orderId, state.promised),
          ...askNumber(state.toNumber),
        ];
      }
      case 'TicketPromiseChanged':
        return [...tellPromise(details.orderId, state.promised), ...askNumber(state.toNumber)];
      case 'TicketRenumbered': {
        const { pickupNo } = event.data;
        const told = { type: 'RecordPickupNumber', ticketId: ticketIdIn(recorded), pickupNo } as const;
        return [toOrder(details.orderId, 'number', told)];
      }
      case 'ItemStarted': {
        const first = items.filter((item) => item.state !== 'queued').length === 1;
        const started = items.filter(({ itemId }) => itemId === event.data.itemId);
        return [...(first ? [progress(state, 'preparing')] : []), ...consume(state, started)];
      }
      case 'ItemRecalled':
      case 'ItemsAdded':
        // heard again long after, what was never ready then does not undo that it is by now
        return state.wasReady === true ? [progress(state, 'preparing', true)] : [];
      case 'TicketReady':
        return [progress(state, 'ready')];
      case 'TicketHandedOver':
        // what was handed over without ever being started was used up all the same
        return [
          ...consume(
            state,
            items.filter((item) => item.state === 'queued'),
          ),
          isShipped(state.order.mode) ? toCourier(state) : handedOver(state, event.data.handedOverAt),
        ];
      default:
        return [];
    }
  },
  settle: (_, { order: { orderId }, toNumber: wanted }, outcomes) => {
    const numbered = tellNumber(wanted, outcomes);
    if (numbered.length > 0) return numbered;
    const refused = outcomes.find(wasTooMuch);
    return refused === undefined || commandOutcome(outcomes, REST) ? [] : withWhatIsThere(refused, orderId);
  },
};

/** The name of the step that comes with fewer units. */
const REST = 'rest';

type Units = Extract<OrderCommand, { type: 'AllotLines' | 'RecordLinesFulfilled' }>;
/** The order has fewer units open than the ticket held: some were called off in the same moment. */
interface TooMuch {
  readonly step: { readonly command: Units };
  readonly rejection: QuantityNotAvailable;
}
const wasTooMuch = (outcome: Outcome): outcome is Outcome & TooMuch =>
  outcome.result === 'refused' &&
  (outcome.step.command.type === 'AllotLines' || outcome.step.command.type === 'RecordLinesFulfilled') &&
  outcome.rejection._tag === 'QuantityNotAvailable';

/** The same once more, with no more of each line than the order said it has. */
function withWhatIsThere({ step: { command }, rejection }: TooMuch, orderId: OrderId): readonly CommandStep[] {
  const available = new Map(rejection.lines.map((line) => [line.lineId, line.available]));
  const lines = command.lines
    .map(({ lineId, qty }) => ({ lineId, qty: Math.min(qty, available.get(lineId) ?? qty) }))
    .filter(({ qty }) => qty > 0);
  return lines.length > 0 ? [toOrder(orderId, REST, { ...command, lines })] : [];
}

const progress = (state: State, stage: 'preparing' | 'ready', again = false): CommandStep =>
  toOrder(state.order.orderId, 'progress', { type: 'RecordProgress', stage, ...(again ? { again } : {}) });

/** Uses up the stock of these items, as far as stock is kept for them. */
function consume(state: State, items: readonly TicketItemView[]): readonly CommandStep[] {
  const tracked = new Map(state.order.lines.filter(({ track }) => track).map((line) => [line.lineId, line]));
  return items.flatMap((item) => {
    const line = tracked.get(item.lineId);
    if (line === undefined) return [];
    return [
      toStockOf(state.order, line, 'consume', {
        type: 'ConsumeReservation',
        reservationId: reservationOf(state.order, line),
        orderId: state.order.orderId,
        qty: remaining(item),
        by: state.ticket.details.ticketId,
      }),
    ];
  });
}

/** What is made and brought goes with the courier as one shipment, unless somebody has put it in others before: see delivery. */
const toCourier = (state: State): CommandStep =>
  toOrder(state.order.orderId, 'allot', {
    type: 'AllotLines',
    shipmentId: shipmentIdOf(state.order.orderId, state.ticket.details.ticketId),
    lines: units(state),
    openOnly: true,
  });

/** How many units of each line are on the ticket. */
function units({ ticket: { items } }: State): readonly { readonly lineId: LineId; readonly qty: number }[] {
  const byLine = new Map<LineId, number>();
  for (const item of activeItems({ items })) byLine.set(item.lineId, (byLine.get(item.lineId) ?? 0) + remaining(item));
  return [...byLine].map(([lineId, qty]) => ({ lineId, qty }));
}

function handedOver(state: State, at: string): CommandStep {
  return toOrder(state.order.orderId, 'fulfilled', {
    type: 'RecordLinesFulfilled',
    by: state.ticket.details.ticketId,
    lines: units(state),
    how: howHanded(state.order.mode),
    at,
    openOnly: true,
  });
}

type How = Extract<OrderCommand, { type: 'RecordLinesFulfilled' }>['how'];
function howHanded(mode: OrderMode): How {
  switch (mode) {
    case 'dine_in':
      return 'served';
    case 'pickup':
    case 'delivery':
    case 'shipping':
      return 'handed_over';
    case 'digital':
      return 'digital';
    default:
      return assertNever(mode);
  }
}
