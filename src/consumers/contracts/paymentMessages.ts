import * as t from 'io-ts';
import { OrderIdCodec, PaymentIdCodec, RefundIdCodec } from '../../domain/kernel/ids.js';
import { MoneyCodec } from '../../domain/kernel/money.js';
import { literals } from '../../domain/kernel/literals.js';
import { OrderBlock } from './orderBlock.js';

/** `payment.captured.v1`: the provider has the customer's money. `method` is its kind, such as `card`. */
export const PaymentCapturedV1 = t.type({
  paymentId: PaymentIdCodec,
  orderId: OrderIdCodec,
  amount: MoneyCodec,
  method: t.string,
  /** Captured although the payment was closed or had failed: the money goes back. */
  late: t.boolean,
});
export type PaymentCapturedV1 = t.TypeOf<typeof PaymentCapturedV1>;

/** `payment.requested.v1`: more money is asked for, by a payment of its own; `dueAt` (RFC 3339) ends the time to pay. */
export const PaymentRequestedV1 = t.intersection([
  t.type({
    order: OrderBlock,
    paymentId: PaymentIdCodec,
    /** Which payment of the order it is. */
    ordinal: t.number,
    amount: MoneyCodec,
    dueAt: t.string,
  }),
  /** How the money is to be taken, where the payment takes the place of one that nobody can pay any more; absent: at once. */
  t.partial({ captureMode: literals('automatic', 'manual') }),
]);
export type PaymentRequestedV1 = t.TypeOf<typeof PaymentRequestedV1>;

const HeldBlock = t.type({
  paymentId: PaymentIdCodec,
  orderId: OrderIdCodec,
  amount: MoneyCodec,
  /** The provider's id of what is held. */
  intentId: t.string,
});

/** `payment.authorized.v1`: the provider holds the customer's money; nothing is taken yet. */
export const PaymentAuthorizedV1 = t.intersection([HeldBlock, t.type({ method: t.string })]);
export type PaymentAuthorizedV1 = t.TypeOf<typeof PaymentAuthorizedV1>;

/** `payment.capture_requested.v1`: the provider may be asked to take what it holds. */
export const PaymentCaptureRequestedV1 = HeldBlock;
export type PaymentCaptureRequestedV1 = t.TypeOf<typeof PaymentCaptureRequestedV1>;

/** `payment.void_requested.v1`: the provider may be asked to let go what it holds. */
export const PaymentVoidRequestedV1 = HeldBlock;
export type PaymentVoidRequestedV1 = t.TypeOf<typeof PaymentVoidRequestedV1>;

/** `payment.voided.v1`: what was held is the customer's again. */
export const PaymentVoidedV1 = t.type({ paymentId: PaymentIdCodec, orderId: OrderIdCodec, intentId: t.string });
export type PaymentVoidedV1 = t.TypeOf<typeof PaymentVoidedV1>;

/** `payment.failed.v1`: nothing comes of it any more; `code` is the provider's. */
export const PaymentFailedV1 = t.type({ paymentId: PaymentIdCodec, orderId: OrderIdCodec, code: t.string });
export type PaymentFailedV1 = t.TypeOf<typeof PaymentFailedV1>;

/** `payment.closed.v1`: it cannot be paid any more. */
export const PaymentClosedV1 = t.type({
  paymentId: PaymentIdCodec,
  orderId: OrderIdCodec,
  why: literals('expired', 'cancelled', 'superseded'),
});
export type PaymentClosedV1 = t.TypeOf<typeof PaymentClosedV1>;

const DisputeBlock = t.type({
  paymentId: PaymentIdCodec,
  orderId: OrderIdCodec,
  /** The provider's id. */
  disputeId: t.string,
  amount: MoneyCodec,
});

/** `payment.dispute_opened.v1`: the payer wants the money back by way of the bank; evidence is due by `dueBy` (RFC 3339). */
export const PaymentDisputeOpenedV1 = t.intersection([DisputeBlock, t.partial({ dueBy: t.string })]);
export type PaymentDisputeOpenedV1 = t.TypeOf<typeof PaymentDisputeOpenedV1>;

/** `payment.dispute_closed.v1`: who has the money in the end. */
export const PaymentDisputeClosedV1 = t.intersection([
  DisputeBlock,
  t.type({ outcome: literals('won', 'lost', 'warning_closed') }),
]);
export type PaymentDisputeClosedV1 = t.TypeOf<typeof PaymentDisputeClosedV1>;

/** `payment.link_ready.v1`: the customer can pay `amount` until `dueAt` (RFC 3339). Where, is in no message. */
export const PaymentLinkReadyV1 = t.type({
  paymentId: PaymentIdCodec,
  orderId: OrderIdCodec,
  orderNumber: t.string,
  amount: MoneyCodec,
  dueAt: t.string,
});
export type PaymentLinkReadyV1 = t.TypeOf<typeof PaymentLinkReadyV1>;

const RefundBlock = t.type({
  refundId: RefundIdCodec,
  paymentId: PaymentIdCodec,
  orderId: OrderIdCodec,
  amount: MoneyCodec,
  reason: literals('late_payment', 'overpaid', 'cancelled', 'lines_cancelled', 'return', 'amendment', 'goodwill'),
});

/** `refund.requested.v1`: money is to go back; where `approval` is `required` somebody has to agree first. */
export const RefundRequestedV1 = t.intersection([RefundBlock, t.type({ approval: literals('auto', 'required') })]);
export type RefundRequestedV1 = t.TypeOf<typeof RefundRequestedV1>;

/** `refund.approved.v1`: the provider may be asked to send the money back. */
export const RefundApprovedV1 = t.intersection([
  RefundBlock,
  t.type({
    /** The provider's id of what was captured. */
    intentId: t.string,
    /** RFC 3339; the provider was not asked before. */
    requestedAt: t.string,
  }),
]);
export type RefundApprovedV1 = t.TypeOf<typeof RefundApprovedV1>;

/** `refund.succeeded.v1`: the provider sent it. It may still fail later. */
export const RefundSucceededV1 = RefundBlock;
export type RefundSucceededV1 = t.TypeOf<typeof RefundSucceededV1>;

/** `refund.failed.v1`: the money is still here; `code` is the provider's, or `rejected`. */
export const RefundFailedV1 = t.intersection([RefundBlock, t.type({ code: t.string })]);
export type RefundFailedV1 = t.TypeOf<typeof RefundFailedV1>;

const ForeignRefundBlock = t.type({
  /** The provider's id: we have none for it. */
  providerRefundId: t.string,
  paymentId: PaymentIdCodec,
  orderId: OrderIdCodec,
  amount: MoneyCodec,
});

/** `refund.foreign_recorded.v1`: money went back by somebody's hand at the provider. It may still fail later. */
export const RefundForeignRecordedV1 = ForeignRefundBlock;
export type RefundForeignRecordedV1 = t.TypeOf<typeof RefundForeignRecordedV1>;

/** `refund.foreign_failed.v1`: one of those failed after it looked good, the money is still here; `code` is the provider's. */
export const RefundForeignFailedV1 = t.intersection([ForeignRefundBlock, t.type({ code: t.string })]);
export type RefundForeignFailedV1 = t.TypeOf<typeof RefundForeignFailedV1>;
