import type { LocationId, OrderId, PaymentId, ShipmentId, Sku, TaskId, TicketId } from './ids.js';

/** The name of a stream: category, dash, id. */
export type StreamName = `${string}-${string}`;

export const orderStream = (id: OrderId): StreamName => `order-${id}`;
export const paymentStream = (id: PaymentId): StreamName => `payment-${id}`;
export const taskStream = (id: TaskId): StreamName => `task-${id}`;
export const ticketStream = (id: TicketId): StreamName => `ticket-${id}`;
/** @param businessDate `YYYY-MM-DD` */
export const pickupCounterStream = (location: LocationId, businessDate: string): StreamName =>
  `pickupCounter-${encodeNamePart(location)}_${businessDate}`;
export const shipmentStream = (id: ShipmentId): StreamName => `shipment-${id}`;
export const stockStream = (sku: Sku, location: LocationId): StreamName =>
  `stock-${encodeNamePart(sku)}_${encodeNamePart(location)}`;
export const offerStream = (sku: Sku): StreamName => `offer-${encodeNamePart(sku)}`;
/** The settings of the whole house are one stream. */
export const SETTINGS_STREAM: StreamName = 'settings-main';
export const locationStream = (id: LocationId): StreamName => `location-${encodeNamePart(id)}`;

/** The category of a stream: everything before its first dash, as EventStoreDB's own projections split it. */
export const categoryOf = (stream: string): string => stream.slice(0, Math.max(0, stream.indexOf('-')));

/**
 * Percent-encodes what comes from outside into a stream name, `_` too: the name stays ASCII, two never meet,
 * and none begins with `$`.
 */
function encodeNamePart(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[_!'()*]/g,
    (symbol) => `%${symbol.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
