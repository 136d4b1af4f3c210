import type { MessageData, MessageType } from '../../consumers/contracts/index.js';
import type { DomainEvent, RecordedEvent } from '../../domain/events.js';
import type { ExistingOrder, OrderEvent } from '../../domain/order/index.js';
import { order, owedFor } from '../../domain/order/index.js';
import { type ExistingPayment, payment, type PaymentEvent } from '../../domain/payment/index.js';
import { offer } from '../../domain/offer/index.js';
import { type ExistingShipment, isCreated, shipment } from '../../domain/shipment/index.js';
import { stock } from '../../domain/stock/index.js';
import { type ExistingTicket, isOpened, ticket } from '../../domain/ticket/index.js';
import type { Folds } from '../../subscriptions/contract.js';
import { UnprocessableEvent } from '../../subscriptions/faults.js';
import { OFFER_FACTS, offerMessage } from './offerMessages.js';
import { orderBlock } from './orderBlock.js';
import { PAYMENT_ENDS, paymentEnd } from './paymentEnds.js';
import { shipmentMessage } from './shipmentMessages.js';
import { STOCK_FACTS, stockMessage } from './stockMessages.js';
import { ticketMessage } from './ticketMessages.js';

/** A fact for other services, before it gets its envelope. */
export type Message = {
  readonly [Type in MessageType]: {
    readonly type: Type;
    /** The id of the thing that the fact is about. */
    readonly subject: string;
    readonly data: MessageData<Type>;
    /** Where it is not the event's, since the event has another message: the same every time. */
    readonly id?: string;
  };
}[MessageType];

const PUBLISHED: ReadonlySet<DomainEvent['type']> = new Set<DomainEvent['type']>([
  'OrderPlaced',
  'OrderAccepted',
  'PaymentLinkAttached',
  'PaymentApplied',
  'OrderConfirmed',
  'OrderRejected',
  'OrderExpired',
  'OrderCancelled',
  'OrderHeld',
  'LinesCancelled',
  'FulfilmentProgressed',
  'OrderFulfilled',
  'OrderCompleted',
  'PaymentRequested',
  'PaymentAuthorized',
  'CaptureRequested',
  'VoidRequested',
  'PaymentVoided',
  'PaymentCaptured',
  'RefundRequested',
  'RefundApproved',
  'RefundRejected',
  'RefundSucceeded',
  'RefundFailed',
  'TicketOpened',
  'TicketReady',
  'TicketHandedOver',
  'ItemVoided',
  'ShipmentDispatched',
  'ShipmentDelivered',
  'DeliveryAttemptFailed',
  'ReturnedToSender',
  'ShipmentLost',
  ...PAYMENT_ENDS,
  ...STOCK_FACTS,
  ...OFFER_FACTS,
]);

/** Whether an event type is (sometimes) told to other services. */
export const isPublished = (type: DomainEvent['type']): boolean => PUBLISHED.has(type);

/**
 * The message that an event asks for, made from the state of its stream at that very revision; undefined where it asks for
 * none. The same event gives the same message, however often and whenever.
 */
export async function messageOf(recorded: RecordedEvent, folds: Folds): Promise<Message | undefined> {
  const { event, stream } = recorded;
  switch (event.type) {
    case 'OrderPlaced':
    case 'OrderAccepted':
    case 'PaymentLinkAttached':
    case 'PaymentApplied':
    case 'OrderConfirmed':
    case 'OrderRejected':
    case 'OrderExpired':
    case 'OrderCancelled':
    case 'OrderHeld':
    case 'LinesCancelled':
    case 'FulfilmentProgressed':
    case 'OrderFulfilled':
    case 'OrderCompleted':
    case 'PaymentRequested':
      return orderMessage(event, await orderAt(recorded, folds));
    case 'TicketOpened':
    case 'TicketReady':
    case 'TicketHandedOver':
    case 'ItemVoided':
      return ticketMessage(event, await ticketAt(recorded, folds));
    case 'ShipmentDispatched':
    case 'ShipmentDelivered':
    case 'DeliveryAttemptFailed':
    case 'ReturnedToSender':
    case 'ShipmentLost':
      return shipmentMessage(event, await shipmentAt(recorded, folds));
    case 'PaymentCaptured': {
      const { orderId, amount, method, late } = event.data;
      const paymentId = stream.slice('payment-'.length) as MessageData<'payment.captured.v1'>['paymentId'];
      return {
        type: 'payment.captured.v1',
        subject: paymentId,
        data: { paymentId, orderId, amount, method: method.kind, late },
      };
    }
    case 'PaymentAuthorized':
    case 'CaptureRequested':
    case 'VoidRequested':
    case 'PaymentVoided':
      return heldMessage(event, stream, recorded.revision, folds);
    case 'RefundRequested':
    case 'RefundApproved':
    case 'RefundRejected':
    case 'RefundSucceeded':
    case 'RefundFailed':
      return refundMessage(event, await paymentAt(recorded, folds));
    case 'PaymentFailed':
    case 'PaymentClosed':
    case 'DisputeOpened':
    case 'DisputeClosed':
      return paymentEnd(event, stream, await paymentAt(recorded, folds));
    case 'StockRegistered':
    case 'StockPolicyChanged':
    case 'StockAdjusted':
    case 'StockReceived':
    case 'TransferredOut':
    case 'TransferredIn':
    case 'StockConsumed':
    case 'LowStockReached':
    case 'StockDepleted':
    case 'StockShortfallDetected': {
      const state = await folds.at(stock, stream, recorded.revision);
      if (state.status === 'none') throw foldsToNothing(stream, recorded.revision);
      return stockMessage(event, state);
    }
    case 'OfferPublished':
    case 'OfferChanged':
    case 'PriceSet':
    case 'OfferSuspended':
    case 'OfferResumed': {
      const state = await folds.at(offer, stream, recorded.revision);
      if (state.status === 'none') throw foldsToNothing(stream, recorded.revision);
      return offerMessage(event, state);
    }
    default:
      return undefined;
  }
}

