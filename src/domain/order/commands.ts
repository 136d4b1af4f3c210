import type {
  CancellationId,
  LineId,
  LocationId,
  MerchantOrderNo,
  OrderId,
  PaymentId,
  ReservationId,
  TicketId,
} from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { OrderEvent, OrderLine, OrderMode, Shortage } from './events.js';

type Data<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>['data'];

/** The payment that an accepted order waits for; derived and timed by whoever issues the command. */
export interface Acceptance {
  readonly paymentId: PaymentId;
  /** RFC 3339; acceptance time plus the payment window. */
  readonly paymentDueAt: string;
}

/** Everything that may be asked of an order. Times, ids, prices and policies arrive in the command. */
export type OrderCommand =
  | {
      readonly type: 'PlaceOrder';
      readonly order: Data<'OrderPlaced'>;
      readonly acceptance: Acceptance;
      readonly allowedModes: readonly OrderMode[];
    }
  | {
      readonly type: 'RecordStockSecured';
      readonly reservations: readonly { readonly lineId: LineId; readonly reservationId: ReservationId }[];
      readonly acceptance: Acceptance;
    }
  | { readonly type: 'RecordStockShort'; readonly shortages: readonly Shortage[] }
  | {
      readonly type: 'AttachPaymentLink';
      readonly paymentId: PaymentId;
      readonly url: string;
      readonly expiresAt: string;
    }
  | {
      readonly type: 'ApplyPayment';
      readonly paymentId: PaymentId;
      readonly intentId: string;
      readonly amount: Money;
      readonly method: string;
    }
  | { readonly type: 'ExpireOrder'; readonly at: string }
  | {
      readonly type: 'RequestCancellation';
      readonly cancellationId?: CancellationId;
      readonly reason: string;
      readonly by: 'customer' | 'staff' | 'merchant' | 'system';
    }
  | {
      readonly type: 'StartFulfilment';
      readonly tickets: readonly { readonly ticketId: TicketId; readonly pickupNo?: number }[];
      readonly shipLines: readonly LineId[];
    }
  | { readonly type: 'RecordProgress'; readonly stage: Data<'FulfilmentProgressed'>['stage'] }
  | {
      readonly type: 'RecordLinesFulfilled';
      readonly by: string;
      readonly lines: readonly { readonly lineId: LineId; readonly qty: number }[];
      readonly how: Data<'LinesFulfilled'>['how'];
      readonly at: string;
    }
  | { readonly type: 'CompleteOrder'; readonly by: 'customer' | 'timer' | 'staff' };

/** Names of what a principal may do next with an order; see `represent`. */
export type OrderAction = 'pay' | 'cancel';

/** What clients see of an order: HTTP answers, read-model rows and time travel alike. */
export interface OrderView {
  readonly id: OrderId;
  readonly number: string;
  readonly merchantOrderNo?: MerchantOrderNo;
  readonly status: OrderStatus;
  readonly revision: number;
  readonly locationId: LocationId;
  readonly mode: OrderMode;
  readonly lines: readonly {
    readonly lineId: LineId;
    readonly sku: string;
    readonly name: string;
    readonly quantity: number;
    readonly unitPrice: Money;
    readonly net: Money;
  }[];
  readonly total: Money;
  readonly payment: { readonly status: PaymentFacet; readonly link?: string; readonly dueAt?: string };
  readonly fulfilment: { readonly status: FulfilmentFacet };
  readonly rejection?: { readonly reasons: Data<'OrderRejected'>['reasons'] };
  readonly allowed: readonly OrderAction[];
  readonly placedAt: string;
}

export type OrderStatus =
  | 'placed'
  | 'awaiting_payment'
  | 'confirmed'
  | 'in_fulfilment'
  | 'fulfilled'
  | 'completed'
  | 'rejected'
  | 'expired'
  | 'cancelled';
export type PaymentFacet = 'not_required' | 'pending' | 'partially_paid' | 'paid' | 'overpaid';
export type FulfilmentFacet =
  'none' | 'queued' | 'preparing' | 'ready' | 'in_transit' | 'partially_fulfilled' | 'fulfilled';

export type { OrderLine };
