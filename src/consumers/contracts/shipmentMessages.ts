import * as t from 'io-ts';
import { LineIdCodec, LocationIdCodec, OrderIdCodec, ShipmentIdCodec, SkuCodec } from '../../domain/kernel/ids.js';
import { literals } from '../../domain/kernel/literals.js';

/** A shipment as messages carry it: what is in it and who has it; not for whom it is. */
export const ShipmentBlock = t.intersection([
  t.type({
    shipmentId: ShipmentIdCodec,
    orderId: OrderIdCodec,
    orderNumber: t.string,
    locationId: LocationIdCodec,
    lines: t.readonlyArray(t.type({ lineId: LineIdCodec, sku: SkuCodec, name: t.string, qty: t.number })),
    carrier: t.string,
    /** RFC 3339, UTC, as are all times here. */
    dispatchedAt: t.string,
  }),
  t.partial({ service: t.string, trackingNo: t.string }),
]);
export type ShipmentBlock = t.TypeOf<typeof ShipmentBlock>;

/** `shipment.dispatched.v1`: it has left. */
export const ShipmentDispatchedV1 = t.type({ shipment: ShipmentBlock });
export type ShipmentDispatchedV1 = t.TypeOf<typeof ShipmentDispatchedV1>;

/** `shipment.delivered.v1`: whoever it is for has it. */
export const ShipmentDeliveredV1 = t.type({ shipment: ShipmentBlock, deliveredAt: t.string });
export type ShipmentDeliveredV1 = t.TypeOf<typeof ShipmentDeliveredV1>;

/** `shipment.exception.v1`: an attempt to deliver it failed, it came back, or nobody knows where it is. */
export const ShipmentExceptionV1 = t.type({
  shipment: ShipmentBlock,
  kind: literals('attempt_failed', 'returned', 'lost'),
  reason: t.string,
  at: t.string,
});
export type ShipmentExceptionV1 = t.TypeOf<typeof ShipmentExceptionV1>;
