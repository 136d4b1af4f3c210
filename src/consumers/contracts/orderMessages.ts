import * as t from 'io-ts';
import {
  AmendmentIdCodec,
  CancellationIdCodec,
  LineIdCodec,
  PaymentIdCodec,
  SkuCodec,
} from '../../domain/kernel/ids.js';
import { MoneyCodec } from '../../domain/kernel/money.js';
import { literals } from '../../domain/kernel/literals.js';
import { OrderBlock } from './orderBlock.js';

/** `order.created.v1`: an order was placed; nothing is reserved, nothing is paid. */
export const OrderCreatedV1 = t.type({ order: OrderBlock });
export type OrderCreatedV1 = t.TypeOf<typeof OrderCreatedV1>;

/**
 * `order.accepted.v1`: every gate passed. With an amount due, `paymentId` names the payment to open and `paymentDueAt`
 * (RFC 3339) the end of the time to pay; both are absent where nothing is due.
 */
export const OrderAcceptedV1 = t.intersection([
  t.type({ order: OrderBlock, amountDue: MoneyCodec }),
  t.partial({
    paymentId: PaymentIdCodec,
    paymentDueAt: t.string,
    /** Manual: the money is only held. Absent: it is taken at once. */
    captureMode: literals('automatic', 'manual'),
  }),
]);
export type OrderAcceptedV1 = t.TypeOf<typeof OrderAcceptedV1>;

/** `order.paid.v1`: what was captured covers the total. */
export const OrderPaidV1 = t.type({
  order: OrderBlock,
  /** The payment that covered the total is among them. */
  payments: t.readonlyArray(t.type({ paymentId: PaymentIdCodec, amount: MoneyCodec, method: t.string })),
});
export type OrderPaidV1 = t.TypeOf<typeof OrderPaidV1>;

/** `order.confirmed.v1`: the kitchen may begin. */
export const OrderConfirmedV1 = t.type({
  order: OrderBlock,
  basis: literals('captured', 'authorized', 'pay_later', 'zero_total'),
});
export type OrderConfirmedV1 = t.TypeOf<typeof OrderConfirmedV1>;

/** `order.rejected.v1`: the order was declined; each reason names what it concerns. */
export const OrderRejectedV1 = t.type({
  order: OrderBlock,
  reasons: t.readonlyArray(
    t.intersection([
      t.type({ type: t.string, text: t.string }),
      t.partial({ lineId: LineIdCodec, sku: SkuCodec, name: t.string, wanted: t.number, available: t.number }),
    ]),
  ),
});
export type OrderRejectedV1 = t.TypeOf<typeof OrderRejectedV1>;

/** `order.expired.v1`: the time to pay ran out. */
export const OrderExpiredV1 = t.type({ order: OrderBlock });
export type OrderExpiredV1 = t.TypeOf<typeof OrderExpiredV1>;

/** `order.held.v1`: somebody has to decide, by `decideBy` (RFC 3339), whether the order goes on. */
export const OrderHeldV1 = t.type({
  order: OrderBlock,
  kind: literals('review', 'shortage', 'mismatch', 'manual'),
  detail: t.string,
  decideBy: t.string,
});
export type OrderHeldV1 = t.TypeOf<typeof OrderHeldV1>;

/**
 * `order.hold_resolved.v1`: somebody decided on a held order. One that waits for its money again can be paid until
 * `paymentDueAt` (RFC 3339).
 */
export const OrderHoldResolvedV1 = t.intersection([
  t.type({
    order: OrderBlock,
    decision: literals('accept', 'reject', 'amend'),
    by: literals('customer', 'staff', 'merchant', 'system'),
  }),
  t.partial({ paymentDueAt: t.string }),
]);
export type OrderHoldResolvedV1 = t.TypeOf<typeof OrderHoldResolvedV1>;

/** `order.cancellation_declined.v1`: what was to be called off could not be stopped any more, at least not all of it. */
export const OrderCancellationDeclinedV1 = t.type({
  order: OrderBlock,
  cancellationId: CancellationIdCodec,
  /** Why it was asked for, and by which kind of person. */
  reason: t.string,
  by: literals('customer', 'staff', 'merchant', 'system'),
  /** Why it could not be stopped, for people: `the kitchen has begun`. */
  cause: t.string,
});
export type OrderCancellationDeclinedV1 = t.TypeOf<typeof OrderCancellationDeclinedV1>;

/** `order.lines_cancelled.v1`: some units are not wanted any more; `amount` is what they cost, tax included. */
export const OrderLinesCancelledV1 = t.type({
  order: OrderBlock,
  lines: t.readonlyArray(t.type({ lineId: LineIdCodec, qty: t.number, amount: MoneyCodec })),
  reason: t.string,
  by: literals('customer', 'staff', 'merchant', 'system'),
});
export type OrderLinesCancelledV1 = t.TypeOf<typeof OrderLinesCancelledV1>;

/**
 * `order.amended.v1`: lines came or went after the order was confirmed. `before` and `after` are what it costs without what
 * was cancelled; `delta` is the difference, below 0 where it costs less.
 */
export const OrderAmendedV1 = t.type({
  order: OrderBlock,
  amendmentId: AmendmentIdCodec,
  before: MoneyCodec,
  after: MoneyCodec,
  delta: MoneyCodec,
});
export type OrderAmendedV1 = t.TypeOf<typeof OrderAmendedV1>;

/** `order.progressed.v1`: how far the making or the delivery of the order is. */
export const OrderProgressedV1 = t.type({
  order: OrderBlock,
  stage: literals('queued', 'preparing', 'ready', 'in_transit'),
});
export type OrderProgressedV1 = t.TypeOf<typeof OrderProgressedV1>;

/** `order.fulfilled.v1`: nothing is open any more. */
export const OrderFulfilledV1 = t.type({ order: OrderBlock });
export type OrderFulfilledV1 = t.TypeOf<typeof OrderFulfilledV1>;

/** `order.completed.v1`: the order is closed for good. */
export const OrderCompletedV1 = t.type({ order: OrderBlock });
export type OrderCompletedV1 = t.TypeOf<typeof OrderCompletedV1>;

/** `order.cancelled.v1`: the order was called off, and by which kind of person. */
export const OrderCancelledV1 = t.intersection([
  t.type({ order: OrderBlock, reason: t.string, by: literals('customer', 'staff', 'merchant', 'system') }),
  t.partial({ cancellationId: CancellationIdCodec, refundDue: MoneyCodec }),
]);
export type OrderCancelledV1 = t.TypeOf<typeof OrderCancelledV1>;
