import * as t from 'io-ts';
import { OrderIdCodec, PaymentIdCodec, RefundIdCodec } from '../../domain/kernel/ids.js';
import { MoneyCodec } from '../../domain/kernel/money.js';
import { literals } from './literals.js';

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
