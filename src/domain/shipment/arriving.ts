import { alreadyTrue, refuse } from '../kernel/decision.js';
import type { ShipmentEvent } from './events.js';
import { type Command, facts, notNow, outForDelivery, type ShipmentDecision } from './facts.js';
import { type ExistingShipment, isUnderWay, type UnderWay } from './state.js';

/** Somebody stood before the door in vain. That it was on its way there goes without saying. */
export function failAttempt(command: Command<'FailAttempt'>, shipment: ExistingShipment): ShipmentDecision {
  const { attemptId, reason, by, at } = command;
  if (shipment.attempts.some((attempt) => attempt.attemptId === attemptId)) return alreadyTrue;
  if (!isUnderWay(shipment)) return notNow(shipment);
  return facts(...atTheDoor(shipment, by, at), { type: 'DeliveryAttemptFailed', data: { attemptId, reason, at, by } });
}

/** Whoever it is for has it. One that was given up for lost needs a word on how that came. */
export function deliver(command: Command<'DeliverShipment'>, shipment: ExistingShipment): ShipmentDecision {
  const { proof, reason, by, at } = command;
  if (shipment.status === 'delivered') return alreadyTrue;
  if (shipment.status !== 'lost' && !isUnderWay(shipment)) return notNow(shipment);
  if (shipment.status === 'lost' && (reason ?? '').trim() === '') return refuse({ _tag: 'ReasonRequired' });
  const delivered: ShipmentEvent = {
    type: 'ShipmentDelivered',
    data: { at, by, ...(proof === undefined ? {} : { proof }), ...(reason === undefined ? {} : { reason }) },
  };
  return facts(...(shipment.status === 'delivery_failed' ? [outForDelivery(by, at)] : []), delivered);
}

/** Nobody could be reached, or nobody wanted it: it is back with us. */
export function returnToSender(command: Command<'ReturnToSender'>, shipment: ExistingShipment): ShipmentDecision {
  const { reason, by, at } = command;
  if (shipment.status === 'returned') return alreadyTrue;
  return isUnderWay(shipment) ? facts({ type: 'ReturnedToSender', data: { reason, at, by } }) : notNow(shipment);
}

/** Nobody knows where it is. */
export function markLost({ reason, by, at }: Command<'MarkLost'>, shipment: ExistingShipment): ShipmentDecision {
  if (shipment.status === 'lost') return alreadyTrue;
  return isUnderWay(shipment) ? facts({ type: 'ShipmentLost', data: { reason, at, by } }) : notNow(shipment);
}

/** What must have happened for somebody to stand before the door with it. */
export const atTheDoor = ({ status }: UnderWay, by: string, at: string): readonly ShipmentEvent[] =>
  status === 'out_for_delivery' ? [] : [outForDelivery(by, at)];
