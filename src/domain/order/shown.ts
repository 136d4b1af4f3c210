import type { AmendmentId, CancellationId, LineId, LocationId, MerchantOrderNo, OrderId } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { OrderChannel, OrderData, OrderLine, OrderMode, Shortage } from './events.js';
import type { Hold } from './state.js';

/** Names of what a principal may do next with an order; see `represent`. */
export type OrderAction =
  | 'pay'
  | 'cancel'
  | 'cancel_lines'
  | 'amend'
  | 'hold'
  | 'resolve_hold'
  | 'confirm_pay_later'
  | 'refund'
  | 'complete'
  | 'ship'
  | 'take_back'
  | 'change_delivery'
  | 'change_promise';

/** What clients see of an order: HTTP answers, read-model rows and time travel alike. */
export interface OrderView {
  readonly id: OrderId;
  readonly number: string;
  readonly merchantOrderNo?: MerchantOrderNo;
  readonly status: OrderStatus;
  /** The status in words of everyday, from all that is known. */
  readonly display: DisplayStatus;
  readonly revision: number;
  readonly locationId: LocationId;
  readonly mode: OrderMode;
  readonly channel: OrderChannel;
  readonly lines: readonly {
    readonly lineId: LineId;
    readonly sku: string;
    readonly name: string;
    /** What was chosen of its options, and what each adds to the price of a unit; absent: nothing. */
    readonly options?: OrderLine['options'];
    readonly quantity: number;
    readonly cancelled: number;
    readonly fulfilled: number;
    /** Units of these that are back; absent: none. */
    readonly returned?: number;
    readonly unitPrice: Money;
    readonly net: Money;
  }[];
  /** What bringing it costs, and what was given on top: in the total. Absent: nothing. */
  readonly deliveryFee?: Money;
  readonly tip?: Money;
  /** What was ordered costs this; `due` is the same without what was cancelled. */
  readonly total: Money;
  readonly due: Money;
  readonly payment: {
    readonly status: PaymentFacet;
    readonly captured: Money;
    readonly link?: string;
    readonly dueAt?: string;
  };
  readonly refunds: { readonly status: RefundFacet; readonly due: Money; readonly refunded: Money };
  readonly fulfilment: { readonly status: FulfilmentFacet };
  readonly returns: { readonly status: ReturnFacet };
  readonly hold?: Hold;
  readonly cancellation?: {
    readonly id: CancellationId;
    readonly state: 'pending' | 'declined' | 'done';
    readonly reason: string;
    readonly cause?: string;
  };
  /** The last amendment that had to wait for its stock. */
  readonly amendment?: {
    readonly id: AmendmentId;
    readonly state: 'pending' | 'declined' | 'done';
    readonly cause?: string;
    readonly shortages?: readonly Shortage[];
  };
  readonly rejection?: { readonly reasons: OrderData<'OrderRejected'>['reasons'] };
  readonly allowed: readonly OrderAction[];
  readonly placedAt: string;
  /** For when it is wanted, or its kitchen promises it, as it stands by now; absent: as soon as may be. */
  readonly promisedAt?: string;
  /** What is called out when it is ready; there as soon as the kitchen has its ticket. */
  readonly pickupNo?: number;
}

export type OrderStatus =
  | 'placed'
  | 'on_hold'
  | 'awaiting_payment'
  | 'confirmed'
  | 'in_fulfilment'
  | 'fulfilled'
  | 'completed'
  | 'rejected'
  | 'expired'
  | 'cancelled';
export type PaymentFacet = 'not_required' | 'pending' | 'authorized' | 'partially_paid' | 'paid' | 'overpaid';
export type ReturnFacet = 'none' | 'partial' | 'full';
export type RefundFacet = 'none' | 'pending' | 'partial' | 'full';
export type FulfilmentFacet =
  'none' | 'queued' | 'preparing' | 'ready' | 'in_transit' | 'partially_fulfilled' | 'fulfilled';
export type DisplayStatus =
  | 'placed'
  | 'needs attention'
  | 'waiting for payment'
  | 'paid'
  | 'in the kitchen'
  | 'ready'
  | 'on the way'
  | 'partly delivered'
  | 'delivered'
  | 'completed'
  | 'payment time ran out'
  | 'declined'
  | 'cancelled'
  | 'refunded';
