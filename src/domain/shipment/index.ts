import type { Aggregate } from '../kernel/aggregate.js';
import type { ShipmentCommand } from './commands.js';
import { decide } from './decide.js';
import { type ShipmentEvent, shipmentEvents } from './events.js';
import { evolve } from './evolve.js';
import type { ShipmentRejection } from './rejections.js';
import type { Shipment } from './state.js';

/** Units of one order that travel together: `shipment-{shipmentId}`. */
export const shipment: Aggregate<Shipment, ShipmentCommand, ShipmentEvent, ShipmentRejection> = {
  category: 'shipment',
  initial: { status: 'none' },
  decide,
  evolve,
  codec: shipmentEvents,
  stateVersion: 3,
};

export type * from './commands.js';
export { type CarrierStatus, CarrierStatusCodec, type Sender, type ShipmentEvent } from './events.js';
export { isTooFarAhead } from './told.js';
export type * from './rejections.js';
export { BOOKING_WAITS_MS, isCreated, OWN_COURIER, wasDispatched } from './state.js';
export type * from './state.js';
export { representShipment } from './view.js';
