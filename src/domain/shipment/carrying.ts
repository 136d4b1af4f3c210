import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue } from '../kernel/decision.js';
import { atTheDoor } from './arriving.js';
import type { ShipmentEvent } from './events.js';
import { evolve } from './evolve.js';
import { type Command, facts, outForDelivery, type ShipmentDecision } from './facts.js';
import { labelOf } from './labelling.js';
import { type ExistingShipment, heard, isUnderWay, isWaiting, type UnderWay } from './state.js';

/**
 * The carrier's word. It is written down whatever it says; it moves the shipment only forwards, and only where nothing that
 * happened later was told before. A carrier that has it, has got it from us: it counts as dispatched.
 */
export function recordCarrierUpdate(
  command: Command<'RecordCarrierUpdate'>,
  shipment: ExistingShipment,
): ShipmentDecision {
  const { carrier, carrierEventId, status, occurredAt, detail } = command;
  if (heard(shipment, command)) return alreadyTrue;
  const recorded: ShipmentEvent = {
    type: 'CarrierUpdateRecorded',
    data: { carrier, carrierEventId, status, occurredAt, ...(detail === undefined ? {} : { detail }) },
  };
  const late = shipment.toldUntil !== undefined && occurredAt < shipment.toldUntil;
  return late ? facts(recorded) : facts(recorded, ...movedBy(command, shipment));
}

function movedBy(command: Command<'RecordCarrierUpdate'>, shipment: ExistingShipment): readonly ShipmentEvent[] {
  if (isUnderWay(shipment)) return further(command, shipment);
  if (!isWaiting(shipment)) return [];
  const { carrier, occurredAt } = command;
  const label = labelOf(shipment, carrier);
  const trackingNo = command.trackingNo ?? label?.trackingNo;
  const dispatched: ShipmentEvent = {
    type: 'ShipmentDispatched',
    data: {
      carrier,
      dispatchedAt: occurredAt,
      by: speaker(command),
      ...(trackingNo === undefined ? {} : { trackingNo }),
      ...(label?.service === undefined ? {} : { service: label.service }),
    },
  };
  const gone = evolve(shipment, dispatched);
  return isUnderWay(gone) ? [dispatched, ...further(command, gone)] : [];
}

/** Where a shipment that is under way goes from what the carrier says; nowhere where it says nothing new. */
function further(command: Command<'RecordCarrierUpdate'>, shipment: UnderWay): readonly ShipmentEvent[] {
  const { carrierEventId, status, occurredAt: at } = command;
  const by = speaker(command);
  const reason = command.detail ?? `${command.carrier} says so`;
  switch (status) {
    case 'in_transit':
      return [];
    case 'out_for_delivery':
      return shipment.status === 'out_for_delivery' ? [] : [outForDelivery(by, at)];
    case 'attempt_failed':
      return [
        ...atTheDoor(shipment, by, at),
        { type: 'DeliveryAttemptFailed', data: { attemptId: carrierEventId, reason, at, by } },
      ];
    case 'delivered':
      return [
        ...(shipment.status === 'delivery_failed' ? [outForDelivery(by, at)] : []),
        { type: 'ShipmentDelivered', data: { at, by } },
      ];
    case 'returned':
      return [{ type: 'ReturnedToSender', data: { reason, at, by } }];
    case 'lost':
      return [{ type: 'ShipmentLost', data: { reason, at, by } }];
    default:
      return assertNever(status);
  }
}

const speaker = ({ carrier }: Command<'RecordCarrierUpdate'>): string => `carrier/${carrier}`;
