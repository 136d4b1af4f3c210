import { decodeStored } from '../../../src/commands/replay/index.js';
import type { Aggregate, RejectionShape } from '../../../src/domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../../src/domain/kernel/envelope.js';
import {
  locationStream,
  offerStream,
  orderStream,
  paymentStream,
  shipmentStream,
  stockStream,
} from '../../../src/domain/kernel/streams.js';
import { location, representLocation } from '../../../src/domain/location/index.js';
import { offer, type OfferView, representOffer } from '../../../src/domain/offer/index.js';
import { order, type OrderView, representOrder } from '../../../src/domain/order/index.js';
import { payment, type PaymentView, representPayment } from '../../../src/domain/payment/index.js';
import { representShipment, shipment, type ShipmentView } from '../../../src/domain/shipment/index.js';
import { representStock, stock } from '../../../src/domain/stock/index.js';
import { representTask, task, type TaskView } from '../../../src/domain/task/index.js';
import { representTicket, ticket, type TicketView } from '../../../src/domain/ticket/index.js';
import type { UnpaidOrders } from '../../../src/processes/ports/unpaidOrders.js';
import type { CatalogueQueries } from '../../../src/projections/catalogue/queries.js';
import type { KitchenQueries } from '../../../src/projections/kitchen/queries.js';
import { isOnBoard } from '../../../src/projections/kitchen/projection.js';
import type { OrderFilter, OrderQueries } from '../../../src/projections/order/queries.js';
import { searchWords, wordsOfOrder } from '../../../src/projections/order/searchWords.js';
import type { PaymentQueries } from '../../../src/projections/payments/queries.js';
import type { ShipmentQueries } from '../../../src/projections/shipments/queries.js';
import type { StockQueries } from '../../../src/projections/stock/queries.js';
import type { TaskQueries } from '../../../src/projections/tasks/queries.js';
import type { InMemoryEventStore } from './eventStore.js';

/** The read models' queries, answered by folding the streams of a store in memory: always caught up. */
export interface Views {
  readonly orders: OrderQueries;
  readonly stock: StockQueries;
  readonly kitchen: KitchenQueries;
  readonly offers: CatalogueQueries;
  readonly payments: PaymentQueries;
  readonly tasks: TaskQueries;
  readonly shipments: ShipmentQueries;
}

const FRESH = { asOf: '2026-01-01T00:00:00.000Z', lagMs: 0 };

export function inMemoryViews(store: InMemoryEventStore): Views {
  const orders = (): OrderView[] => present(store, 'order', order, representOrder);
  const tickets = (): TicketView[] => present(store, 'ticket', ticket, representTicket);
  const offers = (): OfferView[] => present(store, 'offer', offer, representOffer);
  const payments = (): PaymentView[] => present(store, 'payment', payment, representPayment);
  const tasks = (): TaskView[] => present(store, 'task', task, representTask);
  const shipments = (): ShipmentView[] => present(store, 'shipment', shipment, representShipment);
  return {
    orders: {
      orderById: (id) => settle(() => one(store, orderStream(id), order, representOrder)),
      orderTextById: (id) =>
        settle(() => {
          const view = one(store, orderStream(id), order, representOrder);
          return view && { revision: view.revision, json: JSON.stringify(view) };
        }),
      orderByNumber: (number) => settle(() => orders().find((view) => view.number === number)),
      ordersPage: ({ limit, cursor, oldestFirst = false, ...filter }) =>
        settle(() => {
          const key = (view: { placedAt: string; id: string }): string => `${view.placedAt} ${view.id}`;
          const sign = oldestFirst ? 1 : -1;
          const compare = (a: { placedAt: string; id: string }, b: { placedAt: string; id: string }): number =>
            key(a) === key(b) ? 0 : key(a) < key(b) ? -sign : sign;
          const matching = orders()
            .filter((view) => matches(view, filter))
            .filter((view) => !cursor || compare(view, cursor) > 0)
            .sort(compare);
          const items = matching.slice(0, limit);
          const last = items.at(-1);
          const next = matching.length > limit && last ? { next: { placedAt: last.placedAt, id: last.id } } : {};
          return { items, ...next, ...FRESH };
        }),
      shownUpTo: () => Promise.resolve(BigInt(store.size)),
    },
    stock: {
      stockPage: ({ sku, locationId, limit, cursor }) =>
        settle(() => {
          const place = (view: { sku: string; locationId: string }): string => `${view.sku} ${view.locationId}`;
          const matching = present(store, 'stock', stock, representStock)
            .filter((view) => sku === undefined || view.sku === sku)
            .filter((view) => locationId === undefined || view.locationId === locationId)
            .filter((view) => !cursor || place(view) > place(cursor))
            .sort((a, b) => (place(a) < place(b) ? -1 : 1));
          const items = matching.slice(0, limit);
          const last = items.at(-1);
          const next = matching.length > limit && last ? { next: { sku: last.sku, locationId: last.locationId } } : {};
          return { items, ...next, ...FRESH };
        }),
      stockLevel: (sku, id) => settle(() => one(store, stockStream(sku, id), stock, representStock)),
    },
    kitchen: {
      board: () =>
        settle(() => ({
          position: String(store.size),
          tickets: new Map(
            tickets()
              .filter(isOnBoard)
              .map((view) => [view.id, { version: String(view.revision), view }]),
          ),
          more: false,
        })),
      ticketsByState: (state, limit = 200) =>
        settle(() =>
          tickets()
            .filter(inState(state === undefined ? undefined : [state].flat()))
            .slice(0, limit),
        ),
      ticketsPage: ({ state, station, limit = 200 }) =>
        settle(() => ({
          items: tickets()
            .filter(inState(state === undefined ? undefined : [state].flat()))
            .filter(({ items }) => station === undefined || items.some((item) => item.station === station))
            .slice(0, limit),
          ...FRESH,
        })),
      ticketById: (id) => settle(() => tickets().find((view) => view.id === id)),
    },
    payments: {
      paymentById: (id) => settle(() => one(store, paymentStream(id), payment, representPayment)),
      paymentsOfOrder: (id) =>
        settle(() =>
          payments()
            .filter(({ orderId }) => orderId === id)
            .sort((a, b) => a.ordinal - b.ordinal),
        ),
    },
    tasks: {
      tasksPage: ({ state, kind, orderId, limit, cursor }) =>
        settle(() => {
          const place = (view: { openedAt: string; id: string }): string => `${view.openedAt} ${view.id}`;
          const matching = tasks()
            .filter((view) => view.state === state && (kind?.includes(view.kind) ?? true))
            .filter(({ about }) => orderId === undefined || about.orderId === orderId)
            .filter((view) => !cursor || place(view) < place(cursor))
            .sort((a, b) => (place(a) < place(b) ? 1 : -1));
          const items = matching.slice(0, limit);
          const last = items.at(-1);
          const next = matching.length > limit && last ? { next: { openedAt: last.openedAt, id: last.id } } : {};
          return { items, ...next, ...FRESH };
        }),
    },
    shipments: {
      shipmentById: (id) => settle(() => one(store, shipmentStream(id), shipment, representShipment)),
      shipmentsPage: ({ state, orderId, limit, cursor }) =>
        settle(() => {
          const place = (view: { createdAt: string; id: string }): string => `${view.createdAt} ${view.id}`;
          const matching = shipments()
            .filter((view) => state?.includes(view.state) ?? true)
            .filter((view) => orderId === undefined || view.orderId === orderId)
            .filter((view) => !cursor || place(view) < place(cursor))
            .sort((a, b) => (place(a) < place(b) ? 1 : -1));
          const items = matching.slice(0, limit);
          const last = items.at(-1);
          const next = matching.length > limit && last ? { next: { createdAt: last.createdAt, id: last.id } } : {};
          return { items, ...next, ...FRESH };
        }),
    },
    offers: {
      offerBySku: (sku) => settle(() => one(store, offerStream(sku), offer, representOffer)),
      offersPage: ({ limit, cursor }) =>
        settle(() => {
          const matching = offers()
            .filter(({ sku }) => !cursor || sku > cursor.sku)
            .sort((a, b) => (a.sku < b.sku ? -1 : 1));
          const items = matching.slice(0, limit);
          const last = items.at(-1);
          return { items, ...(matching.length > limit && last ? { next: { sku: last.sku } } : {}), ...FRESH };
        }),
      locationsPage: ({ limit, after }) =>
        settle(() => {
          const all = present(store, 'location', location, representLocation);
          const matching = all.filter(({ locationId }) => after === undefined || locationId > after);
          const items = matching.slice(0, limit);
          const last = items.at(-1);
          return { items, ...(matching.length > limit && last ? { next: last.locationId } : {}), ...FRESH };
        }),
      locationById: (id) => settle(() => one(store, locationStream(id), location, representLocation)),
    },
  };
}

