/**
 * An order service in the shape that Emmett's documentation shows for Express and EventStoreDB: a command handler that
 * reads the stream, decides and appends; a read that folds the stream. Prices come from memory, as Comanda's do.
 * Usage: server.js ESDB_URL
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { CommandHandler, type EventStore } from '@event-driven-io/emmett';
import { getEventStoreDBEventStore } from '@event-driven-io/emmett-esdb';
import {
  Created,
  getApplication,
  NotFound,
  OK,
  on,
  startAPI,
  toWeakETag,
  type WebApiSetup,
} from '@event-driven-io/emmett-expressjs';
import { EventStoreDBClient } from '@eventstore/db-client';
import { evolve, initialState, type Order, type OrderPlaced, placeOrder } from './orders.js';

interface PlaceOrderBody {
  readonly locationId: string;
  readonly mode: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

const streamOf = (orderId: string): string => `emmettOrder-${orderId}`;
const handle = CommandHandler<Order, OrderPlaced>({ evolve, initialState, mapToStreamId: streamOf });

const ordersApi =
  (eventStore: EventStore, priceOf: (sku: string) => { name: string; unitPrice: number }): WebApiSetup =>
  (router) => {
    router.post(
      '/v1/orders',
      on(async (request) => {
        const { locationId, mode, lines } = request.body as PlaceOrderBody;
        const orderId = randomUUID();
        const priced = lines.map(({ sku, quantity }) => ({ sku, quantity, ...priceOf(sku) }));
        const { nextExpectedStreamVersion } = await handle(eventStore, orderId, (state) =>
          placeOrder(
            { type: 'PlaceOrder', data: { orderId, locationId, mode, lines: priced }, metadata: { now: new Date() } },
            state,
          ),
        );
        return Created({ createdId: orderId, eTag: toWeakETag(nextExpectedStreamVersion) });
      }),
    );
    router.get(
      '/v1/orders/:id',
      on(async (request) => {
        const { state, currentStreamVersion } = await eventStore.aggregateStream<Order, OrderPlaced>(
          streamOf(String(request.params['id'])),
          { evolve, initialState },
        );
        return state.status === 'none' ? NotFound() : OK({ body: state, eTag: toWeakETag(currentStreamVersion) });
      }),
    );
  };

const [url] = process.argv.slice(2);
if (url === undefined) throw new Error('usage: server.js ESDB_URL');
const eventStore = getEventStoreDBEventStore(EventStoreDBClient.connectionString(url));
const application = getApplication({
  apis: [ordersApi(eventStore, (sku) => ({ name: `Article ${sku}`, unitPrice: 950 }))],
});
const server = startAPI(application, { port: 0 });
server.once('listening', () => {
  process.stdout.write(`READY http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
