import * as t from 'io-ts';
import { OrderIdCodec, PaymentIdCodec } from '../../domain/kernel/ids.js';
import { MoneyCodec } from '../../domain/kernel/money.js';

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
