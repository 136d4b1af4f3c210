import { alreadyTrue, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import { type Command, facts, notNow, type ShipmentDecision } from './facts.js';
import { labelOf } from './labelling.js';
import { type ExistingShipment, isWaiting, OWN_COURIER, type Shipment, wasDispatched } from './state.js';

/** Puts units of an order together. Which are free is the order's to say, and it has said so. */
export function createShipment({ shipment: created }: Command<'CreateShipment'>, shipment: Shipment): ShipmentDecision {
  if (shipment.status === 'withdrawn') return refuse(illegalTransition('cancelled', []));
  if (shipment.status !== 'none') return alreadyTrue;
  if (created.lines.length === 0) return refuse({ _tag: 'EmptyShipment' });
  const wrong = created.lines.find(({ qty }) => !Number.isSafeInteger(qty) || qty < 1);
  if (wrong) {
    const { qty: quantity, sku } = wrong;
    return refuse({ _tag: 'InvalidQuantity', quantity, minimum: 1, maximum: Number.MAX_SAFE_INTEGER, sku });
  }
  return facts({ type: 'ShipmentCreated', data: created });
}

/** Sends it elsewhere, as long as it is here. */
export function readdress(command: Command<'ReaddressShipment'>, shipment: ExistingShipment): ShipmentDecision {
  const { deliverTo, by } = command;
  if (shipment.deliverTo === deliverTo) return alreadyTrue;
  if (wasDispatched(shipment)) return refuse({ _tag: 'AlreadyDispatched', status: shipment.status });
  return isWaiting(shipment) ? facts({ type: 'ShipmentReaddressed', data: { deliverTo, by } }) : notNow(shipment);
}

/** It is in its box. */
export function pack({ by, at }: Command<'PackShipment'>, shipment: ExistingShipment): ShipmentDecision {
  if (shipment.status === 'packed' || (wasDispatched(shipment) && shipment.packedAt !== undefined)) return alreadyTrue;
  return shipment.status === 'pending'
    ? facts({ type: 'ShipmentPacked', data: { packedAt: at, by } })
    : notNow(shipment);
}

/** Gives it to the carrier. Whether that comes before a cancellation is decided here and nowhere else. */
export function dispatch(command: Command<'DispatchShipment'>, shipment: ExistingShipment): ShipmentDecision {
  const { by, at } = command;
  const ours = shipment.courier === undefined ? undefined : OWN_COURIER;
  const carrier = command.carrier ?? labelOf(shipment)?.carrier ?? ours;
  const label = labelOf(shipment, carrier);
  const trackingNo = command.trackingNo ?? label?.trackingNo;
  const service = command.service ?? label?.service;
  if (isWaiting(shipment)) {
    if (carrier === undefined) return refuse({ _tag: 'CarrierRequired' });
    return facts({
      type: 'ShipmentDispatched',
      data: {
        carrier,
        dispatchedAt: at,
        by,
        ...(trackingNo === undefined ? {} : { trackingNo }),
        ...(service === undefined ? {} : { service }),
      },
    });
  }
  const same =
    'dispatch' in shipment && shipment.dispatch.carrier === carrier && shipment.dispatch.trackingNo === trackingNo;
  return same ? alreadyTrue : notNow(shipment);
}

/** Takes it back before it leaves. */
export function cancelShipment(
  command: Command<'CancelShipment'>,
  shipment: Exclude<Shipment, { status: 'withdrawn' }>,
): ShipmentDecision {
  const { orderId, reason, by, at } = command;
  if (shipment.status === 'cancelled') return alreadyTrue;
  if (shipment.status === 'none' || isWaiting(shipment)) {
    return facts({ type: 'ShipmentCancelled', data: { orderId, reason, by, cancelledAt: at } });
  }
  return refuse({ _tag: 'AlreadyDispatched', status: shipment.status });
}
