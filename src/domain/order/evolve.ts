import { assertNever } from '../kernel/assertNever.js';
import { zero } from '../kernel/money.js';
import { declinedAmendment, evolveAmendment } from './amendments.js';
import { askedFor, dueBy, withAccepted } from './awaiting.js';
import type { OrderData, OrderEvent } from './events.js';
import { stageOf } from './facets.js';
import { evolveRefund, raisedAnew } from './refunds.js';
import { evolveReturn } from './returns.js';
import type { AllottedShipment, ExistingOrder, Hold, OnHold, Order, OrderFacts } from './state.js';

/** The order after an event. Total: a fact that fits nothing changes nothing. */
export function evolve(order: Order, event: OrderEvent): Order {
  if (order.status === 'none') return event.type === 'OrderPlaced' ? placed(event.data) : order;
  switch (event.type) {
    case 'OrderPlaced':
      return order;
    case 'OrderChecked':
      return checked(order, event.data);
    case 'OrderHeld': {
      const stage = stageOf(order);
      const { soldOut, ...hold } = event.data;
      const named = soldOut === undefined ? {} : { soldOut: [...(order.soldOut ?? []), ...soldOut] };
      return { ...facts(order), ...named, status: 'on_hold', hold, ...(stage === undefined ? {} : { stage }) };
    }
    case 'OrderHoldResolved':
      return decidedOn(order, event.data);
    case 'StockSecured':
      return { ...order, gates: { ...order.gates, stock: 'secured' } };
    case 'StockShort':
      return { ...order, gates: { ...order.gates, stock: 'short' } };
    case 'OrderRejected':
      return { ...facts(order), status: 'rejected', reasons: event.data.reasons };
    case 'OrderAccepted': {
      // with nothing to pay the confirmation follows in the same append
      const { paymentId, paymentDueAt } = event.data;
      if (paymentId === undefined || paymentDueAt === undefined) return order;
      return { ...facts(order), status: 'awaiting_payment', awaited: { paymentId, dueAt: paymentDueAt } };
    }
    case 'PaymentLinkAttached':
      return { ...order, link: event.data };
    case 'PaymentLinkDetached':
      return order.link?.paymentId === event.data.paymentId ? { ...order, link: undefined } : order;
    case 'PaymentRequested':
      return askedFor(order, event.data);
    case 'PaymentApplied': {
      const { paymentId, intentId, capturedTotal } = event.data;
      return raisedAnew({ ...order, captured: capturedTotal, applied: [...order.applied, { paymentId, intentId }] });
    }
    case 'RefundDue':
    case 'RefundApplied':
    case 'RefundFailedNoted':
      return evolveRefund(order, event);
    case 'OrderConfirmed': {
      const { basis, authorized } = event.data;
      return {
        ...facts(order),
        status: 'confirmed',
        wasConfirmed: true,
        confirmedLater: basis === 'pay_later',
        authorized: authorized ?? order.authorized,
      };
    }
    case 'AuthorizationLost':
      return { ...order, authorized: undefined, authorizationLost: true };
    case 'OrderExpired':
      return { ...facts(order), status: 'expired' };
    case 'CancellationRequested':
      return { ...order, cancellation: { ...event.data, state: 'pending' } };
    case 'CancellationDeclined':
      return order.cancellation
        ? { ...order, cancellation: { ...order.cancellation, state: 'declined', cause: event.data.cause } }
        : order;
    case 'OrderCancelled': {
      const { cancellationId, reason, by } = event.data;
      const asked = order.cancellation ?? (cancellationId && { cancellationId, reason, by });
      return { ...facts(order), status: 'cancelled', cancellation: asked && { ...asked, state: 'done' } };
    }
    case 'LinesCancelled':
      return withoutLines(order, event.data);
    case 'AmendmentRequested':
      return { ...order, askedAmendments: [...(order.askedAmendments ?? []), { ...event.data, state: 'pending' }] };
    case 'AmendmentDeclined':
      return declinedAmendment(order, event.data);
    case 'OrderAmended':
      return evolveAmendment(order, event.data);
    case 'FulfilmentStarted': {
      const { tickets } = event.data;
      if (order.status === 'on_hold') return { ...order, stage: 'queued', tickets };
      return { ...facts(order), status: 'in_fulfilment', stage: 'queued', tickets };
    }
    case 'PickupNumberChanged': {
      const { ticketId, pickupNo } = event.data;
      const tickets = order.tickets.map((one) => (one.ticketId === ticketId ? { ...one, pickupNo } : one));
      return { ...order, tickets };
    }
    case 'FulfilmentProgressed':
      return stageOf(order) === undefined ? order : ({ ...order, stage: event.data.stage } as ExistingOrder);
    case 'LinesFulfilled':
      return handedOver(order, event.data.by, event.data.lines);
    case 'LinesAllotted':
      return { ...order, shipments: [...order.shipments, { ...event.data, state: 'allotted' }] };
    case 'LinesDispatched':
      return withShipment(order, event.data.shipmentId, 'dispatched');
    case 'LinesReleased': {
      const released = withShipment(order, event.data.shipmentId, 'released');
      // of what was on its way something is to be sent anew
      return stageOf(released) === 'in_transit' ? ({ ...released, stage: 'queued' } as ExistingOrder) : released;
    }
    case 'DeliveryChanged': {
      const { by, byKitchen, ...changed } = event.data;
      const isNewWord = changed.promisedAt !== undefined && (by !== 'system' || byKitchen === true);
      return { ...order, ...changed, ...(isNewWord ? { promises: (order.promises ?? 0) + 1 } : {}) };
    }
    case 'LinesReturned':
      return evolveReturn(order, event.data);
    case 'OrderFulfilled':
      return { ...facts(order), status: 'fulfilled' };
    case 'OrderCompleted':
      return { ...facts(order), status: 'completed' };
    case 'NoteAdded':
      return withNote(order, event.data);
    default:
      return assertNever(event);
  }
}

