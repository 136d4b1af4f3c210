import type { Either } from 'fp-ts/lib/Either.js';
import type { ShipmentId } from '../../domain/kernel/ids.js';
import { shipmentStream } from '../../domain/kernel/streams.js';
import {
  type Shipment,
  shipment,
  type ShipmentCommand,
  type ShipmentEvent,
  type ShipmentRejection,
} from '../../domain/shipment/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';

export type ShipmentOutcome = Either<ShipmentRejection | ExecutorRejection, Committed<Shipment, ShipmentEvent>>;

/** Asks a shipment for something that needs nothing but the shipment itself. */
export const askShipment = (
  executor: Executor,
  id: ShipmentId,
  command: ShipmentCommand,
  context: CommandContext,
): Promise<ShipmentOutcome> => executor.execute(shipment, shipmentStream(id), command, context);
