import type { TicketView } from './commands.js';
import type { ExistingTicket, Ticket } from './state.js';

/** The ticket as clients see it, at the given revision; undefined when there is none. */
export function representTicket(ticket: ExistingTicket, revision: number): TicketView;
export function representTicket(ticket: Ticket, revision: number): TicketView | undefined;
export function representTicket(ticket: Ticket, revision: number): TicketView | undefined {
  if (ticket.status === 'none') return undefined;
  const { details } = ticket;
  return {
    id: details.ticketId,
    orderId: details.orderId,
    orderNumber: details.orderNumber,
    locationId: details.locationId,
    mode: details.mode,
    state: ticket.status,
    revision,
    ...(details.pickupNo === undefined ? {} : { pickupNo: details.pickupNo }),
    items: ticket.items,
    openedAt: details.openedAt,
    ...('readyAt' in ticket ? { readyAt: ticket.readyAt } : {}),
    ...('handedOverAt' in ticket ? { handedOverAt: ticket.handedOverAt } : {}),
  };
}