function placed(details: OrderFacts['details']): Order {
  const { gates, lines, total } = details;
  return {
    status: 'placed',
    details,
    lines: lines.map((line) => ({ ...line, cancelled: 0, fulfilled: 0 })),
    gates: {
      check: gates.check === 'required' ? 'pending' : 'skipped',
      stock: gates.stock === 'required' ? 'pending' : 'skipped',
      discounts: gates.discounts === 'required' ? 'pending' : 'skipped',
    },
    captured: zero(total.currency),
    refundDue: zero(total.currency),
    refunded: zero(total.currency),
    goodwill: zero(total.currency),
    cancelledAmount: zero(total.currency),
    authorized: undefined,
    settledRefunds: [],
    refundKeys: [],
    checks: [],
    cancellation: undefined,
    lineCancellations: [],
    noteIds: [],
    wasConfirmed: false,
    confirmedLater: false,
    applied: [],
    awaited: undefined,
    link: undefined,
    tickets: [],
    shipments: [],
    contact: details.contact,
    address: details.address,
    promisedAt: details.promisedAt,
    handOvers: [],
  };
}

function handedOver(order: ExistingOrder, by: string, handed: readonly Handed[]): Order {
  const qtyOf = (lineId: string): number =>
    handed.reduce((qty, line) => (line.lineId === lineId ? qty + line.qty : qty), 0);
  return {
    ...order,
    lines: order.lines.map((line) => ({ ...line, fulfilled: line.fulfilled + qtyOf(line.lineId) })),
    shipments: order.shipments.map((one) => (one.shipmentId === by ? { ...one, state: 'delivered' } : one)),
    handOvers: [...order.handOvers, ...handed.map(({ lineId, qty }) => ({ by, lineId, qty }))],
  };
}

