import type { LocationId, OrderId, ReservationId, Sku } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { StockEvent } from './events.js';

/** Everything that may be asked of a stock item: one sku at one location. Quantities are whole units. */
export type StockCommand =
  | {
      readonly type: 'RegisterStock';
      readonly sku: Sku;
      readonly locationId: LocationId;
      readonly onHand: number;
      /** At or below this many available units the item is low; 0 when absent. */
      readonly threshold?: number;
      /** Units that are never promised; 0 when absent. */
      readonly safety?: number;
      /** How many units may be promised beyond what is there; 0 when absent. */
      readonly backorderLimit?: number;
      /** What one unit is; `piece` when absent. */
      readonly unit?: string;
    }
  /** All three as they hold from now on; what is promised already stays promised. */
  | {
      readonly type: 'SetPolicy';
      readonly threshold: number;
      readonly safety: number;
      readonly backorderLimit: number;
    }
  /** The shelf holds so much, or so much more (less, below 0) than was thought. `adjustmentId` names it, so that it is counted once. */
  | ({ readonly type: 'AdjustStock'; readonly reason: string; readonly adjustmentId?: string } & (
      { readonly counted: number } | { readonly delta: number }
    ))
  /** Goods came in. `receiptId` names the receipt, so that it is counted once. */
  | {
      readonly type: 'ReceiveStock';
      readonly receiptId: string;
      readonly qty: number;
      readonly ref: string;
      readonly cost?: Money;
    }
  /** Units that nobody was promised leave for another location. `transferId` names the transfer, so that it happens once. */
  | { readonly type: 'SendTransfer'; readonly transferId: string; readonly to: LocationId; readonly qty: number }
  | { readonly type: 'TakeInTransfer'; readonly transferId: string; readonly from: LocationId; readonly qty: number }
  /** A customer gave units back. `returnId` names them, so that they are counted once. */
  | {
      readonly type: 'RestockReturn';
      readonly returnId: string;
      readonly orderId: OrderId;
      readonly qty: number;
      readonly condition: 'sellable' | 'damaged';
    }
  | {
      readonly type: 'ReserveStock';
      readonly reservationId: ReservationId;
      readonly orderId: OrderId;
      readonly qty: number;
      /** Reservations of the same order that give up so many units for this one, as far as they still hold them: these need not be free. */
      readonly from?: readonly { readonly reservationId: ReservationId; readonly qty: number }[];
    }
  /** Nothing comes of such a reservation: its units go back to those that gave them up, as far as they are wanted there; the rest is free. */
  | {
      readonly type: 'RestoreReservation';
      readonly reservationId: ReservationId;
      readonly orderId: OrderId;
      /** `keep`: units that are wanted of it in all, those included that were used already. */
      readonly to: readonly { readonly reservationId: ReservationId; readonly keep: number }[];
      readonly why: Extract<StockEvent, { type: 'ReservationReleased' }>['data']['why'];
    }
  | { readonly type: 'ConfirmReservation'; readonly reservationId: ReservationId }
  | {
      readonly type: 'ReleaseReservation';
      readonly reservationId: ReservationId;
      readonly orderId: OrderId;
      readonly why: Extract<StockEvent, { type: 'ReservationReleased' }>['data']['why'];
    }
  | {
      readonly type: 'ReduceReservation';
      readonly reservationId: ReservationId;
      readonly orderId: OrderId;
      /** Units that are wanted in all, those included that were used already. */
      readonly keep: number;
      readonly why: Extract<StockEvent, { type: 'ReservationReleased' }>['data']['why'];
    }
  | {
      readonly type: 'ConsumeReservation';
      readonly reservationId: ReservationId;
      readonly orderId: OrderId;
      readonly qty: number;
      readonly by: string;
    };

/** What clients see of a stock item. `available` = onHand − reserved − safety. */
export interface StockView {
  readonly sku: Sku;
  readonly locationId: LocationId;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  /** What one unit is; absent: a piece. */
  readonly unit?: string;
  readonly revision: number;
}
