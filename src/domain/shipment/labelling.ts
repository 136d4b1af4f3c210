import { alreadyTrue, refuse } from '../kernel/decision.js';
import { notFound } from '../kernel/rejections.js';
import type { ShipmentEvent } from './events.js';
import { type Command, facts, notNow, type ShipmentDecision } from './facts.js';
import {
  type ExistingShipment,
  heard,
  isWaiting,
  type Label,
  mayAssignCourier,
  mayBuyLabel,
  wasDispatched,
} from './state.js';

/** Asks a carrier for a label. One that is asked for, or there, is enough. */
export function buyLabel(command: Command<'BuyLabel'>, shipment: ExistingShipment): ShipmentDecision {
  const { bookingId, carrier, service, parcels, from, by, at } = command;
  if (shipment.bookings.includes(bookingId)) return alreadyTrue;
  if (wasDispatched(shipment)) return refuse({ _tag: 'AlreadyDispatched', status: shipment.status });
  if (isWaiting(shipment) && shipment.deliverTo === undefined) return refuse({ _tag: 'NoDestination' });
  if (!mayBuyLabel(shipment)) return notNow(shipment);
  if (parcels.length === 0) return refuse({ _tag: 'EmptyShipment' });
  const wrong = parcels.find(({ weight }) => !Number.isSafeInteger(weight) || weight < 1);
  if (wrong) {
    const { weight: quantity } = wrong;
    return refuse({ _tag: 'InvalidQuantity', quantity, minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
  }
  return facts({
    type: 'LabelRequested',
    data: { bookingId, carrier, parcels, from, at, by, ...(service === undefined ? {} : { service }) },
  });
}

/**
 * The carrier's answer. It is written down whatever has become of the shipment: a label that was sold costs money. An answer
 * to a wish that nobody had is none.
 */
export function recordLabel(command: Command<'RecordLabel'>, shipment: ExistingShipment): ShipmentDecision {
  const { carrier, carrierEventId, bookingId, answer, occurredAt: at } = command;
  if (heard(shipment, command)) return alreadyTrue;
  if (!shipment.bookings.includes(bookingId)) return refuse(notFound('label', bookingId));
  const told = { bookingId, carrier, carrierEventId, at, by: `carrier/${carrier}` };
  if (answer.status === 'refused') {
    return facts({ type: 'LabelRefused', data: { ...told, reason: answer.reason } });
  }
  const { trackingNo, labelRef } = answer;
  return facts({
    type: 'LabelBought',
    data: { ...told, trackingNo, ...(labelRef === undefined ? {} : { labelRef }) },
  });
}

/** Nobody waits for the answer any more. One that comes all the same counts. */
export function lapseLabel(command: Command<'LapseLabel'>, { label }: ExistingShipment): ShipmentDecision {
  const { bookingId, at, by } = command;
  return label?.bookingId === bookingId && label.state === 'requested'
    ? facts({ type: 'LabelLapsed', data: { bookingId, at, by } })
    : alreadyTrue;
}

/** One of ours brings it, or another of ours than before. */
export function assignCourier(command: Command<'AssignCourier'>, shipment: ExistingShipment): ShipmentDecision {
  const { courier, by, at } = command;
  if (!mayAssignCourier(shipment)) return notNow(shipment);
  return shipment.courier === courier ? alreadyTrue : facts({ type: 'CourierAssigned', data: { courier, at, by } });
}

/** The label that was bought, if it is there and of this carrier. */
export const labelOf = ({ label }: ExistingShipment, carrier = label?.carrier): Label | undefined =>
  label?.state === 'bought' && label.carrier === carrier ? label : undefined;

export const requestedLabel = ({
  bookingId,
  carrier,
  service,
  at,
}: Extract<ShipmentEvent, { type: 'LabelRequested' }>['data']): Label => ({
  bookingId,
  carrier,
  state: 'requested',
  requestedAt: at,
  ...(service === undefined ? {} : { service }),
});

/** The label after an event; an answer to an earlier wish, or about a label that became void, changes nothing. */
export function labelAfter(label: Label, { type, data }: ShipmentEvent): Label {
  switch (type) {
    case 'ShipmentReaddressed':
      return label.state === 'requested' || label.state === 'bought' ? { ...label, state: 'void' } : label;
    case 'LabelBought': {
      if (label.bookingId !== data.bookingId || label.state === 'void' || label.state === 'bought') return label;
      const { trackingNo, labelRef } = data;
      const { reason: _, ...rest } = label;
      return { ...rest, state: 'bought', trackingNo, ...(labelRef === undefined ? {} : { labelRef }) };
    }
    case 'LabelRefused':
      return label.bookingId === data.bookingId && (label.state === 'requested' || label.state === 'lapsed')
        ? { ...label, state: 'refused', reason: data.reason }
        : label;
    case 'LabelVoidRequested':
      return label.bookingId === data.bookingId ? { ...label, state: 'void' } : label;
    case 'LabelLapsed':
      return label.bookingId === data.bookingId && label.state === 'requested' ? { ...label, state: 'lapsed' } : label;
    default:
      return label;
  }
}
