import type { TicketItemId } from '../domain/kernel/ids.js';
import { type ExistingTicket, ticket } from '../domain/ticket/index.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { type ScheduleStep, type Step, toTicket } from './engine/step.js';
import { ticketIdIn } from './orderLines.js';
import { addMilliseconds } from './time.js';

const NAME = 'kitchen-simulator';

/**
 * A kitchen that cooks by itself, for demonstrations: starts every item of a ticket, finishes each after its preparation
 * time by a timer, and hands the ticket over when it is ready.
 */
export const kitchenSimulator: ProcessManager<ExistingTicket> = {
  name: NAME,
  wants: (type) => type === 'TicketOpened' || type === 'TicketReady',
  key: (event) => event.stream,
  load: async (event, folds) => {
    const state = await folds.at(ticket, event.stream, event.revision);
    if (state.status === 'none') throw new Error(`${event.stream} has no ticket at revision ${event.revision}`);
    return state;
  },
  react: (recorded, { details }) => {
    const ticketId = ticketIdIn(recorded);
    if (recorded.event.type === 'TicketReady') {
      const to = details.mode === 'dine_in' ? 'table' : 'customer';
      return [toTicket(ticketId, 'hand-over', { type: 'HandOver', to, at: recorded.event.data.readyAt })];
    }
    return details.items.map(({ itemId }) =>
      toTicket(ticketId, `start ${itemId}`, { type: 'StartItem', itemId, by: NAME }),
    );
  },
  // only what is started can be finished: the timers are set afterwards
  settle: ({ event }, { details }, outcomes) =>
    event.type === 'TicketOpened' && !outcomes.some(({ result }) => result === 'done') ? timers(details) : [],
};

/** One timer for all items of a ticket that take equally long. */
function timers({ ticketId, orderId, openedAt, items }: ExistingTicket['details']): readonly ScheduleStep[] {
  const byDuration = new Map<number, TicketItemId[]>();
  for (const { itemId, prepSeconds } of items) {
    byDuration.set(prepSeconds, [...(byDuration.get(prepSeconds) ?? []), itemId]);
  }
  return [...byDuration].map(([seconds, itemIds]) => ({
    kind: 'schedule',
    timer: {
      id: `${NAME}/${ticketId}/${seconds}`,
      process: NAME,
      correlation: orderId,
      dueAt: addMilliseconds(openedAt, seconds * 1000),
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
