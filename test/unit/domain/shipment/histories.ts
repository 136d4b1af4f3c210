import type { Sealed } from '../../../../src/domain/kernel/sealed.js';
import type {
  CarrierStatus,
  ShipmentCommand,
  ShipmentEvent,
  ShipmentStatus,
} from '../../../../src/domain/shipment/index.js';
import { anOrder, at, createdShipment, later, main } from '../../../support/fixtures.js';

export const elsewhere = 'sealed:elsewhere' as Sealed;
export const evenLater = '2024-05-05T09:00:00.000Z';

export const created: ShipmentEvent = { type: 'ShipmentCreated', data: createdShipment() };
export const packed: ShipmentEvent = { type: 'ShipmentPacked', data: { packedAt: at, by: 'ana' } };
export const dispatched: ShipmentEvent = {
  type: 'ShipmentDispatched',
  data: { carrier: 'post', trackingNo: 'RR1', dispatchedAt: later, by: 'ana' },
};
export const update = (
  status: CarrierStatus,
  carrierEventId = 'e1',
  occurredAt = evenLater,
): Extract<ShipmentEvent, { type: 'CarrierUpdateRecorded' }> => ({
  type: 'CarrierUpdateRecorded',
  data: { carrier: 'post', carrierEventId, status, occurredAt },
});
export const outForDelivery = (by = 'ana', time = evenLater): ShipmentEvent => ({
  type: 'OutForDelivery',
  data: { at: time, by },
});
export const attemptFailed = (attemptId = 'a0', by = 'ana', reason = 'nobody there'): ShipmentEvent => ({
  type: 'DeliveryAttemptFailed',
  data: { attemptId, reason, at: evenLater, by },
});
export const delivered = (by = 'ana'): ShipmentEvent => ({ type: 'ShipmentDelivered', data: { at: evenLater, by } });
export const returned = (by = 'ana', reason = 'refused'): ShipmentEvent => ({
  type: 'ReturnedToSender',
  data: { reason, at: evenLater, by },
});
export const lost = (by = 'ana', reason = 'gone'): ShipmentEvent => ({
  type: 'ShipmentLost',
  data: { reason, at: evenLater, by },
});
export const cancelled: ShipmentEvent = {
  type: 'ShipmentCancelled',
  data: { orderId: anOrder, reason: 'changed my mind', by: 'cancellation', cancelledAt: later },
};

const onItsWay = [created, packed, dispatched];
/** How a shipment comes to each status. */
export const histories: Readonly<Record<ShipmentStatus | 'none' | 'withdrawn', readonly ShipmentEvent[]>> = {
  none: [],
  withdrawn: [cancelled],
  pending: [created],
  packed: [created, packed],
  in_transit: onItsWay,
  out_for_delivery: [...onItsWay, outForDelivery()],
  delivery_failed: [...onItsWay, outForDelivery(), attemptFailed()],
  delivered: [...onItsWay, outForDelivery(), delivered()],
  returned: [...onItsWay, returned()],
  lost: [...onItsWay, lost()],
  cancelled: [created, cancelled],
};

export const carrierStatuses: readonly CarrierStatus[] = [
  'in_transit',
  'out_for_delivery',
  'attempt_failed',
  'delivered',
  'returned',
  'lost',
];
type Told = Extract<ShipmentCommand, { type: 'RecordCarrierUpdate' }>;
export const told = (status: CarrierStatus, change: Partial<Told> = {}): Told => ({
  type: 'RecordCarrierUpdate',
  carrier: 'post',
  carrierEventId: 'e1',
  status,
  occurredAt: evenLater,
  ...change,
});

/** One of each command. */
export const commands: { readonly [Type in ShipmentCommand['type']]: Extract<ShipmentCommand, { type: Type }> } = {
  CreateShipment: { type: 'CreateShipment', shipment: createdShipment() },
  ReaddressShipment: { type: 'ReaddressShipment', deliverTo: elsewhere, by: 'ana' },
  PackShipment: { type: 'PackShipment', by: 'ana', at },
  BuyLabel: {
    type: 'BuyLabel',
    bookingId: 'b1',
    carrier: 'post',
    service: 'express',
    parcels: [{ weight: 1200 }],
    from: { locationId: main, name: 'Main' },
    by: 'ana',
    at,
  },
  RecordLabel: {
    type: 'RecordLabel',
    carrier: 'post',
    carrierEventId: 'l1',
    bookingId: 'b1',
    answer: { status: 'created', trackingNo: 'RR1' },
    occurredAt: later,
  },
  LapseLabel: { type: 'LapseLabel', bookingId: 'b1', by: 'labels', at: later },
  RecordLabelVoid: {
    type: 'RecordLabelVoid',
    carrier: 'post',
    carrierEventId: 'v1',
    bookingId: 'b1',
    answer: { status: 'voided' },
    occurredAt: later,
  },
  LapseLabelVoid: { type: 'LapseLabelVoid', bookingId: 'b1', by: 'labels', at: later },
  AssignCourier: { type: 'AssignCourier', courier: 'staff/7', by: 'ana', at },
  DispatchShipment: { type: 'DispatchShipment', carrier: 'post', trackingNo: 'RR1', by: 'ana', at: later },
  RecordCarrierUpdate: told('out_for_delivery'),
  FailAttempt: { type: 'FailAttempt', attemptId: 'a1', reason: 'nobody there', by: 'ana', at: evenLater },
  DeliverShipment: { type: 'DeliverShipment', by: 'ana', at: evenLater },
  ReturnToSender: { type: 'ReturnToSender', reason: 'refused', by: 'ana', at: evenLater },
  MarkLost: { type: 'MarkLost', reason: 'gone', by: 'ana', at: evenLater },
  CancelShipment: {
    type: 'CancelShipment',
    orderId: anOrder,
    reason: 'changed my mind',
    by: 'cancellation',
    at: later,
  },
};
