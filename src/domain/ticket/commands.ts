import type { LocationId, NoteId, OrderId, TicketId, TicketItemId } from '../kernel/ids.js';
import type { Sealed } from '../kernel/sealed.js';
import type { OrderMode } from '../order/events.js';
import type { Recipient, TicketEvent, TicketItem } from './events.js';

/** A touch of one item. `station` says where it comes from; absent: the expediter, who may touch every item. */
interface ItemCommand<Type extends string> {
  readonly type: Type;
  readonly itemId: TicketItemId;
  readonly by: string;
  readonly station?: string;
}

/** A touch of all items at once, or of those of one station. */
interface TicketTouch<Type extends string> {
  readonly type: Type;
  readonly by: string;
  readonly station?: string;
}

/** Everything that may be asked of a kitchen ticket. `by` names the person or process, `at` is RFC 3339. */
export type TicketCommand =
  /** A ticket whose `fireAt` is still to come waits, out of the cooks' way, until it is fired. */
  | { readonly type: 'OpenTicket'; readonly ticket: Extract<TicketEvent, { type: 'TicketOpened' }>['data'] }
  /** `planned` is the time that a timer was set for: one that was set for an earlier promise fires nothing. */
  | { readonly type: 'FireTicket'; readonly by: string; readonly at: string; readonly planned?: string }
  | ItemCommand<'StartItem'>
  | (ItemCommand<'FinishItem'> & { readonly at: string })
  /** What was done is to be made again, or made right. */
  | ItemCommand<'RecallItem'>
  | (TicketTouch<'BumpTicket'> & { readonly at: string })
  | TicketTouch<'RecallTicket'>
  /** More for the same order. `batch` names what comes together, so that it is added once. */
  | { readonly type: 'AddItems'; readonly batch: string; readonly items: readonly TicketItem[]; readonly at: string }
  /** Units that are not wanted any more. What is done is voided only by force, that is by a decision already taken. */
  | {
      readonly type: 'VoidItem';
      readonly itemId: TicketItemId;
      readonly qty: number;
      readonly reason: string;
      readonly by: string;
      readonly at: string;
      readonly force: boolean;
    }
  | { readonly type: 'AcknowledgeVoid'; readonly itemId: TicketItemId; readonly by: string }
  /** The kitchen has had its time to see it. `seen` is how many voided units it had seen when its time began. */
  | {
      readonly type: 'EscalateVoid';
      readonly itemId: TicketItemId;
      readonly seen: number;
      readonly by: string;
      readonly at: string;
    }
  /** Asked of a ticket that was never opened it is remembered: a later OpenTicket is refused. */
  | {
      readonly type: 'CancelTicket';
      readonly orderId: OrderId;
      readonly reason: string;
      readonly by: string;
      readonly at: string;
      readonly force: boolean;
    }
  /** `fireAt` is when a ticket that waits is to be fired for this promise. All times are UTC with milliseconds. */
  | {
      readonly type: 'ChangePromise';
      readonly promisedAt: string;
      readonly fireAt: string;
      readonly by: string;
      readonly at: string;
    }
  /** A number of the business day (`YYYY-MM-DD`) that it is made for by now. */
  | { readonly type: 'Renumber'; readonly pickupNo: number; readonly businessDate: string }
  | { readonly type: 'SetRush'; readonly rush: boolean; readonly by: string }
  /** Something that the kitchen should know, whatever it has begun. `noteId` is that of the order's note. */
  | { readonly type: 'AddNote'; readonly noteId: NoteId; readonly note: Sealed; readonly by: string }
  | { readonly type: 'HandOver'; readonly to: Recipient; readonly code?: string; readonly at: string };

export type TicketStatus = 'scheduled' | 'queued' | 'preparing' | 'ready' | 'handed_over' | 'cancelled';
export type TicketItemStatus = 'queued' | 'cooking' | 'done' | 'voided';

/** An item as it stands. */
export interface TicketItemView extends TicketItem {
  readonly state: TicketItemStatus;
  /** Of `qty`, how many units are not wanted any more. */
  readonly voided: number;
  /** Of the voided units, how many were begun and are shown struck through until the kitchen has seen it. */
  readonly unacknowledged: number;
  /** Nobody has seen it for so long that somebody else was told. */
  readonly escalated?: true;
}

/** What clients see of a ticket. */
export interface TicketView {
  readonly id: TicketId;
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly locationId: LocationId;
  readonly mode: OrderMode;
  readonly state: TicketStatus;
  readonly revision: number;
  readonly pickupNo?: number;
  readonly table?: string;
  readonly rush: boolean;
  readonly items: readonly TicketItemView[];
  /** What the customer and then the staff want the kitchen to know of all of it; whoever shows it opens it. */
  readonly notes?: readonly Sealed[];
  readonly openedAt: string;
  /** When it comes, or came, to the cooks, where that is later than when it was opened. */
  readonly fireAt?: string;
  readonly promisedAt?: string;
  readonly readyAt?: string;
  readonly handedOverAt?: string;
  readonly cancelledAt?: string;
}
