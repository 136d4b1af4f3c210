import type { ShipmentBlock } from '../../consumers/contracts/index.js';
import type { ExistingShipment, ShipmentEvent } from '../../domain/shipment/index.js';
import type { Message } from './message.js';

type ShipmentFact = Extract<
  ShipmentEvent,
  { type: 'ShipmentDispatched' | 'ShipmentDelivered' | 'DeliveryAttemptFailed' | 'ReturnedToSender' | 'ShipmentLost' }
>;

const KINDS = { DeliveryAttemptFailed: 'attempt_failed', ReturnedToSender: 'returned', ShipmentLost: 'lost' } as const;

/** What an event of a shipment tells other services, given the shipment just after it; undefined where it never left. */
export function shipmentMessage({ type, data }: ShipmentFact, state: ExistingShipment): Message | undefined {
  if (!('dispatch' in state)) return undefined;
  const { shipmentId, orderId, orderNumber, locationId, lines } = state.details;
  const { carrier, dispatchedAt, service, trackingNo } = state.dispatch;
  const shipment: ShipmentBlock = {
    shipmentId,
    orderId,
    orderNumber,
    locationId,
    lines,
    carrier,
    dispatchedAt,
    ...(service === undefined ? {} : { service }),
    ...(trackingNo === undefined ? {} : { trackingNo }),
  };
  const subject = shipmentId;
  switch (type) {
    case 'ShipmentDispatched':
      return { type: 'shipment.dispatched.v1', subject, data: { shipment } };
    case 'ShipmentDelivered':
      return { type: 'shipment.delivered.v1', subject, data: { shipment, deliveredAt: data.at } };
    case 'DeliveryAttemptFailed':
    case 'ReturnedToSender':
    case 'ShipmentLost': {
      const { reason, at } = data;
      return { type: 'shipment.exception.v1', subject, data: { shipment, kind: KINDS[type], reason, at } };
    }
  }
}
