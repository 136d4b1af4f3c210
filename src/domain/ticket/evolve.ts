import { assertNever } from '../kernel/assertNever.js';
import type { TicketItemId } from '../kernel/ids.js';
import type { TicketItemStatus } from './commands.js';
import type { TicketEvent } from './events.js';
import type { ExistingTicket, Ticket, TicketItemState } from './state.js';

/** The ticket after an event. Total: a fact that fits nothing changes nothing. */
export function evolve(ticket: Ticket, event: TicketEvent): Ticket {
  if (ticket.status === 'none') {
    if (event.type !== 'TicketOpened') return ticket;
    return {
      status: 'queued',
      details: event.data,
      items: event.data.items.map((item) => ({ ...item, state: 'queued' })),
    };
  }
  switch (event.type) {
    case 'TicketOpened':
      return ticket;
    case 'ItemStarted': {
      const items = withItem(ticket, event.data.itemId, 'cooking');
      return ticket.status === 'queued' ? { ...ticket, status: 'preparing', items } : { ...ticket, items };
    }
    case 'ItemDone':
      return { ...ticket, items: withItem(ticket, event.data.itemId, 'done') };
    case 'TicketReady':
      if (ticket.status === 'handed_over') return ticket;
      return { status: 'ready', details: ticket.details, items: ticket.items, readyAt: event.data.readyAt };
    case 'TicketHandedOver': {
      const { to, handedOverAt } = event.data;
      return ticket.status === 'ready' ? { ...ticket, status: 'handed_over', to, handedOverAt } : ticket;
    }
    default:
      return assertNever(event);
  }
}

const withItem = (ticket: ExistingTicket, itemId: TicketItemId, state: TicketItemStatus): readonly TicketItemState[] =>
  ticket.items.map((item) => (item.itemId === itemId ? { ...item, state } : item));
