import { shipmentStream } from '../../domain/kernel/streams.js';
import { shipment } from '../../domain/shipment/index.js';
import { asking } from '../executor/ask.js';

/** Asks a shipment for something that needs nothing but the shipment itself. */
export const askShipment = asking(shipment, shipmentStream);

export type ShipmentOutcome = Awaited<ReturnType<typeof askShipment>>;
