import { type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import type { ShipmentCommand } from './commands.js';
import type { ShipmentEvent } from './events.js';
import type { ShipmentRejection } from './rejections.js';
import { allowedWith, type ExistingShipment } from './state.js';

export type Command<Type extends ShipmentCommand['type']> = Extract<ShipmentCommand, { type: Type }>;
export type ShipmentDecision = Decision<ShipmentRejection, ShipmentEvent>;

/** Some facts, as one decision. */
export const facts = (...events: readonly ShipmentEvent[]): ShipmentDecision => record<ShipmentEvent>(...events);
export const notNow = (shipment: ExistingShipment): ShipmentDecision =>
  refuse(illegalTransition(shipment.status, allowedWith(shipment)));

export const outForDelivery = (by: string, at: string): ShipmentEvent => ({ type: 'OutForDelivery', data: { at, by } });
