import * as E from 'fp-ts/lib/Either.js';
import { isId } from '../../domain/kernel/ids.js';
import { orderStream, shipmentStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import { representShipment, shipment } from '../../domain/shipment/index.js';
import type { ShipmentListKey } from '../../projections/shipments/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Route, route } from '../http/route.js';
import { found, missing, PRIVATE, viewOrFold } from '../http/singles.js';
import { orderId, shipmentId } from '../schema/ids.js';
import { shipmentAnswer, shipmentState } from '../schema/shipment.js';
import { page } from '../schema/page.js';
import { text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { list, object } from '../schema/structures.js';

const TAG = 'Delivery';
const DEFAULT_LIMIT = 25;

/** What is sent, and how far it has come. */
export function shipmentReadingRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, clock } = deps;
  const places = cursors(deps.secret, 'shipments', isPlace, () => Date.parse(clock.now()));
  return [
    route({
      method: 'get',
      path: '/v1/orders/{id}/shipments',
      operationId: 'listShipments',
      tag: TAG,
      summary: 'The shipments of an order, in the order in which they were made',
      params: { id: orderId },
      query: {},
      headers: [],
      answers: {
        200: { description: 'The shipments', schema: object({ items: list(shipmentAnswer) }) },
      },
      problems: [],
      handle: async ({ params: { id } }) => {
        const { state } = await executor.load(order, orderStream(id), { fresh: true });
        if (state.status === 'none') return E.left(missing('order', `order ${id}`));
        const folded = await Promise.all(
          state.shipments.map(({ shipmentId: one }) => executor.load(shipment, shipmentStream(one), { fresh: true })),
        );
        const items = folded.flatMap((one) => representShipment(one.state, one.revision) ?? []);
        return E.right({ status: 200, body: { items }, headers: PRIVATE });
      },
    }),
    route({
      method: 'get',
      path: '/v1/shipments',
      operationId: 'listAllShipments',
      tag: TAG,
      summary: 'Shipments, newest first',
      params: {},
      query: {
        state: { schema: shipmentState, repeatable: true },
        orderId: { schema: orderId },
        limit: { schema: decimalText(1, 100) },
        cursor: { schema: text(2000) },
      },
      headers: [],
      answers: { 200: { description: 'Shipments', schema: page('ShipmentPage', shipmentAnswer) } },
      problems: ['invalid-cursor'],
      handle: async ({ query: { state, orderId: of, limit = DEFAULT_LIMIT, cursor }, url }) => {
        const filter = { state: state ? [...new Set(state)].sort() : null, orderId: of ?? null };
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, filter);
        if (E.isLeft(after)) return after;
        const { items, next, asOf, lagMs } = await deps.shipments.shipmentsPage({
          limit,
          ...(state === undefined ? {} : { state }),
          ...(of === undefined ? {} : { orderId: of }),
          ...(after.right === undefined ? {} : { cursor: after.right }),
        });
        return E.right(pageAnswer(url, { items, asOf, lagMs }, next && places.write(next, filter)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/shipments/{id}',
      operationId: 'getShipment',
      tag: TAG,
      summary: 'One shipment',
      params: { id: shipmentId },
      query: {},
      headers: ['If-None-Match'],
      answers: {
        200: { description: 'The shipment as it is now', schema: shipmentAnswer, headers: ['ETag'] },
        304: { description: 'Unchanged' },
      },
      problems: [],
      handle: async ({ params: { id } }) =>
        found(
          await viewOrFold(
            deps.log,
            () => deps.shipments.shipmentById(id),
            async () => {
              const { state, revision } = await executor.load(shipment, shipmentStream(id), { fresh: true });
              return representShipment(state, revision);
            },
          ),
          'shipment',
          `shipment ${id}`,
        ),
    }),
  ];
}

function isPlace(value: unknown): value is ShipmentListKey {
  if (typeof value !== 'object' || value === null) return false;
  const { createdAt, id } = value as Partial<Record<string, unknown>>;
  return typeof createdAt === 'string' && isId('shipment', id);
}
