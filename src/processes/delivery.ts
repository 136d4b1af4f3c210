import { shipmentIdOf, ticketIdOf } from '../commands/identity.js';
import { shipmentOf } from '../commands/shipment/shipmentOf.js';
import type { RecordedEvent } from '../domain/events.js';
import type { ShipmentId } from '../domain/kernel/ids.js';
import type { Sealed } from '../domain/kernel/sealed.js';
import { orderStream, shipmentStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, openQty, order } from '../domain/order/index.js';
import {
  type ExistingShipment,
  isCreated,
  OWN_COURIER,
  shipment,
  type ShipmentEvent,
} from '../domain/shipment/index.js';
import type { Ticket } from '../domain/ticket/index.js';
import { waitForTicket } from './callingOff.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, type Step, toOrder, toShipment } from './engine/step.js';
import { movePromise, PROMISE_MOVER, ticketToMove } from './newPromise.js';
import { orderAt, reservationOf, shipmentIdIn, toStockOf } from './orderLines.js';

const NAME = PROMISE_MOVER;

type State =
  /** With the ticket that is to be promised for another time, if there is one, and where it is to be brought by now. */
  | {
      readonly of: 'order';
      readonly order: ExistingOrder;
      readonly moved?: Ticket | undefined;
      readonly address?: Sealed | undefined;
    }
  /** As the shipment stood just after the event, and its order as it was placed. */
  | { readonly of: 'shipment'; readonly shipment: ExistingShipment; readonly order: ExistingOrder }
  /** Taken back before it was there. */
  | { readonly of: 'nothing' };

const OF_ORDERS: ReadonlySet<string> = new Set(['OrderConfirmed', 'LinesAllotted', 'DeliveryChanged']);
const OF_SHIPMENTS: ReadonlySet<string> = new Set<ShipmentEvent['type']>([
  'ShipmentCreated',
  'ShipmentDispatched',
  'ShipmentDelivered',
  'ReturnedToSender',
  'ShipmentLost',
  'ShipmentCancelled',
]);

/**
 * Delivery: what is not made in the kitchen. Units that an order sets aside become a shipment; what happens to the shipment
 * becomes progress of the order and consumption of its stock, which is used up when it leaves. What is digital is handed
 * over as soon as it is paid for. What a kitchen has handed to the courier has left as soon as it is a shipment. Another time or
 * place that an order is to be brought to is told to whoever has it.
 */
export const delivery: ProcessManager<State> = {
  name: NAME,
  wants: (type) => OF_ORDERS.has(type) || OF_SHIPMENTS.has(type),
  key: (event) => event.stream,
  load: async (event, folds, related) => {
    if (OF_ORDERS.has(event.event.type)) {
      const its = await orderAt(event, folds);
      if (event.event.type !== 'DeliveryChanged') return { of: 'order', order: its };
      // heard late, it overturns nothing that was said since; that the kitchen follows what it heard before says nothing new
      const now = await related.latest(order, orderStream(its.details.orderId));
      if (now.status === 'none') return { of: 'order', order: its };
      const isStillWished = now.promises === its.promises;
      const moved = isStillWished ? await ticketToMove(event, its, related) : undefined;
      return { of: 'order', order: its, moved, address: now.address };
    }
    const state = await folds.at(shipment, event.stream, event.revision);
    if (!isCreated(state)) return { of: 'nothing' };
    const stream = `order-${state.details.orderId}` as const;
    const known = await related.known(order, stream);
    const its = known.status === 'none' ? await related.latest(order, stream) : known;
    if (its.status === 'none') throw new Error(`${event.stream} belongs to an order that does not exist`);
    return { of: 'shipment', shipment: state, order: its };
  },
  react: (recorded, state) => {
    switch (state.of) {
      case 'order':
        return [...aboutOrder(recorded, state), ...movePromise(recorded, state.order, state.moved)];
      case 'shipment':
        return aboutShipment(recorded, state);
      case 'nothing':
        return withdrawn(recorded);
    }
  },
  settle: (_recorded, _state, outcomes) => waitForTicket(outcomes),
};