/** Orders that nobody has paid yet, as the order view has them. */
export const inMemoryUnpaidOrders = (store: InMemoryEventStore): UnpaidOrders => ({
  shows: () => Promise.resolve(true),
  withArticle: (sku, locationId) =>
    settle(() =>
      present(store, 'order', order, representOrder)
        .filter(({ status }) => status === 'placed' || status === 'awaiting_payment')
        .filter((view) => locationId === undefined || view.locationId === locationId)
        .filter(({ lines }) => lines.some((line) => line.sku === sku && line.quantity > line.cancelled))
        .map((view) => ({
          orderId: view.id,
          locationId: view.locationId,
          ...(view.promisedAt === undefined ? {} : { promisedAt: view.promisedAt }),
        })),
    ),
});

const inState = (states: readonly string[] | undefined) => (view: TicketView) =>
  states ? states.includes(view.state) : isOnBoard(view);

const settle = <T>(read: () => T): Promise<T> => Promise.resolve().then(read);

function one<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape, View>(
  store: InMemoryEventStore,
  stream: string,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  represent: (state: State, revision: number) => View | undefined,
): View | undefined {
  const events = store.events(stream).map((stored) => decodeStored(aggregate.codec, stored));
  const state = events.reduce((before, { event }) => aggregate.evolve(before, event), aggregate.initial);
  return represent(state, events.length - 1);
}

function present<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape, View>(
  store: InMemoryEventStore,
  category: string,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  represent: (state: State, revision: number) => View | undefined,
): View[] {
  return store.names(category).flatMap((stream) => one(store, stream, aggregate, represent) ?? []);
}

function matches(view: OrderView, filter: OrderFilter): boolean {
  const { status, payment, fulfilment, mode, channel, locationId, merchantOrderNo, placedFrom, placedTo, text } =
    filter;
  const words = wordsOfOrder(view);
  return (
    (status?.includes(view.status) ?? true) &&
    (payment?.includes(view.payment.status) ?? true) &&
    (fulfilment?.includes(view.fulfilment.status) ?? true) &&
    (mode?.includes(view.mode) ?? true) &&
    (channel?.includes(view.channel) ?? true) &&
    (locationId?.includes(view.locationId) ?? true) &&
    (merchantOrderNo === undefined || view.merchantOrderNo === merchantOrderNo) &&
    (placedFrom === undefined || Date.parse(view.placedAt) >= Date.parse(placedFrom)) &&
    (placedTo === undefined || Date.parse(view.placedAt) < Date.parse(placedTo)) &&
    (text === undefined || searchWords(text).every((wanted) => words.some((word) => word.startsWith(wanted))))
  );
}