/** The work that an event asks an engine to do; undefined where it asks for none. The same event gives the same job. */
export async function jobOf(recorded: RecordedEvent, folds: Folds): Promise<Message | undefined> {
  const { event } = recorded;
  if (event.type !== 'OrderPlaced') return undefined;
  const { orderId, screening, checkId, placedAt, total, destination } = event.data;
  if (screening === undefined || checkId === undefined) return undefined;
  const { timeoutSeconds, onSilence: _, ...limits } = screening;
  return {
    type: 'check.requested.v1',
    subject: orderId,
    id: checkId,
    data: {
      checkId,
      requestId: recorded.id,
      actionType: 'order_check',
      order: orderBlock(await orderAt(recorded, folds)),
      value: total,
      deadline: new Date(Date.parse(placedAt) + timeoutSeconds * 1_000).toISOString(),
      ...(destination === undefined ? {} : { destination }),
      limits,
    },
  };
}

type Of<Event, Type> = Extract<Event, { type: Type }>;
type OrderFact = Of<
  OrderEvent,
  | 'OrderPlaced'
  | 'OrderAccepted'
  | 'PaymentLinkAttached'
  | 'PaymentApplied'
  | 'OrderConfirmed'
  | 'OrderRejected'
  | 'OrderExpired'
  | 'OrderCancelled'
  | 'OrderHeld'
  | 'LinesCancelled'
  | 'FulfilmentProgressed'
  | 'OrderFulfilled'
  | 'OrderCompleted'
  | 'PaymentRequested'
>;

/** What an event of an order tells other services, given the order just after it. */
export function orderMessage(event: OrderFact, state: ExistingOrder): Message | undefined {
  const block = orderBlock(state);
  const subject = block.id;
  switch (event.type) {
    case 'OrderPlaced':
      return { type: 'order.created.v1', subject, data: { order: block } };
    case 'OrderAccepted':
      return {
        type: 'order.accepted.v1',
        subject,
        data: {
          order: block,
          ...event.data,
          ...(state.details.captureMode === 'manual' ? { captureMode: 'manual' } : {}),
        },
      };
    case 'PaymentRequested': {
      const { paymentId, ordinal, amount, dueAt } = event.data;
      return {
        type: 'payment.requested.v1',
        subject: paymentId,
        data: { order: block, paymentId, ordinal, amount, dueAt },
      };
    }
    case 'PaymentLinkAttached': {
      const { paymentId, expiresAt } = event.data;
      const more = state.requested?.find((one) => one.paymentId === paymentId);
      const dueAt = more?.dueAt ?? (state.awaited?.paymentId === paymentId ? state.awaited.dueAt : expiresAt);
      const amount = more?.amount ?? owedFor(state);
      const data = { paymentId, orderId: block.id, orderNumber: block.number, amount, dueAt };
      return { type: 'payment.link_ready.v1', subject: paymentId, data };
    }
    case 'PaymentApplied': {
      const { paymentId, amount, method, capturedTotal } = event.data;
      const total = owedFor(state).amount;
      // what comes on top of a total that was covered before is no second "paid"
      const covers = capturedTotal.amount >= total && capturedTotal.amount - amount.amount < total;
      return covers
        ? { type: 'order.paid.v1', subject, data: { order: block, payments: [{ paymentId, amount, method }] } }
        : undefined;
    }
    case 'OrderConfirmed':
      return { type: 'order.confirmed.v1', subject, data: { order: block, basis: event.data.basis } };
    case 'OrderRejected':
      return { type: 'order.rejected.v1', subject, data: { order: block, reasons: event.data.reasons } };
    case 'OrderExpired':
      return { type: 'order.expired.v1', subject, data: { order: block } };
    case 'OrderCancelled':
      return { type: 'order.cancelled.v1', subject, data: { order: block, ...event.data } };
    case 'OrderHeld': {
      const { kind, detail, decideBy } = event.data;
      return { type: 'order.held.v1', subject, data: { order: block, kind, detail, decideBy } };
    }
    case 'LinesCancelled': {
      const { lines, reason, by } = event.data;
      return { type: 'order.lines_cancelled.v1', subject, data: { order: block, lines, reason, by } };
    }
    case 'FulfilmentProgressed':
      return { type: 'order.progressed.v1', subject, data: { order: block, stage: event.data.stage } };
    case 'OrderFulfilled':
      return { type: 'order.fulfilled.v1', subject, data: { order: block } };
    case 'OrderCompleted':
      return { type: 'order.completed.v1', subject, data: { order: block } };
  }
}

