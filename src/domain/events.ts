import type * as E from 'fp-ts/lib/Either.js';
import type { Recorded } from './kernel/envelope.js';
import type { EncodedEvent, EventDecodeError } from './kernel/eventCodec.js';
import { type LocationEvent, locationEvents } from './location/events.js';
import { type OfferEvent, offerEvents } from './offer/events.js';
import { type OrderEvent, orderEvents } from './order/events.js';
import { type PaymentEvent, paymentEvents } from './payment/events.js';
import { type PickupEvent, pickupEvents } from './pickup/events.js';
import { type SettingsEvent, settingsEvents } from './settings/events.js';
import { type ShipmentEvent, shipmentEvents } from './shipment/events.js';
import { type StockEvent, stockEvents } from './stock/events.js';
import { type TaskEvent, taskEvents } from './task/events.js';
import { type TicketEvent, ticketEvents } from './ticket/events.js';

/** Every event that Comanda writes. */
export type DomainEvent =
  | OrderEvent
  | PaymentEvent
  | StockEvent
  | TicketEvent
  | PickupEvent
  | ShipmentEvent
  | OfferEvent
  | LocationEvent
  | SettingsEvent
  | TaskEvent;
/** A domain event with its place in the store, as subscriptions hand it on. */
export type RecordedEvent = Recorded<DomainEvent>;

const codecs = [
  orderEvents,
  paymentEvents,
  stockEvents,
  ticketEvents,
  pickupEvents,
  offerEvents,
  locationEvents,
  settingsEvents,
  shipmentEvents,
  taskEvents,
];
/** The name of every event that Comanda writes, or ever wrote. */
export const eventTypes = codecs.flatMap((codec): readonly DomainEvent['type'][] => codec.types);
const codecByType = new Map(codecs.flatMap((codec) => codec.types.map((type) => [type as string, codec] as const)));

/** Decodes an event of any aggregate; a type that nobody defines is a typed result. */
export function decodeDomainEvent(stored: EncodedEvent): E.Either<EventDecodeError, DomainEvent> {
  const codec = codecByType.get(stored.type);
  return codec ? codec.decode(stored) : { _tag: 'Left', left: { _tag: 'UnknownEventType', type: stored.type } };
}
