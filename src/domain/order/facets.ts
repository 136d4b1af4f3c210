import { assertNever } from '../kernel/assertNever.js';
import type { LineId } from '../kernel/ids.js';
import { paidTowards } from './refunds.js';
import type { DisplayStatus, FulfilmentFacet, PaymentFacet, RefundFacet, ReturnFacet } from './shown.js';
import type { AllottedShipment, ExistingOrder, InFulfilment, Stage } from './state.js';

/** Whether the order ended without ever being served: whatever is captured for it goes back. */
export const isDead = (order: ExistingOrder): boolean =>
  order.status === 'rejected' || order.status === 'expired' || order.status === 'cancelled';

/** Whether the order was confirmed and is not handed over yet, so that the kitchen may have begun. */
export const isWithKitchen = (order: ExistingOrder): boolean =>
  order.status === 'confirmed' ||
  order.status === 'in_fulfilment' ||
  (order.status === 'on_hold' && order.hold.resumeTo === 'confirmed');

/** Whether lines may come and go: the order is confirmed, nobody holds it, and nobody wants it cancelled. */
export const mayChange = (order: ExistingOrder): boolean =>
  (order.status === 'confirmed' || order.status === 'in_fulfilment') && order.cancellation?.state !== 'pending';

/** Whether somebody may ask for that: one amendment after the other. */
export const isAmendable = (order: ExistingOrder): boolean =>
  mayChange(order) && order.askedAmendments?.at(-1)?.state !== 'pending';

/** How far the kitchen is with an order that it has and has not handed over; undefined before and after. */
export const stageOf = (order: ExistingOrder): Stage | undefined =>
  order.status === 'in_fulfilment' || order.status === 'on_hold' ? order.stage : undefined;

/** Whether somebody has begun to make something of the order, or handed it over. */
export function preparationHasBegun(order: ExistingOrder): boolean {
  const stage = stageOf(order);
  const isGone = order.shipments.some(({ state }) => state === 'dispatched');
  return isGone || (stage !== undefined && stage !== 'queued') || order.lines.some(({ fulfilled }) => fulfilled > 0);
}

/** Units of a line that are neither cancelled nor handed over. */
export const openQty = (line: ExistingOrder['lines'][number]): number => line.qty - line.cancelled - line.fulfilled;

/** Units of a line that have left and not arrived. */
export const dispatchedUnits = (order: ExistingOrder, lineId: LineId): number => unitsIn(order, lineId, ['dispatched']);
/** Units of a line that are in a shipment that has not arrived, whether it has left or not. */
export const allottedUnits = (order: ExistingOrder, lineId: LineId): number =>
  unitsIn(order, lineId, ['allotted', 'dispatched']);

const unitsIn = (order: ExistingOrder, lineId: LineId, states: readonly AllottedShipment['state'][]): number =>
  order.shipments
    .filter(({ state }) => states.includes(state))
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => (line.lineId === lineId ? sum + line.qty : sum), 0);

/** What is captured against what the order costs. A dead order without money asks for none any more. */
export function paymentFacet(order: ExistingOrder): PaymentFacet {
  const total = order.details.total.amount;
  const owed = total - order.cancelledAmount.amount;
  const captured = order.captured.amount;
  if (captured === 0) {
    if (owed === 0 || isDead(order)) return 'not_required';
    return order.authorized === undefined ? 'pending' : 'authorized';
  }
  if (captured > total) return 'overpaid';
  // what was cancelled before it was paid for is owed no more; what has gone back of a living order pays for nothing any more
  return (isDead(order) ? captured : paidTowards(order)) >= owed ? 'paid' : 'partially_paid';
}

/** What has gone back, or is to, of what was captured. */
export function refundFacet(order: ExistingOrder): RefundFacet {
  const { captured, refundDue, refunded } = order;
  if (refunded.amount > 0 && refunded.amount >= captured.amount) return 'full';
  const toCome = isDead(order) ? captured.amount > refunded.amount : refundDue.amount > refunded.amount;
  if (toCome) return 'pending';
  return refunded.amount > 0 ? 'partial' : 'none';
}

/** How far the goods are, from quantities and the stage that the kitchen reported. */
export function fulfilmentFacet(order: ExistingOrder): FulfilmentFacet {
  if (order.status === 'fulfilled' || order.status === 'completed') return 'fulfilled';
  if (!isWithKitchen(order)) return 'none';
  if (order.lines.some((line) => line.fulfilled > 0)) return 'partially_fulfilled';
  return stageOf(order) ?? 'none';
}

/** How much of what was handed over is back. */
export function returnFacet({ lines }: ExistingOrder): ReturnFacet {
  const back = lines.reduce((sum, { returned = 0 }) => sum + returned, 0);
  if (back === 0) return 'none';
  return lines.every(({ fulfilled, returned = 0 }) => returned === fulfilled) ? 'full' : 'partial';
}

/** The order in one word of everyday: of all that is true of it what people ask for first. */
export function displayStatus(order: ExistingOrder): DisplayStatus {
  if (refundFacet(order) === 'full') return 'refunded';
  switch (order.status) {
    case 'placed':
      return 'placed';
    case 'on_hold':
      return 'needs attention';
    case 'awaiting_payment':
      return 'waiting for payment';
    case 'confirmed':
      return order.lines.some(({ fulfilled }) => fulfilled > 0) ? 'partly delivered' : 'paid';
    case 'in_fulfilment':
      return order.lines.some(({ fulfilled }) => fulfilled > 0) ? 'partly delivered' : inWords(order);
    case 'fulfilled':
      return 'delivered';
    case 'completed':
      return 'completed';
    case 'rejected':
      return 'declined';
    case 'expired':
      return 'payment time ran out';
    case 'cancelled':
      return 'cancelled';
    default:
      return assertNever(order);
  }
}

const inWords = ({ stage, tickets }: InFulfilment): DisplayStatus =>
  // what nobody makes waits to be packed
  stage === 'queued' && tickets.length === 0 ? 'paid' : STAGE_IN_WORDS[stage];

const STAGE_IN_WORDS: Readonly<Record<Stage, DisplayStatus>> = {
  queued: 'in the kitchen',
  preparing: 'in the kitchen',
  ready: 'ready',
  in_transit: 'on the way',
};
