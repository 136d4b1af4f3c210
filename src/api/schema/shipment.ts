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

const label = named(
  'ShipmentLabel',
  object(
    {
      state: described(
        oneOf('requested', 'bought', 'refused', 'lapsed', 'void'),
        'Lapsed: the carrier said nothing for a day; void: the shipment goes elsewhere by now, by somebody else, or not at all',
      ),
      carrier: text(40),
      requestedAt: dateTime,
    },
    {
      service: text(40),
      trackingNo: text(60),
      labelRef: described(text(500), 'Where the carrier keeps what is to be printed'),
      reason: described(text(500), 'Why the carrier does not take it'),
    },
  ),
);

const unusedLabel = named(
  'UnusedLabel',
  object(
    {
      state: described(
        oneOf('requested', 'voided', 'refused', 'lapsed'),
        'Requested: the carrier is asked to take it back; lapsed: it said nothing to that for a day',
      ),
      carrier: text(40),
      trackingNo: text(60),
    },
    {
      labelRef: described(text(500), 'Where the carrier keeps what is to be printed'),
      reason: described(text(500), 'Why the carrier does not take it back'),
    },
  ),
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
        list(
          oneOf(
            'pack',
            'buy_label',
            'assign_courier',
            'dispatch',
            'deliver',
            'fail_attempt',
            'return',
            'mark_lost',
            'cancel',
          ),
        ),
        'What may be done with it next',
      ),
      createdAt: dateTime,
    },
    {
      carrier: text(40),
      service: text(40),
      trackingNo: text(60),
      label: described(label, 'The label that was asked for last'),
      unusedLabels: described(list(unusedLabel), 'Labels that were bought and that nothing is sent with'),
      courier: described(text(60), 'Who of ours brings it'),
      packedAt: dateTime,
      dispatchedAt: dateTime,
      endedAt: described(dateTime, 'When it was delivered, came back, was given up for lost or was taken back'),
      reason: described(text(500), 'Why it did not arrive, or arrived after all'),
    },
  ),
);
