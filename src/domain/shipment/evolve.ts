import { assertNever } from '../kernel/assertNever.js';
import type { ShipmentEvent } from './events.js';
import { labelAfter, requestedLabel } from './labelling.js';
import { type ExistingShipment, isCreated, isUnderWay, isWaiting, type Shipment, wordOf } from './state.js';
import { unusedAfter } from './unused.js';

/** The shipment after an event. Total: a fact that fits nothing changes nothing. */
export function evolve(shipment: Shipment, event: ShipmentEvent): Shipment {
  if (!isCreated(shipment)) return shipment.status === 'none' ? begin(shipment, event) : shipment;
  switch (event.type) {
    case 'ShipmentCreated':
      return shipment;
    case 'ShipmentReaddressed':
      return isWaiting(shipment) ? { ...labelled(shipment, event), deliverTo: event.data.deliverTo } : shipment;
    case 'LabelRequested': {
      if (!isWaiting(shipment)) return shipment;
      // whom we ask for a label is to bring it
      const { courier: _, ...rest } = shipment;
      return { ...rest, label: requestedLabel(event.data), bookings: [...rest.bookings, event.data.bookingId] };
    }
    case 'LabelBought':
    case 'LabelRefused':
      return { ...labelled(shipment, event), updates: [...shipment.updates, wordOf(event.data)] };
    case 'LabelLapsed':
      return labelled(shipment, event);
    case 'LabelVoidRequested':
    case 'LabelVoidLapsed':
      return { ...labelled(shipment, event), unused: unusedAfter(shipment.unused ?? [], event) };
    case 'LabelVoided':
    case 'LabelVoidRefused':
      return {
        ...shipment,
        unused: unusedAfter(shipment.unused ?? [], event),
        updates: [...shipment.updates, wordOf(event.data)],
      };
    case 'CourierAssigned':
      return isWaiting(shipment) || isUnderWay(shipment) ? { ...shipment, courier: event.data.courier } : shipment;
    case 'ShipmentPacked':
      return isWaiting(shipment) ? { ...shipment, status: 'packed', packedAt: event.data.packedAt } : shipment;
    case 'ShipmentDispatched':
      return isWaiting(shipment) ? { ...shipment, status: 'in_transit', dispatch: event.data } : shipment;
    case 'CarrierUpdateRecorded': {
      const { occurredAt } = event.data;
      const { toldUntil = occurredAt } = shipment;
      return {
        ...shipment,
        updates: [...shipment.updates, wordOf(event.data)],
        toldUntil: occurredAt > toldUntil ? occurredAt : toldUntil,
      };
    }
    case 'OutForDelivery':
      return isUnderWay(shipment) ? { ...shipment, status: 'out_for_delivery' } : shipment;
    case 'DeliveryAttemptFailed': {
      if (!isUnderWay(shipment)) return shipment;
      const { attemptId, at, reason } = event.data;
      return { ...shipment, status: 'delivery_failed', attempts: [...shipment.attempts, { attemptId, at, reason }] };
    }
    case 'ShipmentDelivered': {
      if (!isUnderWay(shipment) && shipment.status !== 'lost') return shipment;
      const { at, reason } = event.data;
      return { ...shipment, status: 'delivered', endedAt: at, ...(reason === undefined ? {} : { reason }) };
    }
    case 'ReturnedToSender': {
      const { at, reason } = event.data;
      return isUnderWay(shipment) ? { ...shipment, status: 'returned', endedAt: at, reason } : shipment;
    }
    case 'ShipmentLost': {
      const { at, reason } = event.data;
      return isUnderWay(shipment) ? { ...shipment, status: 'lost', endedAt: at, reason } : shipment;
    }
    case 'ShipmentCancelled': {
      const { cancelledAt, reason } = event.data;
      return isWaiting(shipment) ? { ...shipment, status: 'cancelled', endedAt: cancelledAt, reason } : shipment;
    }
    default:
      return assertNever(event);
  }
}

/** The shipment with its label as an event leaves that. */
function labelled<Some extends ExistingShipment>(shipment: Some, event: ShipmentEvent): Some {
  return shipment.label === undefined ? shipment : { ...shipment, label: labelAfter(shipment.label, event) };
}

function begin(none: Shipment, { type, data }: ShipmentEvent): Shipment {
  if (type === 'ShipmentCancelled') return { status: 'withdrawn' };
  if (type !== 'ShipmentCreated') return none;
  const { deliverTo } = data;
  return {
    status: 'pending',
    details: data,
    bookings: [],
    updates: [],
    attempts: [],
    ...(deliverTo === undefined ? {} : { deliverTo }),
  };
}
