import * as t from 'io-ts';
import { LocationIdCodec, ShipmentIdCodec } from '../../domain/kernel/ids.js';
import { AddressCodec } from '../../domain/kernel/person.js';
import { SealedCodec } from '../../domain/kernel/sealed.js';
import { CarrierStatusCodec } from '../../domain/shipment/index.js';
import { literals } from '../../domain/kernel/literals.js';

/**
 * `carrier.booking_requested.v1`: a job for whoever speaks to the carrier, with all that it needs. Whoever takes it from its
 * queue answers with `carrier.label_created.v1`; one that says nothing by `deadline` (RFC 3339) is not waited for.
 */
export const CarrierBookingRequestedV1 = t.intersection([
  t.type({
    /** Names the wish; the same on every repeat, and in the answer. */
    bookingId: t.string,
    shipmentId: ShipmentIdCodec,
    /** For people, as it may stand on the label. */
    orderNumber: t.string,
    carrier: t.string,
    /** Weights in grams, lengths in millimetres. */
    parcels: t.readonlyArray(
      t.intersection([
        t.type({ weight: t.number }),
        t.partial({ length: t.number, width: t.number, height: t.number }),
      ]),
    ),
    /** Where it is fetched. The place is the house's. */
    from: t.intersection([t.type({ locationId: LocationIdCodec, name: t.string }), t.partial({ place: AddressCodec })]),
    /** Whom it goes to, sealed under the key of that person: once the key is gone, so are they. */
    to: SealedCodec,
    deadline: t.string,
  }),
  t.partial({ service: t.string }),
]);
export type CarrierBookingRequestedV1 = t.TypeOf<typeof CarrierBookingRequestedV1>;

/** Which carrier says it of which shipment, and when that was so. The same `carrierEventId` counts once, however often it is said. */
const said = { shipmentId: ShipmentIdCodec, carrier: t.string, carrierEventId: t.string, occurredAt: t.string };

/** `carrier.label_created.v1`: the answer to a booking. What was created has a tracking number; `detail` says why it was refused. */
export const CarrierLabelCreatedV1 = t.intersection([
  t.type({ ...said, bookingId: t.string, status: literals('created', 'refused') }),
  t.partial({ trackingNo: t.string, labelRef: t.string, detail: t.string }),
]);
export type CarrierLabelCreatedV1 = t.TypeOf<typeof CarrierLabelCreatedV1>;

/**
 * `carrier.label_void_requested.v1`: a job for whoever speaks to the carrier: a label that was bought is not used, and is to be taken
 * back. The answer is `carrier.label_voided.v1`; one that says nothing by `deadline` (RFC 3339) is not waited for.
 */
export const CarrierLabelVoidRequestedV1 = t.intersection([
  t.type({
    /** That of the booking which the label was bought by; the same on every repeat, and in the answer. */
    bookingId: t.string,
    shipmentId: ShipmentIdCodec,
    orderNumber: t.string,
    carrier: t.string,
    trackingNo: t.string,
    deadline: t.string,
  }),
  t.partial({ labelRef: t.string }),
]);
export type CarrierLabelVoidRequestedV1 = t.TypeOf<typeof CarrierLabelVoidRequestedV1>;

/** `carrier.label_voided.v1`: whether the carrier has taken a label back; `detail` says why it was refused. */
export const CarrierLabelVoidedV1 = t.intersection([
  t.type({ ...said, bookingId: t.string, status: literals('voided', 'refused') }),
  t.partial({ detail: t.string }),
]);
export type CarrierLabelVoidedV1 = t.TypeOf<typeof CarrierLabelVoidedV1>;

/** `carrier.tracking_updated.v1`: how far a shipment is. It may come in any order and any number of times. */
export const CarrierTrackingUpdatedV1 = t.intersection([
  t.type({ ...said, status: CarrierStatusCodec }),
  t.partial({ trackingNo: t.string, detail: t.string }),
]);
export type CarrierTrackingUpdatedV1 = t.TypeOf<typeof CarrierTrackingUpdatedV1>;
