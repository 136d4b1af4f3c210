import type { OrderView } from './commands.js';
import { allowedActions, fulfilmentFacet, paymentFacet } from './facets.js';
import type { ExistingOrder, Order } from './state.js';

/**
 * The order as clients see it, at the given revision: the same shape for HTTP answers, read-model rows and time travel.
 * Undefined when there is no order.
 */
export function representOrder(order: ExistingOrder, revision: number): OrderView;
export function representOrder(order: Order, revision: number): OrderView | undefined;
export function representOrder(order: Order, revision: number): OrderView | undefined {
  if (order.status === 'none') return undefined;
  const { details } = order;
  return {
    id: details.orderId,
    number: details.number,
    ...(details.merchantOrderNo === undefined ? {} : { merchantOrderNo: details.merchantOrderNo }),
    status: order.status,
    revision,
    locationId: details.locationId,
    mode: details.mode,
    lines: order.lines.map(({ lineId, sku, name, qty, unitPrice, net }) => ({
      lineId,
      sku,
      name,
      quantity: qty,
      unitPrice,
      net,
    })),
    total: details.total,
    payment: {
      status: paymentFacet(order),
      ...(order.link ? { link: order.link.url } : {}),
      ...(order.awaited ? { dueAt: order.awaited.dueAt } : {}),
    },
    fulfilment: { status: fulfilmentFacet(order) },
    ...(order.status === 'rejected' ? { rejection: { reasons: order.reasons } } : {}),
    allowed: allowedActions(order),
    placedAt: details.placedAt,
  };
}
