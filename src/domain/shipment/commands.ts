import type { LineId, LocationId, OrderId, ShipmentId, Sku } from '../kernel/ids.js';
import type { Sealed } from '../kernel/sealed.js';
import type { CarrierStatus, ShipmentEvent } from './events.js';

/** Everything that may be asked of a shipment. `by` names the person or process; times are RFC 3339, UTC, milliseconds. */
export type ShipmentCommand =
  | { readonly type: 'CreateShipment'; readonly shipment: Extract<ShipmentEvent, { type: 'ShipmentCreated' }>['data'] }
  /** Until it is dispatched it can go elsewhere. */
  | { readonly type: 'ReaddressShipment'; readonly deliverTo: Sealed; readonly by: string }
  | { readonly type: 'PackShipment'; readonly by: string; readonly at: string }
  /** Our own courier may go without a tracking number. */
  | {
      readonly type: 'DispatchShipment';
      readonly carrier: string;
      readonly trackingNo?: string;
      readonly service?: string;
      readonly by: string;
      readonly at: string;
    }
  /** What the carrier says happened at `occurredAt`; the same `carrierEventId` is the same word, however often it comes. */
  | {
      readonly type: 'RecordCarrierUpdate';
      readonly carrier: string;
      readonly carrierEventId: string;
      readonly status: CarrierStatus;
      readonly occurredAt: string;
      readonly trackingNo?: string;
      readonly detail?: string;
    }
  /** Nobody was there, or nobody took it. `attemptId` names the attempt, so that it is counted once. */
  | {
      readonly type: 'FailAttempt';
      readonly attemptId: string;
      readonly reason: string;
      readonly by: string;
      readonly at: string;
    }
  /** `reason` is needed for one that was given up for lost. */
  | {
      readonly type: 'DeliverShipment';
      readonly proof?: string;
      readonly reason?: string;
      readonly by: string;
      readonly at: string;
    }
  | { readonly type: 'ReturnToSender'; readonly reason: string; readonly by: string; readonly at: string }
  | { readonly type: 'MarkLost'; readonly reason: string; readonly by: string; readonly at: string }
  /** Asked of a shipment that was never created it is remembered: a later CreateShipment is refused. */
  | {
      readonly type: 'CancelShipment';
      readonly orderId: OrderId;
      readonly reason: string;
      readonly by: string;
      readonly at: string;
    };

export type ShipmentStatus =
  | 'pending'
  | 'packed'
  | 'in_transit'
  | 'out_for_delivery'
  | 'delivery_failed'
  | 'delivered'
  | 'returned'
  | 'lost'
  | 'cancelled';

/** What may be done with a shipment next. */
export type ShipmentAction = 'pack' | 'dispatch' | 'deliver' | 'fail_attempt' | 'return' | 'mark_lost' | 'cancel';

/** What clients see of a shipment. Where it goes is personal and no part of it. */
export interface ShipmentView {
  readonly id: ShipmentId;
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly locationId: LocationId;
  readonly state: ShipmentStatus;
  readonly revision: number;
  readonly lines: readonly {
    readonly lineId: LineId;
    readonly sku: Sku;
    readonly name: string;
    readonly quantity: number;
  }[];
  readonly carrier?: string;
  readonly service?: string;
  readonly trackingNo?: string;
  /** Attempts to deliver it that failed. */
  readonly attempts: readonly { readonly at: string; readonly reason: string }[];
  readonly allowed: readonly ShipmentAction[];
  readonly createdAt: string;
  readonly packedAt?: string;
  readonly dispatchedAt?: string;
  /** When it came to its end: delivered, returned, lost or cancelled. */
  readonly endedAt?: string;
  /** Why it did not arrive, or arrived after all. */
  readonly reason?: string;
}
