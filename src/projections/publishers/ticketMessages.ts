import type { TicketBlock } from '../../consumers/contracts/index.js';
import {
  activeItems,
  type ExistingTicket,
  pickupNoOf,
  remaining,
  type TicketEvent,
  type TicketItemView,
} from '../../domain/ticket/index.js';
import type { Message } from './message.js';

type TicketFact = Extract<TicketEvent, { type: 'TicketOpened' | 'TicketReady' | 'TicketHandedOver' | 'ItemVoided' }>;

/** What an event of a ticket tells other services, given the ticket just after it. */
export function ticketMessage(event: TicketFact, state: ExistingTicket): Message {
  const ticket = ticketBlock(state);
  const subject = ticket.ticketId;
  switch (event.type) {
    case 'TicketOpened':
      return { type: 'kitchen.ticket_opened.v1', subject, data: { ticket } };
    case 'TicketReady':
      return { type: 'kitchen.ticket_ready.v1', subject, data: { ticket, readyAt: event.data.readyAt } };
    case 'TicketHandedOver': {
      const { to, handedOverAt } = event.data;
      return { type: 'kitchen.ticket_handed_over.v1', subject, data: { ticket, to, handedOverAt } };
    }
    case 'ItemVoided': {
      const { itemId, qty, reason, wasStarted } = event.data;
      return { type: 'kitchen.item_voided.v1', subject, data: { ticket, itemId, qty, reason, wasStarted } };
    }
  }
}

/** The ticket as it stands: what is still wanted of it. What people wrote about it goes over no broker, not even sealed. */
function ticketBlock(state: ExistingTicket): TicketBlock {
  const { rush, promisedAt } = state;
  const pickupNo = pickupNoOf(state);
  const { fireAt: _, note: __, ...block } = state.details;
  return {
    ...block,
    ...(pickupNo === undefined ? {} : { pickupNo }),
    rush,
    ...(promisedAt === undefined ? {} : { promisedAt }),
    items: activeItems(state).map(itemBlock),
  };
}

const itemBlock = (item: TicketItemView): TicketBlock['items'][number] => {
  const { itemId, lineId, sku, name, options, station, prepSeconds, allergens } = item;
  return {
    itemId,
    lineId,
    sku,
    name,
    qty: remaining(item),
    options,
    station,
    prepSeconds,
    ...(allergens === undefined ? {} : { allergens }),
  };
};
