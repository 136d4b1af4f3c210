import type { MessageData } from '../../consumers/contracts/index.js';
import type { DomainEvent, RecordedEvent } from '../../domain/events.js';
import { offer } from '../../domain/offer/index.js';
import { stock } from '../../domain/stock/index.js';
import type { Folds } from '../../subscriptions/contract.js';
import { heldMessage } from './heldMessages.js';
import type { Message } from './message.js';
import { OFFER_FACTS, offerMessage } from './offerMessages.js';
import { orderMessage } from './orderMessages.js';
import { PAYMENT_ENDS, paymentEnd } from './paymentEnds.js';
import { foreignRefundMessage, refundMessage } from './refundMessages.js';
import { shipmentMessage } from './shipmentMessages.js';
import { foldsToNothing, orderAt, paymentAt, shipmentAt, ticketAt } from './states.js';
import { STOCK_FACTS, stockMessage } from './stockMessages.js';
import { ticketMessage } from './ticketMessages.js';

const PUBLISHED: ReadonlySet<DomainEvent['type']> = new Set<DomainEvent['type']>([
  'OrderPlaced',
  'OrderAccepted',
  'PaymentLinkAttached',
  'PaymentApplied',
  'OrderConfirmed',
  'OrderRejected',
  'OrderExpired',
  'OrderCancelled',
  'CancellationDeclined',
  'OrderHeld',
  'OrderHoldResolved',
  'LinesCancelled',
  'OrderAmended',
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
  'ForeignRefundRecorded',
  'ForeignRefundFailed',
  'TicketOpened',
  'TicketReady',
  'TicketHandedOver',
  'ItemVoided',
  'LabelRequested',
  'LabelVoidRequested',
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
    case 'CancellationDeclined':
    case 'OrderHeld':
    case 'OrderHoldResolved':
    case 'LinesCancelled':
    case 'OrderAmended':
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
    case 'ForeignRefundRecorded':
    case 'ForeignRefundFailed':
      return foreignRefundMessage(event, await paymentAt(recorded, folds));
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
    case 'StockReturned':
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
    case 'OfferResumed':
    case 'OfferRetired': {
      // a price of one location is nobody else's
      if (event.type === 'PriceSet' && event.data.locationId !== undefined) return undefined;
      const state = await folds.at(offer, stream, recorded.revision);
      if (state.status === 'none') throw foldsToNothing(stream, recorded.revision);
      return offerMessage(event, state);
    }
    default:
      return undefined;
  }
}
