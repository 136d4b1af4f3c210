import type { DomainEvent } from '../domain/events.js';
import type { TicketItemId } from '../domain/kernel/ids.js';
import type { OrderMode } from '../domain/order/index.js';
import { activeItems, type ExistingTicket, isOpened, type Recipient, ticket } from '../domain/ticket/index.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { type ScheduleStep, type Step, toTicket } from './engine/step.js';
import { ticketIdIn } from './orderLines.js';
import { addMilliseconds } from './time.js';

const NAME = 'kitchen-simulator';

/**
 * A kitchen that cooks by itself, for demonstrations: starts every item of a ticket once it is fired, finishes each after
 * its preparation time by a timer, and hands the ticket over when it is ready.
 */
export const kitchenSimulator: ProcessManager<ExistingTicket> = {
  name: NAME,
  wants: (type) => type === 'TicketOpened' || type === 'TicketFired' || type === 'TicketReady',
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
    return activeItems(state).map(({ itemId }) =>
      toTicket(ticketId, `start ${itemId}`, { type: 'StartItem', itemId, by: NAME }),
    );
  },
  // only what is started can be finished: the timers are set afterwards
  settle: ({ event }, state, outcomes) => {
    const from = cookingFrom(event, state);
    return from === undefined || outcomes.some(({ result }) => result === 'done') ? [] : timers(state, from);
  },
};

/** When the cooks begin, by an event that lets them. */
function cookingFrom(event: DomainEvent, ticket: ExistingTicket): string | undefined {
  if (event.type === 'TicketFired') return event.data.firedAt;
  return event.type === 'TicketOpened' && ticket.status !== 'scheduled' ? event.data.openedAt : undefined;
}

function recipientOf(mode: OrderMode): Recipient {
  if (mode === 'dine_in') return 'table';
  return mode === 'delivery' || mode === 'shipping' ? 'courier' : 'customer';
}

/** One timer for all items of a ticket that take equally long. */
function timers(state: ExistingTicket, from: string): readonly ScheduleStep[] {
  const { ticketId, orderId } = state.details;
  const byDuration = new Map<number, TicketItemId[]>();
  for (const { itemId, prepSeconds } of activeItems(state)) {
    byDuration.set(prepSeconds, [...(byDuration.get(prepSeconds) ?? []), itemId]);
  }
  return [...byDuration].map(([seconds, itemIds]) => ({
    kind: 'schedule',
    timer: {
      id: `${NAME}/${ticketId}/${seconds}`,
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