type HeldFact = Of<PaymentEvent, 'PaymentAuthorized' | 'CaptureRequested' | 'VoidRequested' | 'PaymentVoided'>;

/** What an event of a payment tells of money that the provider holds. */
async function heldMessage(
  { type }: HeldFact,
  stream: string,
  revision: number,
  folds: Folds,
): Promise<Message | undefined> {
  // once the money is let go the payment does not say any more what was held
  const state = await folds.at(payment, stream, type === 'PaymentVoided' ? revision - 1 : revision);
  if (state.status !== 'authorized') return undefined;
  const paymentId = stream.slice('payment-'.length) as MessageData<'payment.captured.v1'>['paymentId'];
  const { orderId, amount, intentId, method } = state.authorization;
  const data = { paymentId, orderId, amount, intentId };
  switch (type) {
    case 'PaymentAuthorized':
      return { type: 'payment.authorized.v1', subject: paymentId, data: { ...data, method: method.kind } };
    case 'CaptureRequested':
      return { type: 'payment.capture_requested.v1', subject: paymentId, data };
    case 'VoidRequested':
      return { type: 'payment.void_requested.v1', subject: paymentId, data };
    case 'PaymentVoided':
      return { type: 'payment.voided.v1', subject: paymentId, data: { paymentId, orderId, intentId } };
  }
}

type RefundFact = Of<
  PaymentEvent,
  'RefundRequested' | 'RefundApproved' | 'RefundRejected' | 'RefundSucceeded' | 'RefundFailed'
>;

/** What an event of a payment tells of one of its refunds; undefined where nobody knows whose order it is. */
export function refundMessage({ type, data }: RefundFact, state: ExistingPayment): Message | undefined {
  const wish = state.refunds.find(({ refundId }) => refundId === data.refundId);
  const opened = state.opening ?? state.captures[0];
  const paymentId = state.opening?.paymentId;
  if (!wish || !opened || paymentId === undefined) return undefined;
  const { refundId, amount, reason, approval, intentId, requestedAt } = wish;
  const block = { refundId, paymentId, orderId: opened.orderId, amount, reason };
  const subject = refundId;
  switch (type) {
    case 'RefundRequested':
      return { type: 'refund.requested.v1', subject, data: { ...block, approval } };
    case 'RefundApproved':
      return { type: 'refund.approved.v1', subject, data: { ...block, intentId, requestedAt } };
    case 'RefundSucceeded':
      return { type: 'refund.succeeded.v1', subject, data: block };
    case 'RefundFailed':
      return { type: 'refund.failed.v1', subject, data: { ...block, code: data.code } };
    case 'RefundRejected':
      return { type: 'refund.failed.v1', subject, data: { ...block, code: 'rejected' } };
  }
}

async function orderAt({ stream, revision }: RecordedEvent, folds: Folds): Promise<ExistingOrder> {
  const state = await folds.at(order, stream, revision);
  if (state.status === 'none') throw foldsToNothing(stream, revision);
  return state;
}

async function paymentAt({ stream, revision }: RecordedEvent, folds: Folds): Promise<ExistingPayment> {
  const state = await folds.at(payment, stream, revision);
  if (state.status === 'none') throw foldsToNothing(stream, revision);
  return state;
}

async function ticketAt({ stream, revision }: RecordedEvent, folds: Folds): Promise<ExistingTicket> {
  const state = await folds.at(ticket, stream, revision);
  if (!isOpened(state)) throw foldsToNothing(stream, revision);
  return state;
}

async function shipmentAt({ stream, revision }: RecordedEvent, folds: Folds): Promise<ExistingShipment> {
  const state = await folds.at(shipment, stream, revision);
  if (!isCreated(state)) throw foldsToNothing(stream, revision);
  return state;
}

const foldsToNothing = (stream: string, revision: number): UnprocessableEvent =>
  new UnprocessableEvent(`${stream}@${revision} folds to nothing`);