const withShipment = (
  order: ExistingOrder,
  shipmentId: AllottedShipment['shipmentId'],
  state: AllottedShipment['state'],
): ExistingOrder => ({
  ...order,
  shipments: order.shipments.map((one) => (one.shipmentId === shipmentId ? { ...one, state } : one)),
});
type Handed = Pick<OrderFacts['handOvers'][number], 'lineId' | 'qty'>;

function checked(order: ExistingOrder, { checkId, verdict }: OrderData<'OrderChecked'>): Order {
  const checks = [...order.checks, checkId];
  const { check } = order.gates;
  if (check !== 'pending' && check !== 'review') return { ...order, checks };
  return { ...order, checks, gates: { ...order.gates, check: verdict } };
}

function decidedOn(order: ExistingOrder, resolved: OrderData<'OrderHoldResolved'>): Order {
  const { resolutionId, decision } = resolved;
  const after = order.status === 'on_hold' && decision !== 'reject' ? resumed(order, resolved) : order;
  return resolutionId === undefined ? after : { ...after, resolutions: [...(order.resolutions ?? []), resolutionId] };
}

/** Back to where it was held, or further where the kitchen went on meanwhile. */
function resumed(order: OnHold, { by, paymentDueAt, money }: OrderData<'OrderHoldResolved'>): ExistingOrder {
  const { hold, stage } = order;
  const known = withAccepted(facts(order), money);
  switch (hold.resumeTo) {
    case 'placed':
      return { ...known, status: 'placed', gates: afterHold(known.gates, hold, by) };
    case 'awaiting_payment':
      return { ...known, status: 'awaiting_payment', awaited: dueBy(known.awaited, paymentDueAt) };
    case 'confirmed':
      return stage === undefined ? { ...known, status: 'confirmed' } : { ...known, status: 'in_fulfilment', stage };
  }
}

/** Who of the house lets a held order go on has looked at it; after a shortage its stock is asked for anew. */
function afterHold(
  { check, stock, ...gates }: OrderFacts['gates'],
  { kind }: Hold,
  by: OrderData<'OrderHoldResolved'>['by'],
): OrderFacts['gates'] {
  const seen = by !== 'customer' && (check === 'review' || (check === 'pending' && kind === 'review'));
  return {
    ...gates,
    check: seen ? 'passed' : check,
    stock: kind === 'shortage' && stock === 'short' ? 'pending' : stock,
  };
}

function withoutLines(order: ExistingOrder, { lines, cancellationId }: OrderData<'LinesCancelled'>): Order {
  const qtyOf = (lineId: string): number =>
    lines.reduce((qty, line) => (line.lineId === lineId ? qty + line.qty : qty), 0);
  const amount = lines.reduce((sum, line) => sum + line.amount.amount, order.cancelledAmount.amount);
  const asked = order.cancellation;
  return {
    ...order,
    lines: order.lines.map((line) => ({ ...line, cancelled: line.cancelled + qtyOf(line.lineId) })),
    cancelledAmount: { ...order.cancelledAmount, amount },
    lineCancellations: cancellationId ? [...order.lineCancellations, cancellationId] : order.lineCancellations,
    cancellation: asked && asked.cancellationId === cancellationId ? { ...asked, state: 'done' } : asked,
  };
}

function withNote(order: ExistingOrder, { noteId, visibility, sealed }: OrderData<'NoteAdded'>): ExistingOrder {
  const noted = { ...order, noteIds: [...order.noteIds, noteId] };
  if (visibility !== 'kitchen' || sealed === undefined) return noted;
  return { ...noted, kitchenNotes: [...(order.kitchenNotes ?? []), { noteId, note: sealed }] };
}

/** What outlives a change of status, without what belonged to the old one. */
function facts(order: ExistingOrder): OrderFacts {
  if (order.status === 'in_fulfilment') {
    const { stage: _, ...known } = order;
    return known;
  }
  if (order.status === 'on_hold') {
    const { hold: _, stage: __, ...known } = order;
    return known;
  }
  if (order.status === 'rejected') {
    const { reasons: _, ...known } = order;
    return known;
  }
  return order;
}
