import * as E from 'fp-ts/lib/Either.js';
import { changeDelivery } from '../../commands/order/changeDelivery.js';
import { createShipment } from '../../commands/shipment/createShipment.js';
import { representShipment } from '../../domain/shipment/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { resource } from '../http/singles.js';
import { problemOfCommand } from '../problemDetails.js';
import { problem } from '../problems/problem.js';
import { invalidField } from '../problems/validation.js';
import { lineQuantities } from '../schema/amounts.js';
import { orderId } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { shipmentAnswer } from '../schema/shipment.js';
import { address, contact } from '../schema/person.js';
import { dateTime, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { answer } from './orderDeciding.js';
import { SHIPMENT_TAG as TAG, shipmentVerb } from './shipmentVerb.js';

const reason = text(200);
const empty = object({});

/** What the staff do with shipments, and where these go. */
export function shipmentRoutes({ executor, personalData, catalogue, clock }: ApiDependencies): readonly Route[] {
  const verb = shipmentVerb(executor);

  return [
    route({
      method: 'put',
      path: '/v1/orders/{id}/delivery',
      operationId: 'changeDelivery',
      tag: TAG,
      summary: 'Send an order to somebody else, or elsewhere, or at another time',
      description:
        'Until something of it has left. What is not named stays as it is. Another time is asked for as that of a new order: ' +
        'somebody is there then, orders are taken, and the kitchen has room (`kitchen-full` says when it has), or has begun ' +
        'already.',
      params: { id: orderId },
      query: {},
      headers: ['If-Match'],
      body: { schema: object({}, { contact, address, promisedAt: dateTime }) },
      answers: { 200: { description: 'The order', schema: orderAnswer, headers: ['ETag', 'Comanda-Position'] } },
      problems: [
        'illegal-transition',
        'already-dispatched',
        'location-closed',
        'ordering-paused',
        'kitchen-full',
        'address-not-served',
        'revision-mismatch',
        'precondition-required',
      ],
      handle: async ({ params: { id }, body: { promisedAt, ...person }, ifMatch, commandContext }) => {
        if (ifMatch === undefined) {
          return E.left(problem('precondition-required', "send If-Match with the order's ETag, or *"));
        }
        if (promisedAt === undefined && Object.keys(person).length === 0) {
          return E.left(invalidField('', 'missing', 'give a contact, an address or a time'));
        }
        if (promisedAt !== undefined && Date.parse(promisedAt) <= Date.parse(clock.now())) {
          return E.left(invalidField('/promisedAt', 'in-the-past', 'that time is over'));
        }
        const when = promisedAt === undefined ? {} : { promisedAt: new Date(promisedAt).toISOString() };
        return answer(
          id,
          await changeDelivery(
            { executor, personalData, catalogue },
            id,
            { ...person, ...when, by: 'staff' },
            { ...commandContext(), ifMatch },
          ),
        );
      },
    }),
    route({
      method: 'post',
      path: '/v1/orders/{id}/shipments',
      operationId: 'createShipment',
      tag: TAG,
      summary: 'Make a shipment of open units of an order',
      params: { id: orderId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key', 'Prefer'],
      needsIdempotencyKey: true,
      body: { schema: object({ lines: lineQuantities }) },
      answers: {
        201: { description: 'The shipment', schema: shipmentAnswer, headers: ['ETag', 'Location'] },
      },
      problems: [
        'quantity-not-available',
        'illegal-transition',
        'revision-mismatch',
        'idempotency-key-missing',
        'idempotency-key-invalid',
      ],
      handle: async ({ params: { id }, body: { lines }, idempotencyKey = '', ifMatch, commandContext }) => {
        const context = { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) };
        const outcome = await createShipment(executor, id, { lines, idempotencyKey }, context);
        if (E.isLeft(outcome)) return E.left(problemOfCommand(outcome.left, { what: 'order', id }));
        const view = representShipment(outcome.right.state, outcome.right.revision);
        if (!view) throw new Error(`${id} has a shipment that is not there`);
        const answer = resource(view, { status: 201, headers: { Location: `/v1/shipments/${view.id}` } });
        return E.right(outcome.right.events.length > 0 ? answer : { ...answer, nothingNew: 'by-key' });
      },
    }),
    verb('pack', 'packShipment', 'It is in its box', { schema: empty, optional: true }, (_, { by, at }) => ({
      type: 'PackShipment',
      by,
      at,
    })),
    verb(
      'dispatch',
      'dispatchShipment',
      'It has left',
      {
        schema: object(
          {},
          {
            carrier: described(text(40), 'Absent: whose label it carries, or our own courier'),
            trackingNo: text(60),
            service: text(40),
          },
        ),
        optional: true,
      },
      (body, { by, at }) => ({ type: 'DispatchShipment', by, at, ...body }),
    ),
    verb(
      'deliver',
      'deliverShipment',
      'Whoever it is for has it',
      { schema: object({}, { proof: text(200), reason }), optional: true },
      (body, { by, at }) => ({ type: 'DeliverShipment', by, at, ...body }),
    ),
    verb(
      'attempts',
      'failDelivery',
      'Somebody stood before the door in vain',
      { schema: object({ reason }) },
      (body, { by, at, key }) => ({ type: 'FailAttempt', attemptId: key, by, at, ...body }),
    ),
    verb('return', 'returnShipment', 'It is back', { schema: object({ reason }) }, (body, { by, at }) => ({
      type: 'ReturnToSender',
      by,
      at,
      ...body,
    })),
    verb('loss', 'loseShipment', 'Nobody knows where it is', { schema: object({ reason }) }, (body, { by, at }) => ({
      type: 'MarkLost',
      by,
      at,
      ...body,
    })),
    verb(
      'cancellation',
      'cancelShipment',
      'Take it back before it leaves; its units are free again',
      { schema: object({ reason }) },
      (body, { by, at, details }) => ({ type: 'CancelShipment', orderId: details.orderId, by, at, ...body }),
    ),
  ];
}
