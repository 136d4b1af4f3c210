import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { LineIdCodec, LocationIdCodec, OrderIdCodec, ShipmentIdCodec, SkuCodec } from '../kernel/ids.js';
import { AddressCodec } from '../kernel/person.js';
import { SealedCodec } from '../kernel/sealed.js';

/** Units of one line that travel together. */
const ShippedLineCodec = t.type({ lineId: LineIdCodec, sku: SkuCodec, name: t.string, qty: t.number });

export const CarrierStatusCodec = t.keyof({
  in_transit: null,
  out_for_delivery: null,
  attempt_failed: null,
  delivered: null,
  returned: null,
  lost: null,
});
/** What a carrier says of a parcel, in our words. */
export type CarrierStatus = t.TypeOf<typeof CarrierStatusCodec>;

const ParcelCodec = t.intersection([
  /** In grams. */
  t.type({ weight: t.number }),
  /** In millimetres. */
  t.partial({ length: t.number, width: t.number, height: t.number }),
]);
/** One piece of a shipment, as a carrier wants to know it. */
export type Parcel = t.TypeOf<typeof ParcelCodec>;

const SenderCodec = t.intersection([
  t.type({ locationId: LocationIdCodec, name: t.string }),
  t.partial({ address: AddressCodec }),
]);
/** Where a carrier fetches it. */
export type Sender = t.TypeOf<typeof SenderCodec>;

/** When it happened (RFC 3339, UTC, milliseconds) and who said so: a person, or `carrier/{name}`. */
const told = { at: t.string, by: t.string };

const definitions = {
  ShipmentCreated: {
    v: 1,
    data: t.intersection([
      t.type({
        shipmentId: ShipmentIdCodec,
        orderId: OrderIdCodec,
        orderNumber: t.string,
        locationId: LocationIdCodec,
        lines: t.readonlyArray(ShippedLineCodec),
        createdAt: t.string,
      }),
      /** Name, address and phone of who gets it. */
      t.partial({ deliverTo: SealedCodec }),
    ]),
  },
  /** It goes elsewhere than was said first. */
  ShipmentReaddressed: { v: 1, data: t.type({ deliverTo: SealedCodec, by: t.string }) },
  /** A carrier is asked for a label. Its answer comes later, or never. */
  LabelRequested: {
    v: 1,
    data: t.intersection([
      t.type({ bookingId: t.string, carrier: t.string, parcels: t.readonlyArray(ParcelCodec), from: SenderCodec }),
      t.type(told),
      t.partial({ service: t.string }),
    ]),
  },
  /** The carrier has sold the label. `labelRef` is where it keeps what is to be printed. */
  LabelBought: {
    v: 1,
    data: t.intersection([
      t.type({ bookingId: t.string, carrier: t.string, carrierEventId: t.string, trackingNo: t.string }),
      t.type(told),
      t.partial({ labelRef: t.string }),
    ]),
  },
  /** The carrier does not take it. */
  LabelRefused: {
    v: 1,
    data: t.intersection([
      t.type({ bookingId: t.string, carrier: t.string, carrierEventId: t.string, reason: t.string }),
      t.type(told),
    ]),
  },
  /** The carrier said nothing for too long. */
  LabelLapsed: { v: 1, data: t.intersection([t.type({ bookingId: t.string }), t.type(told)]) },
  /** A label that was bought is not used: the carrier is asked to take it back. Its answer comes later, or never. */
  LabelVoidRequested: {
    v: 1,
    data: t.intersection([
      t.type({ bookingId: t.string, carrier: t.string, trackingNo: t.string }),
      t.partial({ labelRef: t.string }),
    ]),
  },
  /** The carrier has taken the label back. */
  LabelVoided: {
    v: 1,
    data: t.intersection([t.type({ bookingId: t.string, carrier: t.string, carrierEventId: t.string }), t.type(told)]),
  },
  /** The carrier does not take the label back. */
  LabelVoidRefused: {
    v: 1,
    data: t.intersection([
      t.type({ bookingId: t.string, carrier: t.string, carrierEventId: t.string, reason: t.string }),
      t.type(told),
    ]),
  },
  /** The carrier said nothing to that for too long. */
  LabelVoidLapsed: { v: 1, data: t.intersection([t.type({ bookingId: t.string }), t.type(told)]) },
  /** One of ours brings it. `courier` is an id, as staff have them, not a name. */
  CourierAssigned: { v: 1, data: t.intersection([t.type({ courier: t.string }), t.type(told)]) },
  ShipmentPacked: { v: 1, data: t.type({ packedAt: t.string, by: t.string }) },
  ShipmentDispatched: {
    v: 1,
    data: t.intersection([
      t.type({ carrier: t.string, dispatchedAt: t.string, by: t.string }),
      t.partial({ trackingNo: t.string, service: t.string }),
    ]),
  },
  /** Every word of a carrier, also one that tells nothing new. */
  CarrierUpdateRecorded: {
    v: 1,
    data: t.intersection([
      t.type({ carrier: t.string, carrierEventId: t.string, status: CarrierStatusCodec, occurredAt: t.string }),
      t.partial({ detail: t.string }),
    ]),
  },
  OutForDelivery: { v: 1, data: t.type(told) },
  DeliveryAttemptFailed: {
    v: 1,
    data: t.intersection([t.type({ attemptId: t.string, reason: t.string }), t.type(told)]),
  },
  ShipmentDelivered: {
    v: 1,
    data: t.intersection([
      t.type(told),
      /** `proof` refers to a signature or a picture; `reason` is why one that was given up for lost counts as delivered. */
      t.partial({ proof: t.string, reason: t.string }),
    ]),
  },
  ReturnedToSender: { v: 1, data: t.intersection([t.type({ reason: t.string }), t.type(told)]) },
  ShipmentLost: { v: 1, data: t.intersection([t.type({ reason: t.string }), t.type(told)]) },
  ShipmentCancelled: {
    v: 1,
    data: t.type({ orderId: OrderIdCodec, reason: t.string, by: t.string, cancelledAt: t.string }),
  },
} as const;

/** Every event of a shipment, as a union discriminated by `type`. */
export type ShipmentEvent = EventOf<typeof definitions>;
export const shipmentEvents = eventCodec(definitions);