function aboutOrder(
  { event, meta }: RecordedEvent,
  { order: state, address }: Extract<State, { of: 'order' }>,
): readonly Step[] {
  const { details } = state;
  switch (event.type) {
    case 'OrderConfirmed': {
      const open = state.lines
        .map((line) => ({ lineId: line.lineId, qty: openQty(line) }))
        .filter(({ qty }) => qty > 0);
      if (details.mode === 'shipping') {
        const shipLines = open.map(({ lineId }) => lineId);
        return [toOrder(details.orderId, 'start', { type: 'StartFulfilment', tickets: [], shipLines })];
      }
      if (details.mode !== 'digital') return [];
      return [
        ...consume(state, open, details.orderId),
        toOrder(details.orderId, 'fulfilled', {
          type: 'RecordLinesFulfilled',
          by: details.orderId,
          lines: open,
          how: 'digital',
          at: meta.at,
          openOnly: true,
        }),
      ];
    }
    case 'LinesAllotted': {
      const { shipmentId, lines } = event.data;
      return [
        toShipment(shipmentId, 'create', {
          type: 'CreateShipment',
          shipment: shipmentOf(state, shipmentId, lines, meta.at),
        }),
      ];
    }
    case 'DeliveryChanged': {
      if (event.data.address === undefined || address === undefined) return [];
      return state.shipments
        .filter(({ state: at }) => at === 'allotted')
        .map(({ shipmentId }) =>
          toShipment(shipmentId, 'readdress', {
            type: 'ReaddressShipment',
            deliverTo: address,
            by: meta.actor.id,
          }),
        );
    }
    default:
      return [];
  }
}

function aboutShipment(
  { event }: RecordedEvent,
  { shipment: { details }, order: its }: Extract<State, { of: 'shipment' }>,
): readonly Step[] {
  const { shipmentId, orderId, lines } = details;
  switch (event.type) {
    case 'ShipmentCreated':
      return shipmentId === shipmentIdOf(orderId, ticketIdOf(orderId, details.locationId))
        ? [
            toShipment(shipmentId, 'dispatch', {
              type: 'DispatchShipment',
              // who brings what the kitchen makes
              carrier: OWN_COURIER,
              by: NAME,
              at: details.createdAt,
            }),
          ]
        : [];
    case 'ShipmentDispatched': {
      const { carrier, trackingNo } = event.data;
      return [
        // what a kitchen made was used up there
        ...(its.details.mode === 'shipping' ? consume(its, lines, shipmentId) : []),
        toOrder(orderId, 'dispatched', {
          type: 'RecordDispatch',
          shipmentId,
          carrier,
          ...(trackingNo === undefined ? {} : { trackingNo }),
        }),
      ];
    }
    case 'ShipmentDelivered':
      return [
        toOrder(orderId, 'fulfilled', {
          type: 'RecordLinesFulfilled',
          by: shipmentId,
          lines: lines.map(({ lineId, qty }) => ({ lineId, qty })),
          how: 'delivered',
          at: event.data.at,
          // one that was given up for lost has arrived all the same: of its units some may have been called off, or sent anew
          openOnly: true,
        }),
      ];
    case 'ReturnedToSender':
      return [toOrder(orderId, 'released', { type: 'RecordRelease', shipmentId, why: 'returned' })];
    case 'ShipmentLost':
      return [toOrder(orderId, 'released', { type: 'RecordRelease', shipmentId, why: 'lost' })];
    case 'ShipmentCancelled':
      return [toOrder(orderId, 'released', { type: 'RecordRelease', shipmentId, why: 'cancelled' })];
    default:
      return [];
  }
}

function withdrawn(recorded: RecordedEvent): readonly Step[] {
  const { event } = recorded;
  if (event.type !== 'ShipmentCancelled') return [];
  const shipmentId = shipmentIdIn(recorded);
  return [toOrder(event.data.orderId, 'released', { type: 'RecordRelease', shipmentId, why: 'cancelled' })];
}

/** Uses up the stock of these units, as far as stock is kept for them. */
function consume(
  { details }: ExistingOrder,
  lines: readonly { readonly lineId: string; readonly qty: number }[],
  by: string,
): readonly CommandStep[] {
  return lines.flatMap(({ lineId, qty }) => {
    const line = details.lines.find((one) => one.lineId === lineId && one.track);
    if (line === undefined) return [];
    return [
      toStockOf(details, line, 'consume', {
        type: 'ConsumeReservation',
        reservationId: reservationOf(details, line),
        orderId: details.orderId,
        qty,
        by,
      }),
    ];
  });
}

/** The steps that take back whatever of an order has not left; none where everything has. */
export const takeBack = (
  { shipments, details }: ExistingOrder,
  { meta }: RecordedEvent,
  reason: string,
): readonly CommandStep[] =>
  shipments
    .filter(({ state }) => state === 'allotted')
    .map(({ shipmentId }) =>
      toShipment(shipmentId, takeBackOf(shipmentId), {
        type: 'CancelShipment',
        orderId: details.orderId,
        reason,
        by: meta.actor.id,
        at: meta.at,
      }),
    );

export const takeBackOf = (shipmentId: ShipmentId): string => `cancel ${shipmentStream(shipmentId)}`;
