import type * as t from 'io-ts';
import {
  CarrierBookingRequestedV1,
  CarrierLabelCreatedV1,
  CarrierLabelVoidedV1,
  CarrierLabelVoidRequestedV1,
  CarrierTrackingUpdatedV1,
} from './carrierMessages.js';
import { CheckCompletedV1, CheckRequestedV1 } from './checkMessages.js';
import { ItemVoidedV1, TicketHandedOverV1, TicketOpenedV1, TicketReadyV1 } from './kitchenMessages.js';
import { OfferChangedV1, OfferSuspendedV1 } from './offerMessages.js';
import {
  OrderAcceptedV1,
  OrderAmendedV1,
  OrderCancellationDeclinedV1,
  OrderCancelledV1,
  OrderCompletedV1,
  OrderConfirmedV1,
  OrderCreatedV1,
  OrderExpiredV1,
  OrderFulfilledV1,
  OrderHeldV1,
  OrderHoldResolvedV1,
  OrderLinesCancelledV1,
  OrderPaidV1,
  OrderProgressedV1,
  OrderRejectedV1,
} from './orderMessages.js';
import {
  PaymentAuthorizedV1,
  PaymentCapturedV1,
  PaymentClosedV1,
  PaymentDisputeClosedV1,
  PaymentDisputeOpenedV1,
  PaymentFailedV1,
  PaymentCaptureRequestedV1,
  PaymentRequestedV1,
  PaymentVoidedV1,
  PaymentVoidRequestedV1,
  PaymentLinkReadyV1,
  RefundApprovedV1,
  RefundFailedV1,
  RefundForeignFailedV1,
  RefundForeignRecordedV1,
  RefundRequestedV1,
  RefundSucceededV1,
} from './paymentMessages.js';
import { StockChangedV1, StockDepletedV1, StockLowV1, StockShortfallV1 } from './stockMessages.js';
import { ShipmentDeliveredV1, ShipmentDispatchedV1, ShipmentExceptionV1 } from './shipmentMessages.js';

/**
 * Every message: its type (on the events exchange also the routing key) and the contract of its data. A changed meaning is a
 * new type (`….v2`); within a version fields are only added, and a consumer ignores those it does not know.
 */
export const contracts = {
  'order.created.v1': OrderCreatedV1,
  'order.accepted.v1': OrderAcceptedV1,
  'order.paid.v1': OrderPaidV1,
  'order.confirmed.v1': OrderConfirmedV1,
  'order.rejected.v1': OrderRejectedV1,
  'order.expired.v1': OrderExpiredV1,
  'order.cancelled.v1': OrderCancelledV1,
  'order.cancellation_declined.v1': OrderCancellationDeclinedV1,
  'order.held.v1': OrderHeldV1,
  'order.hold_resolved.v1': OrderHoldResolvedV1,
  'order.lines_cancelled.v1': OrderLinesCancelledV1,
  'order.amended.v1': OrderAmendedV1,
  'order.progressed.v1': OrderProgressedV1,
  'order.fulfilled.v1': OrderFulfilledV1,
  'order.completed.v1': OrderCompletedV1,
  'payment.requested.v1': PaymentRequestedV1,
  'payment.authorized.v1': PaymentAuthorizedV1,
  'payment.capture_requested.v1': PaymentCaptureRequestedV1,
  'payment.void_requested.v1': PaymentVoidRequestedV1,
  'payment.voided.v1': PaymentVoidedV1,
  'payment.link_ready.v1': PaymentLinkReadyV1,
  'payment.captured.v1': PaymentCapturedV1,
  'payment.failed.v1': PaymentFailedV1,
  'payment.closed.v1': PaymentClosedV1,
  'payment.dispute_opened.v1': PaymentDisputeOpenedV1,
  'payment.dispute_closed.v1': PaymentDisputeClosedV1,
  'refund.requested.v1': RefundRequestedV1,
  'refund.approved.v1': RefundApprovedV1,
  'refund.succeeded.v1': RefundSucceededV1,
  'refund.failed.v1': RefundFailedV1,
  'refund.foreign_recorded.v1': RefundForeignRecordedV1,
  'refund.foreign_failed.v1': RefundForeignFailedV1,
  'kitchen.ticket_opened.v1': TicketOpenedV1,
  'kitchen.ticket_ready.v1': TicketReadyV1,
  'kitchen.ticket_handed_over.v1': TicketHandedOverV1,
  'kitchen.item_voided.v1': ItemVoidedV1,
  'check.requested.v1': CheckRequestedV1,
  'check.completed.v1': CheckCompletedV1,
  'carrier.booking_requested.v1': CarrierBookingRequestedV1,
  'carrier.label_created.v1': CarrierLabelCreatedV1,
  'carrier.label_void_requested.v1': CarrierLabelVoidRequestedV1,
  'carrier.label_voided.v1': CarrierLabelVoidedV1,
  'carrier.tracking_updated.v1': CarrierTrackingUpdatedV1,
  'shipment.dispatched.v1': ShipmentDispatchedV1,
  'shipment.delivered.v1': ShipmentDeliveredV1,
  'shipment.exception.v1': ShipmentExceptionV1,
  'stock.low.v1': StockLowV1,
  'stock.depleted.v1': StockDepletedV1,
  'stock.shortfall.v1': StockShortfallV1,
  'stock.changed.v1': StockChangedV1,
  'offer.changed.v1': OfferChangedV1,
  'offer.suspended.v1': OfferSuspendedV1,
} as const;

export type MessageType = keyof typeof contracts;
/** The data of a message type. */
export type MessageData<Type extends MessageType> = t.TypeOf<(typeof contracts)[Type]>;

/** The CloudEvents attribute `dataschema`: a URI that names the contract. */
export const dataSchemaOf = (type: MessageType): string => `urn:comanda:message:${type}`;

export * from './carrierMessages.js';
export * from './checkMessages.js';
export * from './kitchenMessages.js';
export * from './offerMessages.js';
export * from './orderBlock.js';
export * from './orderMessages.js';
export * from './paymentMessages.js';
export * from './shipmentMessages.js';
export * from './stockMessages.js';
