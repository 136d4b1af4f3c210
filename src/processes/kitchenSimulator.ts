import type { DomainEvent } from '../domain/events.js';
import type { TicketItemId } from '../domain/kernel/ids.js';
import type { OrderMode } from '../domain/order/index.js';
import { activeItems, type ExistingTicket, isOpened, type Recipient, ticket } from '../domain/ticket/index.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { type ScheduleStep, type Step, toTicket } from './engine/step.js';
import { ticketIdIn } from './orderLines.js';
import { addMilliseconds } from './time.js';

const NAME = 'kitchen-simulator';

const WANTED: ReadonlySet<string> = new Set(['TicketOpened', 'TicketFired', 'ItemsAdded', 'TicketReady']);

/**
 * A kitchen that cooks by itself, for demonstrations: starts every item of a ticket once it is fired, and what comes on top when
 * it comes, finishes each after its preparation time by a timer, and hands the ticket over when it is ready.
 */
export const kitchenSimulator: ProcessManager<ExistingTicket> = {
  name: NAME,
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async (event, folds) => {
    const state = await folds.at(ticket, event.stream, event.revision);
    if (!isOpened(state)) throw new Error(`${event.stream} has no ticket at revision ${event.revision}`);
    return state;
  },
  react: (recorded, state) => {
    const ticketId = ticketIdIn(recorded);
    if (recorded.event.type === 'TicketReady') {
      const to = recipientOf(state.details.mode);
      return [toTicket(ticketId, 'hand-over', { type: 'HandOver', to, at: recorded.event.data.readyAt })];
    }
    if (cookingFrom(recorded.event, state) === undefined) return [];
    return toMake(recorded.event, state).map(({ itemId }) =>
      toTicket(ticketId, `start ${itemId}`, { type: 'StartItem', itemId, by: NAME }),
    );
  },
  // only what is started can be finished: the timers are set afterwards
  settle: ({ event }, state, outcomes) => {
    const from = cookingFrom(event, state);
    return from === undefined || outcomes.some(({ result }) => result === 'done') ? [] : timers(event, state, from);
  },
};

/** When the cooks begin, by an event that lets them. */
function cookingFrom(event: DomainEvent, ticket: ExistingTicket): string | undefined {
  if (event.type === 'TicketFired') return event.data.firedAt;
  // what is added to a ticket that waits is made when that is fired
  if (event.type === 'ItemsAdded') return ticket.status === 'scheduled' ? undefined : event.data.addedAt;
  return event.type === 'TicketOpened' && ticket.status !== 'scheduled' ? event.data.openedAt : undefined;
}

function recipientOf(mode: OrderMode): Recipient {
  if (mode === 'dine_in') return 'table';
  return mode === 'delivery' || mode === 'shipping' ? 'courier' : 'customer';
}

/** What is to be made from that event on. */
function toMake(event: DomainEvent, state: ExistingTicket): ReturnType<typeof activeItems> {
  if (event.type !== 'ItemsAdded') return activeItems(state);
  const added = new Set(event.data.items.map(({ itemId }) => itemId));
  return activeItems(state).filter(({ itemId }) => added.has(itemId));
}

/** One timer for all items of a ticket, or of what was added to it at once, that take equally long. */
function timers(event: DomainEvent, state: ExistingTicket, from: string): readonly ScheduleStep[] {
  const { ticketId, orderId } = state.details;
  const batch = event.type === 'ItemsAdded' ? `${event.data.batch}/` : '';
  const byDuration = new Map<number, TicketItemId[]>();
  for (const { itemId, prepSeconds } of toMake(event, state)) {
    byDuration.set(prepSeconds, [...(byDuration.get(prepSeconds) ?? []), itemId]);
  }
  return [...byDuration].map(([seconds, itemIds]) => ({
    kind: 'schedule',
    timer: {
      id: `${NAME}/${ticketId}/${batch}${seconds}`,
      process: NAME,
      correlation: orderId,
      dueAt: addMilliseconds(from, seconds * 1000),
      task: { type: 'finish-items', ticketId, itemIds },
    },
  }));
}

/** The preparation time of some items is over. */
export const itemsDone: TimerReaction<null> = {
  name: NAME,
  load: () => Promise.resolve(null),
  react: ({ task }, _state, now): readonly Step[] =>
    task.type === 'finish-items'
      ? task.itemIds.map((itemId) =>
          toTicket(task.ticketId, `finish ${itemId}`, { type: 'FinishItem', itemId, by: NAME, at: now }),
        )
      : [],
  settle: nothingMore,
};
