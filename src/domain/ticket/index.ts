import type { Aggregate } from '../kernel/aggregate.js';
import type { TicketCommand } from './commands.js';
import { decide } from './decide.js';
import { type TicketEvent, ticketEvents } from './events.js';
import { evolve } from './evolve.js';
import type { TicketRejection } from './rejections.js';
import type { Ticket } from './state.js';

/** What one kitchen or packing bench makes ready for one order: `ticket-{ticketId}`. */
export const ticket: Aggregate<Ticket, TicketCommand, TicketEvent, TicketRejection> = {
  category: 'ticket',
  initial: { status: 'none' },
  decide,
  evolve,
  codec: ticketEvents,
  stateVersion: 2,
};

export type * from './commands.js';
export type { Recipient, TicketEvent, TicketItem } from './events.js';
export type * from './rejections.js';
export { activeItems, isCalledOut, isOpened, pickupNoOf, remaining, seenOf, VOID_WAITS_MS } from './state.js';
export type * from './state.js';
export { representTicket } from './view.js';
