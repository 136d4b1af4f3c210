import type { TicketView } from './commands.js';
import { type ExistingTicket, isOpened, pickupNoOf, type Ticket } from './state.js';

/** The ticket as clients see it, at the given revision; undefined when there is none. */
export function representTicket(ticket: ExistingTicket, revision: number): TicketView;
export function representTicket(ticket: Ticket, revision: number): TicketView | undefined;
export function representTicket(ticket: Ticket, revision: number): TicketView | undefined {
  if (!isOpened(ticket)) return undefined;
  const { details, fireAt, promisedAt } = ticket;
  const pickupNo = pickupNoOf(ticket);
  const notes = [
    ...(details.note === undefined ? [] : [details.note]),
    ...(ticket.notes ?? []).map(({ note }) => note),
  ];
  return {
    id: details.ticketId,
    orderId: details.orderId,
    orderNumber: details.orderNumber,
    locationId: details.locationId,
    mode: details.mode,
    state: ticket.status,
    revision,
    ...(pickupNo === undefined ? {} : { pickupNo }),
    ...(details.table === undefined ? {} : { table: details.table }),
    rush: ticket.rush,
    items: ticket.items,
    ...(notes.length === 0 ? {} : { notes }),
    openedAt: details.openedAt,
    ...(fireAt === undefined ? {} : { fireAt }),
    ...(promisedAt === undefined ? {} : { promisedAt }),
    ...('readyAt' in ticket ? { readyAt: ticket.readyAt } : {}),
    ...('handedOverAt' in ticket ? { handedOverAt: ticket.handedOverAt } : {}),
    ...('cancelledAt' in ticket ? { cancelledAt: ticket.cancelledAt } : {}),
  };
}
