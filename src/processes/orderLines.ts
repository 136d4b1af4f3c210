import { reservationIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import {
  isId,
  type LineId,
  type OrderId,
  type PaymentId,
  type ReservationId,
  type ShipmentId,
  type TicketId,
} from '../domain/kernel/ids.js';
import { type ExistingOrder, order, type OrderFacts } from '../domain/order/index.js';
import { orderStream } from '../domain/kernel/streams.js';
import type { StockCommand } from '../domain/stock/commands.js';
import type { Folds } from '../subscriptions/contract.js';
import type { Related } from './engine/related.js';
import { type CommandStep, toStock } from './engine/step.js';

/** An order as it was placed, and the lines that came since: none of this ever changes afterwards. */
export type OrderDetails = OrderFacts['details'];
export type Line = OrderDetails['lines'][number];

/** The order that an event of its own stream belongs to, as it stood just after that event. */
export async function orderAt(event: RecordedEvent, folds: Folds): Promise<ExistingOrder> {
  const state = await folds.at(order, event.stream, event.revision);
  if (state.status === 'none') throw new Error(`${event.stream} has no order at revision ${event.revision}`);
  return state;
}

/** An order as it was placed, asked for by what belongs to it: `of` is the stream of that; with these lines at least. */
export async function placedOrder(
  orderId: OrderId,
  of: string,
  related: Related,
  lines: readonly LineId[] = [],
): Promise<OrderDetails> {
  const stream = orderStream(orderId);
  const known = await related.known(order, stream);
  const isKnown = known.status !== 'none' && lines.every((id) => known.lines.some(({ lineId }) => lineId === id));
  const placed = !isKnown ? await related.latest(order, stream) : known;
  if (placed.status === 'none') throw new Error(`${of} belongs to an order that does not exist`);
  return placed.details;
}

/** The lines that stock is kept for, in the order of their skus, so that the same order leads to the same steps whenever it is looked at. */
export const trackedLines = ({ lines }: Pick<OrderDetails, 'lines'>): readonly Line[] =>
  lines.filter(({ track }) => track).sort((a, b) => compare(a.sku, b.sku) || compare(a.lineId, b.lineId));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const reservationOf = (details: OrderDetails, line: Pick<Line, 'lineId'>): ReservationId =>
  reservationIdOf(details.orderId, line.lineId);

/** The step to one line's stock item; its name is made unique by the line, for two lines may share an item. */
export const toStockOf = (details: OrderDetails, line: Line, name: string, command: StockCommand): CommandStep =>
  toStock(line.sku, details.locationId, stepName(name, line), command);

export const stepName = (name: string, line: Pick<Line, 'lineId'>): string => `${name} ${line.lineId}`;

export type ReleaseReason = Extract<StockCommand, { type: 'ReleaseReservation' }>['why'];

/** Gives back the reservations of these lines, whether they were ever made or not: a reserve that comes later is then refused. */
export const release = (details: OrderDetails, lines: readonly Line[], why: ReleaseReason): readonly CommandStep[] =>
  lines.map((line) =>
    toStockOf(details, line, 'release', {
      type: 'ReleaseReservation',
      reservationId: reservationOf(details, line),
      orderId: details.orderId,
      why,
    }),
  );

const idIn = <Kind extends 'order' | 'payment' | 'ticket' | 'shipment'>(kind: Kind, stream: string) => {
  const id = stream.slice(kind.length + 1);
  if (!stream.startsWith(`${kind}-`) || !isId(kind, id)) throw new Error(`${stream} is no stream of ${kind}s`);
  return id;
};
export const orderIdIn = (event: RecordedEvent): OrderId => idIn('order', event.stream);
export const paymentIdIn = (event: RecordedEvent): PaymentId => idIn('payment', event.stream);
export const shipmentIdIn = (event: RecordedEvent): ShipmentId => idIn('shipment', event.stream);
export const ticketIdIn = (event: RecordedEvent): TicketId => idIn('ticket', event.stream);
