import type { ShipmentId } from '../../domain/kernel/ids.js';
import type { ExistingOrder, LineQuantity } from '../../domain/order/index.js';
import type { ShipmentEvent } from '../../domain/shipment/index.js';

/** The shipment that an order's units become: the same from whoever asks for it, so that it is made once. */
export const shipmentOf = (
  { details, address }: ExistingOrder,
  shipmentId: ShipmentId,
  lines: readonly LineQuantity[],
  createdAt: string,
): Extract<ShipmentEvent, { type: 'ShipmentCreated' }>['data'] => ({
  shipmentId,
  orderId: details.orderId,
  orderNumber: details.number,
  locationId: details.locationId,
  lines: lines.flatMap(({ lineId, qty }) => {
    const line = details.lines.find((one) => one.lineId === lineId);
    return line ? [{ lineId, sku: line.sku, name: line.name, qty }] : [];
  }),
  createdAt,
  ...(address === undefined ? {} : { deliverTo: address }),
});
