import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type LineQuantity, order, type OrderRejection } from '../../domain/order/index.js';
import type { ShipmentRejection } from '../../domain/shipment/index.js';
import type { CommandContext, Executor, ExecutorRejection } from '../executor/contract.js';
import { derivedCommandId, shipmentIdOf } from '../identity.js';
import { askShipment, type ShipmentOutcome } from './askShipment.js';
import { shipmentOf } from './shipmentOf.js';

export interface CreateShipmentInput {
  readonly lines: readonly LineQuantity[];
  /** Names the shipment, so that a repeat is the same one. */
  readonly idempotencyKey: string;
}

/**
 * Makes a shipment of open units of an order. The order sets them aside, which decides it; the shipment follows, from here
 * or, should this process end in between, from the delivery process.
 */
export async function createShipment(
  executor: Executor,
  id: OrderId,
  { lines, idempotencyKey }: CreateShipmentInput,
  context: CommandContext,
): Promise<ShipmentOutcome | E.Either<OrderRejection | ShipmentRejection | ExecutorRejection, never>> {
  const shipmentId = shipmentIdOf(id, idempotencyKey);
  const allotted = await executor.execute(order, orderStream(id), { type: 'AllotLines', shipmentId, lines }, context);
  if (E.isLeft(allotted)) return allotted;
  const { state } = allotted.right;
  if (state.status === 'none') throw new Error(`${id} has set units aside and is not there`);
  const { ifMatch: _, ...envelope } = context;
  return askShipment(
    executor,
    shipmentId,
    { type: 'CreateShipment', shipment: shipmentOf(state, shipmentId, lines, context.at) },
    { ...envelope, commandId: derivedCommandId('shipments', context.commandId, 'create', shipmentId) },
  );
}
