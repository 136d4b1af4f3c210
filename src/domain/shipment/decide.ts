import * as E from 'fp-ts/lib/Either.js';
import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, refuse } from '../kernel/decision.js';
import { illegalTransition, notFound } from '../kernel/rejections.js';
import { deliver, failAttempt, markLost, returnToSender } from './arriving.js';
import { recordCarrierUpdate } from './carrying.js';
import type { ShipmentCommand } from './commands.js';
import type { ShipmentDecision } from './facts.js';
import { assignCourier, buyLabel, lapseLabel, recordLabel } from './labelling.js';
import { cancelShipment, createShipment, dispatch, pack, readdress } from './preparing.js';
import { isCreated, type Shipment } from './state.js';
import { lapseLabelVoid, recordLabelVoid, voidsAfter } from './voiding.js';

/** Which events a command leads to in a state of the shipment, or why it is refused. */
export function decide(command: ShipmentCommand, shipment: Shipment): ShipmentDecision {
  const decision = decided(command, shipment);
  if (E.isLeft(decision) || !isCreated(shipment)) return decision;
  return E.right([...decision.right, ...voidsAfter(shipment, decision.right)]);
}

function decided(command: ShipmentCommand, shipment: Shipment): ShipmentDecision {
  if (command.type === 'CreateShipment') return createShipment(command, shipment);
  if (shipment.status === 'withdrawn') {
    return command.type === 'CancelShipment' ? alreadyTrue : refuse(illegalTransition('cancelled', []));
  }
  if (command.type === 'CancelShipment') return cancelShipment(command, shipment);
  if (shipment.status === 'none') return refuse(notFound('shipment'));
  switch (command.type) {
    case 'ReaddressShipment':
      return readdress(command, shipment);
    case 'PackShipment':
      return pack(command, shipment);
    case 'BuyLabel':
      return buyLabel(command, shipment);
    case 'RecordLabel':
      return recordLabel(command, shipment);
    case 'LapseLabel':
      return lapseLabel(command, shipment);
    case 'RecordLabelVoid':
      return recordLabelVoid(command, shipment);
    case 'LapseLabelVoid':
      return lapseLabelVoid(command, shipment);
    case 'AssignCourier':
      return assignCourier(command, shipment);
    case 'DispatchShipment':
      return dispatch(command, shipment);
    case 'RecordCarrierUpdate':
      return recordCarrierUpdate(command, shipment);
    case 'FailAttempt':
      return failAttempt(command, shipment);
    case 'DeliverShipment':
      return deliver(command, shipment);
    case 'ReturnToSender':
      return returnToSender(command, shipment);
    case 'MarkLost':
      return markLost(command, shipment);
    default:
      return assertNever(command);
  }
}
