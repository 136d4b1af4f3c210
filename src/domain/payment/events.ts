import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { OrderIdCodec, PaymentIdCodec } from '../kernel/ids.js';
import { MoneyCodec } from '../kernel/money.js';

/** How an outside fact reached us first. */
export const SeenByCodec = t.keyof({ webhook: null, return: null, poll: null, reconcile: null });
export type SeenBy = t.TypeOf<typeof SeenByCodec>;

/** When the provider's object was read (RFC 3339); an older observation tells nothing new. */
const observed = t.partial({ readAt: t.string });

const definitions = {
  PaymentOpened: {
    v: 1,
    data: t.type({
      paymentId: PaymentIdCodec,
      orderId: OrderIdCodec,
      amount: MoneyCodec,
      purpose: t.keyof({ initial: null, additional: null }),
      captureMode: t.keyof({ automatic: null, manual: null }),
      dueAt: t.string,
    }),
  },
  CheckoutSessionCreated: { v: 1, data: t.type({ sessionId: t.string, url: t.string, providerExpiresAt: t.string }) },
  CheckoutSessionFailed: { v: 1, data: t.type({ code: t.string, text: t.string }) },
  PaymentProcessing: { v: 1, data: t.intersection([t.type({ method: t.string }), observed]) },
  PaymentAttemptFailed: {
    v: 1,
    data: t.intersection([
      t.type({ code: t.string, retryable: t.boolean }),
      t.partial({ declineCode: t.string, attemptId: t.string }),
      observed,
    ]),
  },
  PaymentCaptured: {
    v: 1,
    data: t.intersection([
      t.type({
        orderId: OrderIdCodec,
        amount: MoneyCodec,
        intentId: t.string,
        method: t.type({ kind: t.string }),
        seenBy: SeenByCodec,
        /** Captured although the payment was closed or had failed. */
        late: t.boolean,
      }),
      t.partial({ chargeId: t.string, providerEventId: t.string }),
      observed,
    ]),
  },
  PaymentFailed: { v: 1, data: t.intersection([t.type({ code: t.string }), observed]) },
  PaymentClosed: {
    v: 1,
    data: t.intersection([t.type({ why: t.keyof({ expired: null, cancelled: null, superseded: null }) }), observed]),
  },
  ProviderMismatchDetected: {
    v: 1,
    data: t.type({ expected: MoneyCodec, actual: MoneyCodec, intentId: t.string }),
  },
} as const;

/** Every event of a payment, as a union discriminated by `type`. */
export type PaymentEvent = EventOf<typeof definitions>;
export const paymentEvents = eventCodec(definitions);
