import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { LineIdCodec, LocationIdCodec, OrderIdCodec, ShipmentIdCodec, SkuCodec } from '../kernel/ids.js';
import { SealedCodec } from '../kernel/sealed.js';

export const ShippedLineCodec = t.type({ lineId: LineIdCodec, sku: SkuCodec, name: t.string, qty: t.number });
/** Units of one line that travel together. */
export type ShippedLine = t.TypeOf<typeof ShippedLineCodec>;

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
