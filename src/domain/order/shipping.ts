import { canonicalJson } from '../kernel/canonicalJson.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { alreadyExists, illegalTransition, notFound } from '../kernel/rejections.js';
import { allowedActions } from './allowed.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { evolve } from './evolve.js';
import { dispatchedUnits, isDead, openQty, stageOf } from './facets.js';
import { merged, openOf, whyNotFree } from './quantities.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder } from './state.js';
import { isMadeToOrder, isShipped } from './ways.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type OrderDecision = Decision<OrderRejection, OrderEvent>;

/**
 * Sets open units aside for a shipment, which may then be created: no unit is ever in two of them. Of an order that somebody
 * wants to cancel no more parcels are made.
 */
export function allotLines(command: Command<'AllotLines'>, order: ExistingOrder): OrderDecision {
  const { shipmentId, openOnly } = command;
  const known = order.shipments.find((one) => one.shipmentId === shipmentId);
  if (known) {
    const same = openOnly === true || canonicalJson(known.lines) === canonicalJson(merged(command.lines));
    return same ? alreadyTrue : refuse(alreadyExists('shipment', shipmentId));
  }
  // what a kitchen has given to the courier has left, whatever somebody wishes, and whoever holds the order
  const isMade = isMadeToOrder(order.details.mode);
  const stopped = order.cancellation?.state === 'pending' && !isMade;
  const underWay = isMade && openOnly ? stageOf(order) !== undefined : order.status === 'in_fulfilment';
  if (!underWay || stopped) return notNow(order);
  const lines = openOnly ? openOf(command.lines, order) : command.lines;
  if (lines.length === 0) return refuse({ _tag: 'NoLines' });
  const rejection = whyNotFree(lines, order);
  return rejection ? refuse(rejection) : record({ type: 'LinesAllotted', data: { shipmentId, lines: merged(lines) } });
}

/** A shipment has left. With the last open unit the order is on its way, and there is nothing to hold any more. */
export function recordDispatch(command: Command<'RecordDispatch'>, order: ExistingOrder): OrderDecision {
  const { shipmentId, carrier, trackingNo } = command;
  const shipment = order.shipments.find((one) => one.shipmentId === shipmentId);
  if (!shipment) return refuse(notFound('shipment', shipmentId));
  if (shipment.state !== 'allotted') return alreadyTrue;
  const dispatched: OrderEvent = {
    type: 'LinesDispatched',
    data: { shipmentId, lines: shipment.lines, carrier, ...(trackingNo === undefined ? {} : { trackingNo }) },
  };
  const after = evolve(order, dispatched);
  if (after.status === 'none') return record(dispatched);
  const stage = stageOf(after);
  const allGone =
    stage !== undefined &&
    stage !== 'in_transit' &&
    after.lines.every((line) => openQty(line) <= dispatchedUnits(after, line.lineId));
  const heldNoMore = allGone && after.status === 'on_hold';
  return record<OrderEvent>(
    dispatched,
    ...(allGone ? [{ type: 'FulfilmentProgressed', data: { stage: 'in_transit' } } as const] : []),
    ...(heldNoMore ? [{ type: 'OrderHoldResolved', data: { decision: 'accept', by: 'system' } } as const] : []),
  );
}

/** A shipment will not arrive: its units are open again, to be sent anew or called off. */
export function recordRelease({ shipmentId, why }: Command<'RecordRelease'>, order: ExistingOrder): OrderDecision {
  const shipment = order.shipments.find((one) => one.shipmentId === shipmentId);
  if (!shipment) return refuse(notFound('shipment', shipmentId));
  return shipment.state === 'allotted' || shipment.state === 'dispatched'
    ? record({ type: 'LinesReleased', data: { shipmentId, why } })
    : alreadyTrue;
}

/** It goes to somebody else, or elsewhere, or at another time: until something of it has left. */
export function changeDelivery(command: Command<'ChangeDelivery'>, order: ExistingOrder): OrderDecision {
  const { contact, address, promisedAt, by } = command;
  const changed = {
    ...(contact === undefined || contact === order.contact ? {} : { contact }),
    ...(address === undefined || address === order.address ? {} : { address }),
    ...(promisedAt === undefined || promisedAt === order.promisedAt ? {} : { promisedAt }),
  };
  if (Object.keys(changed).length === 0) return alreadyTrue;
  const over = isDead(order) || order.status === 'fulfilled' || order.status === 'completed';
  if (over || !isShipped(order.details.mode)) return notNow(order);
  if (order.shipments.some(({ state }) => state === 'dispatched' || state === 'delivered')) {
    return refuse({ _tag: 'AlreadyDispatched', status: order.status });
  }
  return record({ type: 'DeliveryChanged', data: { by, ...changed } });
}

const notNow = (order: ExistingOrder): OrderDecision => refuse(illegalTransition(order.status, allowedActions(order)));
