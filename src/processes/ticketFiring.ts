import type { TicketId } from '../domain/kernel/ids.js';
import { type ExistingTicket, isOpened, ticket } from '../domain/ticket/index.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { toTicket } from './engine/step.js';
import { ticketIdIn } from './orderLines.js';

const NAME = 'ticket-firing';

/**
 * Scheduled firing, first half: a ticket that is promised for later comes to the cooks by a timer. Another promise sets
 * another timer; the ticket itself knows which of them counts.
 */
export const ticketFiring: ProcessManager<ExistingTicket> = {
  name: NAME,
  wants: (type) => type === 'TicketOpened' || type === 'TicketPromiseChanged',
  key: (event) => event.stream,
  load: async (event, folds) => {
    const state = await folds.at(ticket, event.stream, event.revision);
    if (!isOpened(state)) throw new Error(`${event.stream} has no ticket at revision ${event.revision}`);
    return state;
  },
  react: (recorded, state) => {
    if (state.status !== 'scheduled') return [];
    const ticketId = ticketIdIn(recorded);
    const { fireAt } = state;
    return [
      {
        kind: 'schedule',
        timer: {
          id: firingTimerId(ticketId, fireAt),
          process: NAME,
          correlation: state.details.orderId,
          dueAt: fireAt,
          task: { type: 'fire-ticket', ticketId, planned: fireAt },
        },
      },
    ];
  },
  settle: nothingMore,
};

/** The timer that brings a ticket to the cooks at a time. */
export const firingTimerId = (ticketId: TicketId, fireAt: string): string => `${NAME}/${ticketId}/${fireAt}`;

/** Scheduled firing, second half. */
export const ticketDue: TimerReaction<null> = {
  name: NAME,
  load: () => Promise.resolve(null),
  react: ({ task }, _state, at) =>
    task.type === 'fire-ticket'
      ? [toTicket(task.ticketId, 'fire', { type: 'FireTicket', by: NAME, at, planned: task.planned })]
      : [],
  settle: nothingMore,
};
