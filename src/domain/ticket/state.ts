import type { NoteId } from '../kernel/ids.js';
import type { Sealed } from '../kernel/sealed.js';
import type { TicketItemView } from './commands.js';
import type { Recipient, TicketEvent } from './events.js';

export type TicketItemState = TicketItemView;

interface TicketFacts {
  /** As it was opened. */
  readonly details: Extract<TicketEvent, { type: 'TicketOpened' }>['data'];
  readonly items: readonly TicketItemState[];
  readonly rush: boolean;
  readonly promisedAt?: string;
  readonly fireAt?: string;
  /** The number of another business day than it was opened with; absent: it has that one. */
  readonly renumbered?: Extract<TicketEvent, { type: 'TicketRenumbered' }>['data'];
  /** What came from the staff, the oldest first. */
  readonly notes?: readonly { readonly noteId: NoteId; readonly note: Sealed }[];
}

/** A kitchen ticket, one case a status. Ready means that every item that is still wanted is done, and that there is one. */
export type Ticket =
  | { readonly status: 'none' }
  /** Cancelled before it was opened: it never will be. */
  | { readonly status: 'withdrawn' }
  | ({ readonly status: 'scheduled'; readonly fireAt: string } & TicketFacts)
  | ({ readonly status: 'queued' } & TicketFacts)
  | ({ readonly status: 'preparing' } & TicketFacts)
  | ({ readonly status: 'ready'; readonly readyAt: string } & TicketFacts)
  | ({
      readonly status: 'handed_over';
      readonly readyAt: string;
      readonly handedOverAt: string;
      readonly to: Recipient;
    } & TicketFacts)
  | ({ readonly status: 'cancelled'; readonly cancelledAt: string } & TicketFacts);
export type ExistingTicket = Exclude<Ticket, { status: 'none' | 'withdrawn' }>;
/** A ticket that somebody still works on. */
export type OpenTicket = Exclude<ExistingTicket, { status: 'handed_over' | 'cancelled' }>;

/** Whether there is a ticket to be seen. */
export const isOpened = (ticket: Ticket): ticket is ExistingTicket =>
  ticket.status !== 'none' && ticket.status !== 'withdrawn';

/** What it is called out by, now; undefined: it was opened before there were numbers. */
export const pickupNoOf = ({
  renumbered,
  details,
}: Pick<ExistingTicket, 'renumbered' | 'details'>): number | undefined => renumbered?.pickupNo ?? details.pickupNo;

/** Whether it may have been called out by its number: that stays. */
export const isCalledOut = ({ status }: ExistingTicket): boolean =>
  status === 'ready' || status === 'handed_over' || status === 'cancelled';

/** Units of an item that are still wanted. */
export const remaining = ({ qty, voided }: Pick<TicketItemState, 'qty' | 'voided'>): number => qty - voided;

/**
 * How many voided units the kitchen has seen, or need not see. What is begun is never not begun again, so this stays as it is from the
 * first unit that is to be seen until that is acknowledged, and is another number for the next one.
 */
export const seenOf = ({ voided, unacknowledged }: Pick<TicketItemState, 'voided' | 'unacknowledged'>): number =>
  voided - unacknowledged;

/** How long the kitchen has to see that something it had begun is not wanted any more; then somebody else is told. */
export const VOID_WAITS_MS = 5 * 60_000;

/** Items of which something is still wanted. */
export const activeItems = ({ items }: Pick<ExistingTicket, 'items'>): readonly TicketItemState[] =>
  items.filter(({ state }) => state !== 'voided');
