import * as E from 'fp-ts/lib/Either.js';
import { askShipment } from '../../commands/shipment/askShipment.js';
import type { Executor } from '../../commands/executor/contract.js';
import type { ShipmentId } from '../../domain/kernel/ids.js';
import { shipmentStream } from '../../domain/kernel/streams.js';
import {
  type ExistingShipment,
  isCreated,
  representShipment,
  type Shipment,
  shipment,
  type ShipmentCommand,
} from '../../domain/shipment/index.js';
import { type Outcome, route } from '../http/route.js';
import { missing, resource } from '../http/singles.js';
import { problemOfCommand } from '../problemDetails.js';
import { shipmentId } from '../schema/ids.js';
import type { Schema } from '../schema/schema.js';
import { shipmentAnswer } from '../schema/shipment.js';

export const SHIPMENT_TAG = 'Delivery';
const answers = { 200: { description: 'The shipment as it is now', schema: shipmentAnswer, headers: ['ETag'] } };

/** By whom and when a shipment is asked for something; `key` is the same for a repeat that says so. */
interface Asked {
  readonly by: string;
  readonly at: string;
  readonly key: string;
  readonly details: ExistingShipment['details'];
}

/** Makes routes that ask one shipment for something: `POST /v1/shipments/{id}/{name}`. */
export const shipmentVerb =
  (executor: Executor) =>
  <Body>(
    name: string,
    operationId: string,
    summary: string,
    body: { readonly schema: Schema<Body>; readonly optional?: boolean; readonly description?: string },
    make: (body: Body, asked: Asked) => ShipmentCommand | Promise<ShipmentCommand>,
  ) =>
    route({
      method: 'post',
      path: `/v1/shipments/{id}/${name}`,
      operationId,
      tag: SHIPMENT_TAG,
      summary,
      ...(body.description === undefined ? {} : { description: body.description }),
      params: { id: shipmentId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key', 'Prefer'],
      body: { schema: body.schema, ...(body.optional === undefined ? {} : { optional: body.optional }) },
      answers,
      problems: ['illegal-transition', 'already-dispatched', 'revision-mismatch', 'idempotency-key-invalid'],
      handle: async ({ params: { id }, body: input, commandContext, ifMatch, idempotencyKey }) => {
        const fresh = commandContext();
        const context = ifMatch === undefined ? fresh : { ...fresh, ifMatch };
        const { state } = await executor.load(shipment, shipmentStream(id), { fresh: true });
        // asked of nothing, a cancellation would be remembered
        if (!isCreated(state)) return E.left(missing('shipment', `shipment ${id}`));
        const { actor, at, commandId } = context;
        const asked = { by: actor.id, at, key: idempotencyKey ?? commandId, details: state.details };
        const outcome = await askShipment(executor, id, await make(input, asked), context);
        return E.isLeft(outcome)
          ? E.left(problemOfCommand(outcome.left, { what: 'shipment', id }))
          : shown(id, outcome.right);
      },
    });

function shown(
  id: ShipmentId,
  {
    state,
    revision,
    events,
  }: { readonly state: Shipment; readonly revision: number; readonly events: readonly unknown[] },
): Outcome {
  const view = representShipment(state, revision);
  if (!view) return E.left(missing('shipment', `shipment ${id}`));
  return E.right(events.length > 0 ? resource(view) : { ...resource(view), nothingNew: 'by-state' });
}
