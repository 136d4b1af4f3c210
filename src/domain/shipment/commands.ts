import type { LineId, LocationId, OrderId, ShipmentId, Sku } from '../kernel/ids.js';
import type { Sealed } from '../kernel/sealed.js';
import type { CarrierStatus, Parcel, Sender, ShipmentEvent } from './events.js';

/** What a carrier answers to a wish for a label. */
export type LabelAnswer =
  | { readonly status: 'created'; readonly trackingNo: string; readonly labelRef?: string }
  | { readonly status: 'refused'; readonly reason: string };

/** What a carrier answers to the wish that a label be void. */
export type VoidAnswer = { readonly status: 'voided' } | { readonly status: 'refused'; readonly reason: string };

/** Everything that may be asked of a shipment. `by` names the person or process; times are RFC 3339, UTC, milliseconds. */
export type ShipmentCommand =
  | { readonly type: 'CreateShipment'; readonly shipment: Extract<ShipmentEvent, { type: 'ShipmentCreated' }>['data'] }
  /** Until it is dispatched it can go elsewhere. */
  | { readonly type: 'ReaddressShipment'; readonly deliverTo: Sealed; readonly by: string }
  | { readonly type: 'PackShipment'; readonly by: string; readonly at: string }
  /** Asks a carrier for a label, who answers later. `bookingId` names the wish: a repeat is the same one. */
  | {
      readonly type: 'BuyLabel';
      readonly bookingId: string;
      readonly carrier: string;
      readonly service?: string;
      readonly parcels: readonly Parcel[];
      readonly from: Sender;
      readonly by: string;
      readonly at: string;
    }
  /** What the carrier answered at `occurredAt`; the same `carrierEventId` is the same answer, however often it comes. */
  | {
      readonly type: 'RecordLabel';
      readonly carrier: string;
      readonly carrierEventId: string;
      readonly bookingId: string;
      readonly answer: LabelAnswer;
      readonly occurredAt: string;
    }
  /** The carrier has had its time to answer. */
  | { readonly type: 'LapseLabel'; readonly bookingId: string; readonly by: string; readonly at: string }
  /** What the carrier answered, as with RecordLabel. */
  | {
      readonly type: 'RecordLabelVoid';
      readonly carrier: string;
      readonly carrierEventId: string;
      readonly bookingId: string;
      readonly answer: VoidAnswer;
      readonly occurredAt: string;
    }
  /** The carrier has had its time to answer that. */
  | { readonly type: 'LapseLabelVoid'; readonly bookingId: string; readonly by: string; readonly at: string }
  /** One of ours brings it: `courier` is an id, as staff have them. */
  | { readonly type: 'AssignCourier'; readonly courier: string; readonly by: string; readonly at: string }
  /** Whatever is not said follows from the label that was bought, or from our own courier, who needs no tracking number. */
  | {
      readonly type: 'DispatchShipment';
      readonly carrier?: string;
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
export type ShipmentAction =
  'pack' | 'buy_label' | 'assign_courier' | 'dispatch' | 'deliver' | 'fail_attempt' | 'return' | 'mark_lost' | 'cancel';

/** How far a wish for a label is; void: the shipment goes elsewhere by now, by somebody else, or not at all. */
export type LabelState = 'requested' | 'bought' | 'refused' | 'lapsed' | 'void';

/** How far the wish is that a label be void: refused and lapsed are for somebody to see to. */
export type VoidState = 'requested' | 'voided' | 'refused' | 'lapsed';

/** A label that was bought and that nothing is sent with. */
export interface UnusedLabel {
  readonly bookingId: string;
  readonly carrier: string;
  readonly trackingNo: string;
  readonly labelRef?: string;
  readonly state: VoidState;
  /** Why the carrier does not take it back. */
  readonly reason?: string;
}

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
  /** The label that was asked for last. */
  readonly label?: {
    readonly state: LabelState;
    readonly carrier: string;
    readonly service?: string;
    readonly requestedAt: string;
    readonly trackingNo?: string;
    readonly labelRef?: string;
    /** Why the carrier does not take it. */
    readonly reason?: string;
  };
  /** Labels that were bought and not used; the carrier is asked to take them back. */
  readonly unusedLabels?: readonly Omit<UnusedLabel, 'bookingId'>[];
  /** Who of ours brings it. */
  readonly courier?: string;
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
