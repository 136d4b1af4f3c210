import type { TicketItemStatus } from './commands.js';
import type { Recipient, TicketEvent, TicketItem } from './events.js';

export type TicketItemState = TicketItem & { readonly state: TicketItemStatus };

interface TicketFacts {
  /** As it was opened. */
  readonly details: Extract<TicketEvent, { type: 'TicketOpened' }>['data'];
  readonly items: readonly TicketItemState[];
}

/** A kitchen ticket, one case a status. Ready means that every item is done. */
export type Ticket =
  | { readonly status: 'none' }
  | ({ readonly status: 'queued' } & TicketFacts)
  | ({ readonly status: 'preparing' } & TicketFacts)
  | ({ readonly status: 'ready'; readonly readyAt: string } & TicketFacts)
  | ({
      readonly status: 'handed_over';
      readonly readyAt: string;
      readonly handedOverAt: string;
      readonly to: Recipient;
    } & TicketFacts);
export type ExistingTicket = Exclude<Ticket, { status: 'none' }>;
