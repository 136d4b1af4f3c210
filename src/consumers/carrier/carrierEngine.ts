import { derivedCommandId } from '../../commands/identity.js';
import type { PersonalData } from '../../commands/ports/personalData.js';
import type { CloudEvent } from '../contracts/cloudEvent.js';
import {
  type CarrierBookingRequestedV1,
  type CarrierLabelCreatedV1,
  type CarrierLabelVoidedV1,
  type CarrierLabelVoidRequestedV1,
  type CarrierTrackingUpdatedV1,
  dataSchemaOf,
  type MessageData,
  type ShipmentBlock,
} from '../contracts/index.js';
import { BOOKING_WAITS_MS } from '../../domain/shipment/index.js';
import type { Callbacks } from '../ports/callbacks.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { trackingNumberOf } from './trackingNumber.js';

const BOOKING = 'carrier.booking_requested.v1';
const VOID = 'carrier.label_void_requested.v1';
const DISPATCHED = 'shipment.dispatched.v1';
const LABEL = 'carrier.label_created.v1';
const VOIDED = 'carrier.label_voided.v1';
const TRACKING = 'carrier.tracking_updated.v1';

/**
 * Where bookings wait for whoever speaks to the carriers, labels that are to be void, and what has left. Nobody's address waits longer than a day. Any
 * program may take them from there and answer instead of ours.
 */
export const CARRIER_QUEUE = { queue: 'carrier.jobs', bindings: [BOOKING, VOID, DISPATCHED], ttlMs: BOOKING_WAITS_MS };

/** The heaviest parcel that it takes, in grams. */
export const HEAVIEST_GRAMS = 31_500;

/** How a parcel fares that our own carrier has: each a moment after the one before. */
const WAY: readonly CarrierTrackingUpdatedV1['status'][] = ['in_transit', 'out_for_delivery', 'delivered'];

/**
 * The carrier of the house: it sells a label for whatever has an address and is not too heavy, and brings at once what left
 * under a label of its own; a label that nothing was sent with it takes back. It keeps nothing: the same message leads to the same answers, byte for byte.
 */
export function carrierEngine({
  callbacks,
  personalData,
}: {
  readonly callbacks: Callbacks;
  readonly personalData: Pick<PersonalData, 'open'>;
}): ConsumeOptions {
  return {
    ...CARRIER_QUEUE,
    prefetch: 32,
    handle: async ({ message }) => {
      if (message.type === DISPATCHED) {
        const { shipment } = decodeMessage(DISPATCHED, message);
        if (shipment.trackingNo !== trackingNumberOf(shipment.shipmentId)) return;
        for (const update of wayOf(shipment)) await callbacks.publish(answerTo(message, TRACKING, update));
        return;
      }
      if (message.type === VOID) {
        const answer = voidFor(decodeMessage(VOID, message), message.time);
        return callbacks.publish(answerTo(message, VOIDED, answer));
      }
      const booking = decodeMessage(BOOKING, message);
      const isThere = (await personalData.open(booking.to, 'address')) !== undefined;
      await callbacks.publish(answerTo(message, LABEL, labelFor(booking, isThere, message.time)));
    },
  };
}

function labelFor(booking: CarrierBookingRequestedV1, isThere: boolean, occurredAt: string): CarrierLabelCreatedV1 {
  const { bookingId, shipmentId, carrier, parcels } = booking;
  const said = { bookingId, shipmentId, carrier, carrierEventId: `${bookingId}/label`, occurredAt };
  const detail = isThere ? tooHeavy(parcels) : 'nobody knows any more where it goes';
  return detail === undefined
    ? { ...said, status: 'created', trackingNo: trackingNumberOf(shipmentId) }
    : { ...said, status: 'refused', detail };
}

function voidFor(wish: CarrierLabelVoidRequestedV1, occurredAt: string): CarrierLabelVoidedV1 {
  const { bookingId, shipmentId, carrier, trackingNo } = wish;
  const said = { bookingId, shipmentId, carrier, carrierEventId: `${bookingId}/void`, occurredAt };
  return trackingNo === trackingNumberOf(shipmentId)
    ? { ...said, status: 'voided' }
    : { ...said, status: 'refused', detail: `${trackingNo} is no label of ours` };
}

function tooHeavy(parcels: CarrierBookingRequestedV1['parcels']): string | undefined {
  const heaviest = Math.max(...parcels.map(({ weight }) => weight));
  return heaviest > HEAVIEST_GRAMS ? `a parcel of ${heaviest} g is too heavy: at most ${HEAVIEST_GRAMS} g` : undefined;
}

function wayOf({ shipmentId, carrier, trackingNo, dispatchedAt }: ShipmentBlock): readonly CarrierTrackingUpdatedV1[] {
  return WAY.map((status, index) => ({
    shipmentId,
    carrier,
    carrierEventId: `${trackingNo}/${status}`,
    status,
    occurredAt: new Date(Date.parse(dispatchedAt) + index + 1).toISOString(),
    ...(trackingNo === undefined ? {} : { trackingNo }),
  }));
}

/** The message's own envelope, correlation and all, with an id that a repeat has too. */
const answerTo = <Type extends typeof LABEL | typeof VOIDED | typeof TRACKING>(
  message: CloudEvent<unknown>,
  type: Type,
  data: MessageData<Type> & { readonly carrierEventId: string; readonly occurredAt: string },
): CloudEvent<MessageData<Type>> => ({
  ...message,
  id: derivedCommandId('carrier', message.id, type, data.carrierEventId),
  source: '/comanda/carrier',
  type,
  dataschema: dataSchemaOf(type),
  time: data.occurredAt,
  causationid: message.id,
  data,
});
