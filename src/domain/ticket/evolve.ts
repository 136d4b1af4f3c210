import { assertNever } from '../kernel/assertNever.js';
import type { TicketItemId } from '../kernel/ids.js';
import type { TicketEvent, TicketItem } from './events.js';
import { type ExistingTicket, isOpened, remaining, type Ticket, type TicketItemState } from './state.js';

/** The ticket after an event. Total: a fact that fits nothing changes nothing. */
export function evolve(ticket: Ticket, event: TicketEvent): Ticket {
  if (!isOpened(ticket)) return ticket.status === 'none' ? begin(ticket, event) : ticket;
  const { data } = event;
  switch (event.type) {
    case 'TicketOpened':
      return ticket;
    case 'TicketFired':
      return ticket.status === 'scheduled' ? { ...ticket, status: 'queued' } : ticket;
    case 'ItemStarted': {
      const started = withItem(ticket, event.data.itemId, (item) => ({ ...item, state: 'cooking' }));
      return started.status === 'queued' ? { ...started, status: 'preparing' } : started;
    }
    case 'ItemDone':
      return withItem(ticket, event.data.itemId, (item) => ({ ...item, state: 'done' }));
    case 'ItemRecalled':
      return reopened(withItem(ticket, event.data.itemId, (item) => ({ ...item, state: 'cooking' })));
    case 'ItemsAdded':
      return reopened({ ...ticket, items: [...ticket.items, ...event.data.items.map(fresh)] });
    case 'ItemVoided': {
      const { qty, wasStarted } = event.data;
      return withItem(ticket, event.data.itemId, (item) => voided(item, qty, wasStarted));
    }
    case 'VoidAcknowledged':
      return withItem(ticket, event.data.itemId, acknowledged);
    case 'VoidEscalated':
      return withItem(ticket, event.data.itemId, (item) =>
        item.unacknowledged > 0 ? { ...item, escalated: true } : item,
      );
    case 'TicketReady': {
      if (ticket.status === 'handed_over' || ticket.status === 'cancelled') return ticket;
      return { ...ticket, status: 'ready', readyAt: event.data.readyAt };
    }
    case 'TicketCancelled':
      return {
        ...ticket,
        status: 'cancelled',
        cancelledAt: event.data.cancelledAt,
        items: ticket.items.map((item) => voided(item, remaining(item), item.state !== 'queued')),
      };
    case 'TicketPromiseChanged':
      return { ...ticket, ...('fireAt' in data ? { fireAt: data.fireAt } : {}), promisedAt: event.data.promisedAt };
    case 'TicketRenumbered':
      return { ...ticket, renumbered: event.data };
    case 'TicketPrioritised':
      return { ...ticket, rush: event.data.rush };
    case 'TicketNoteAdded': {
      const { noteId, note } = event.data;
      return { ...ticket, notes: [...(ticket.notes ?? []), { noteId, note }] };
    }
    case 'TicketHandedOver': {
      const { to, handedOverAt } = event.data;
      return ticket.status === 'ready' ? { ...ticket, status: 'handed_over', to, handedOverAt } : ticket;
    }
    default:
      return assertNever(event);
  }
}

function begin(none: Ticket, { type, data }: TicketEvent): Ticket {
  if (type === 'TicketCancelled') return { status: 'withdrawn' };
  if (type !== 'TicketOpened') return none;
  const { rush, promisedAt, fireAt } = data;
  const facts = {
    details: data,
    items: data.items.map(fresh),
    rush,
    ...(promisedAt === undefined ? {} : { promisedAt }),
  };
  return fireAt === undefined ? { status: 'queued', ...facts } : { status: 'scheduled', ...facts, fireAt };
}

const fresh = (item: TicketItem): TicketItemState => ({ ...item, state: 'queued', voided: 0, unacknowledged: 0 });

function voided(item: TicketItemState, qty: number, wasStarted: boolean): TicketItemState {
  if (qty === 0) return item;
  return {
    ...item,
    voided: item.voided + qty,
    unacknowledged: item.unacknowledged + (wasStarted ? qty : 0),
    state: qty === remaining(item) ? 'voided' : item.state,
  };
}

function acknowledged({ escalated: _, ...item }: TicketItemState): TicketItemState {
  return { ...item, unacknowledged: 0 };
}

/** A ticket that was ready has something to make again. */
function reopened(ticket: ExistingTicket): ExistingTicket {
  if (ticket.status !== 'ready') return ticket;
  const { readyAt: _, ...rest } = ticket;
  return { ...rest, status: 'preparing' };
}

const withItem = (
  ticket: ExistingTicket,
  itemId: TicketItemId,
  change: (item: TicketItemState) => TicketItemState,
): ExistingTicket => ({
  ...ticket,
  items: ticket.items.map((item) => (item.itemId === itemId ? change(item) : item)),
});
