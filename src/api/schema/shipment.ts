import { locationId, opaqueId, orderId, revision, shipmentId, sku } from './ids.js';
import { dateTime, integer, oneOf, text } from './primitives.js';
import { described, named } from './schema.js';
import { list, object } from './structures.js';

export const shipmentState = oneOf(
  'pending',
  'packed',
  'in_transit',
  'out_for_delivery',
  'delivery_failed',
  'delivered',
  'returned',
  'lost',
  'cancelled',
);

export const shipmentAnswer = named(
  'Shipment',
  object(
    {
      id: shipmentId,
      orderId,
      orderNumber: text(20),
      locationId,
      state: shipmentState,
      revision,
      lines: list(named('ShippedLine', object({ lineId: opaqueId, sku, name: text(100), quantity: integer(1) }))),
      attempts: described(list(object({ at: dateTime, reason: text(500) })), 'Attempts to deliver it that failed'),
      allowed: described(
        list(oneOf('pack', 'dispatch', 'deliver', 'fail_attempt', 'return', 'mark_lost', 'cancel')),
        'What may be done with it next',
      ),
      createdAt: dateTime,
    },
    {
      carrier: text(40),
      service: text(40),
      trackingNo: text(60),
      packedAt: dateTime,
      dispatchedAt: dateTime,
      endedAt: described(dateTime, 'When it was delivered, came back, was given up for lost or was taken back'),
      reason: described(text(500), 'Why it did not arrive, or arrived after all'),
    },
  ),
);
