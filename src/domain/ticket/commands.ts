import type { LocationId, OrderId, TicketId, TicketItemId } from '../kernel/ids.js';
import type { OrderMode } from '../order/events.js';
import type { Recipient, TicketEvent, TicketItem } from './events.js';

/** Everything that may be asked of a kitchen ticket. `by` names the person or process, `at` is RFC 3339. */
export type TicketCommand =
  | { readonly type: 'OpenTicket'; readonly ticket: Extract<TicketEvent, { type: 'TicketOpened' }>['data'] }
  | { readonly type: 'StartItem'; readonly itemId: TicketItemId; readonly by: string }
  | { readonly type: 'FinishItem'; readonly itemId: TicketItemId; readonly by: string; readonly at: string }
  | { readonly type: 'BumpTicket'; readonly by: string; readonly at: string }
  | { readonly type: 'HandOver'; readonly to: Recipient; readonly code?: string; readonly at: string };

export type TicketStatus = 'queued' | 'preparing' | 'ready' | 'handed_over';
export type TicketItemStatus = 'queued' | 'cooking' | 'done';

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
  readonly items: readonly (TicketItem & { readonly state: TicketItemStatus })[];
  readonly openedAt: string;
  readonly readyAt?: string;
  readonly handedOverAt?: string;
}
