import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import { orderStream, shipmentStream } from '../../domain/kernel/streams.js';
import { type AllottedShipment, order } from '../../domain/order/index.js';
import { isCreated, shipment, type ShipmentStatus } from '../../domain/shipment/index.js';
import { checkOfTheEnd } from '../check.js';

/** How its order has to know a shipment that has come so far. One that was lost and then found may be either. */
const KNOWN_AS: Readonly<Record<ShipmentStatus, readonly AllottedShipment['state'][]>> = {
  pending: ['allotted'],
  packed: ['allotted'],
  in_transit: ['dispatched'],
  out_for_delivery: ['dispatched'],
  delivery_failed: ['dispatched'],
  delivered: ['delivered', 'released'],
  returned: ['released'],
  lost: ['released'],
  cancelled: ['released'],
};

const byLine = (lines: readonly { readonly lineId: string; readonly qty: number }[]): string =>
  canonicalJson(Object.fromEntries(lines.map(({ lineId, qty }) => [lineId, qty])));

/** No unit travels that its order does not know of, and none that an order has set aside is forgotten. */
export const shipmentsAndOrdersAgree = checkOfTheEnd(
  'shipments-and-orders-agree',
  'a shipment has what its order set aside for it, and both know how far it is',
  function* (world) {
    for (const [where, folded] of world.all(shipment)) {
      const { state } = folded;
      if (!isCreated(state)) continue;
      const { shipmentId, orderId, lines } = state.details;
      const its = world.one(order, orderStream(orderId))?.state;
      const known =
        its && its.status !== 'none' ? its.shipments.find((one) => one.shipmentId === shipmentId) : undefined;
      if (!known) {
        yield { where, text: `order ${orderId} set nothing aside for it` };
        continue;
      }
      if (byLine(known.lines) !== byLine(lines)) {
        yield { where, text: `has other units than order ${orderId} set aside`, expected: known.lines, found: lines };
      }
      if (world.settled(folded) && !KNOWN_AS[state.status].includes(known.state)) {
        yield { where, text: `is ${state.status}, and order ${orderId} knows it as ${known.state}` };
      }
    }
    for (const [where, folded] of world.all(order)) {
      const { state } = folded;
      if (state.status === 'none' || !world.settled(folded)) continue;
      for (const { shipmentId, state: known } of state.shipments) {
        const its = world.one(shipment, shipmentStream(shipmentId))?.state;
        const there = its !== undefined && (isCreated(its) || (its.status === 'withdrawn' && known === 'released'));
        if (!there) yield { where, text: `set units aside for shipment ${shipmentId}, which does not exist` };
      }
    }
  },
);
