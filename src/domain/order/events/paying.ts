import * as t from 'io-ts';
import { PaymentIdCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';
import { MoneyCodec } from '../../kernel/money.js';

/** An order waits for its payment, is paid, or is not in time. */
export const payingEvents = {
  OrderAccepted: {
    v: 1,
    data: t.intersection([
      t.type({ amountDue: MoneyCodec }),
      t.partial({ paymentId: PaymentIdCodec, paymentDueAt: t.string }),
    ]),
  },
  PaymentLinkAttached: { v: 1, data: t.type({ paymentId: PaymentIdCodec, url: t.string, expiresAt: t.string }) },
  /** Nobody can pay at that payment's page any more. */
  PaymentLinkDetached: { v: 1, data: t.type({ paymentId: PaymentIdCodec }) },
  /** More money is asked for, by a payment of its own. */
  PaymentRequested: {
    v: 1,
    data: t.intersection([
      t.type({
        paymentId: PaymentIdCodec,
        ordinal: t.number,
        amount: MoneyCodec,
        purpose: literals('additional'),
        dueAt: t.string,
      }),
      t.partial({
        /** A hash of whose request it was and of its key, where it had one: a repeat finds this payment again. */
        requestKey: t.string,
        /** The payment that the order waited for and that nobody can pay any more: from now on it waits for this one. */
        insteadOf: PaymentIdCodec,
      }),
    ]),
  },
  PaymentApplied: {
    v: 1,
    data: t.type({
      paymentId: PaymentIdCodec,
      intentId: t.string,
      amount: MoneyCodec,
      capturedTotal: MoneyCodec,
      method: t.string,
    }),
  },
  OrderConfirmed: {
    v: 1,
    data: t.intersection([
      t.type({ basis: literals('captured', 'authorized', 'pay_later', 'zero_total') }),
      /** What the provider holds for us, on the basis of an authorisation. */
      t.partial({ paymentId: PaymentIdCodec, authorized: MoneyCodec }),
    ]),
  },
  /** What the provider held for the order is let go, and was not taken: it is to be paid like any other. */
  AuthorizationLost: { v: 1, data: t.type({ paymentId: PaymentIdCodec }) },
  OrderExpired: { v: 1, data: t.type({ dueAt: t.string }) },
} as const;
