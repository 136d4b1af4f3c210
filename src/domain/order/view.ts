import type { OrderView } from './shown.js';
import { allowedActions } from './allowed.js';
import { linkToPayBy } from './awaiting.js';
import { displayStatus, fulfilmentFacet, paymentFacet, refundFacet, returnFacet } from './facets.js';
import type { CancellationState, ExistingOrder, Order } from './state.js';
import { owedFor } from './sums.js';

/**
 * The order as clients see it, at the given revision: the same shape for HTTP answers, read-model rows and time travel.
 * Undefined when there is no order.
 */
export function representOrder(order: ExistingOrder, revision: number): OrderView;
export function representOrder(order: Order, revision: number): OrderView | undefined;
export function representOrder(order: Order, revision: number): OrderView | undefined {
  if (order.status === 'none') return undefined;
  const { details } = order;
  const link = linkToPayBy(order);
  return {
    id: details.orderId,
    number: details.number,
    ...(details.merchantOrderNo === undefined ? {} : { merchantOrderNo: details.merchantOrderNo }),
    status: order.status,
    display: displayStatus(order),
    revision,
    locationId: details.locationId,
    mode: details.mode,
    channel: details.channel,
    lines: order.lines.map(({ lineId, sku, name, options, qty, cancelled, fulfilled, returned, unitPrice, net }) => ({
      lineId,
      sku,
      name,
      ...(options.length === 0 ? {} : { options }),
      quantity: qty,
      cancelled,
      fulfilled,
      ...(returned === undefined ? {} : { returned }),
      unitPrice,
      net,
    })),
    ...(details.deliveryFee.amount === 0 ? {} : { deliveryFee: details.deliveryFee }),
    ...(details.tip.amount === 0 ? {} : { tip: details.tip }),
    total: details.total,
    due: owedFor(order),
    payment: {
      status: paymentFacet(order),
      captured: order.captured,
      ...(link === undefined ? {} : { link }),
      ...(order.awaited ? { dueAt: order.awaited.dueAt } : {}),
    },
    refunds: { status: refundFacet(order), due: order.refundDue, refunded: order.refunded },
    fulfilment: { status: fulfilmentFacet(order) },
    returns: { status: returnFacet(order) },
    ...(order.status === 'on_hold' ? { hold: order.hold } : {}),
    ...(order.cancellation ? { cancellation: cancellationOf(order.cancellation) } : {}),
    ...amendmentOf(order),
    ...(order.status === 'rejected' ? { rejection: { reasons: order.reasons } } : {}),
    allowed: allowedActions(order),
    placedAt: details.placedAt,
    ...(order.promisedAt === undefined ? {} : { promisedAt: order.promisedAt }),
    ...pickupOf(order),
  };
}

/** The number that its ticket is called out by; it has one ticket at most. */
function pickupOf({ tickets }: ExistingOrder): Pick<OrderView, 'pickupNo'> {
  const pickupNo = tickets.find((one) => one.pickupNo !== undefined)?.pickupNo;
  return pickupNo === undefined ? {} : { pickupNo };
}

const cancellationOf = ({
  cancellationId,
  state,
  reason,
  cause,
}: CancellationState): NonNullable<OrderView['cancellation']> => ({
  id: cancellationId,
  state,
  reason,
  ...(cause === undefined ? {} : { cause }),
});

/** The last one that had to wait, if any had to. */
function amendmentOf({ askedAmendments }: ExistingOrder): Pick<OrderView, 'amendment'> {
  const last = askedAmendments?.at(-1);
  if (last === undefined) return {};
  const { amendmentId, state, cause, shortages } = last;
  return {
    amendment: {
      id: amendmentId,
      state,
      ...(cause === undefined ? {} : { cause }),
      ...(shortages === undefined ? {} : { shortages }),
    },
  };
}
