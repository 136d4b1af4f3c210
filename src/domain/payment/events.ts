import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { LineIdCodec, OrderIdCodec, PaymentIdCodec, RefundIdCodec } from '../kernel/ids.js';
import { MoneyCodec } from '../kernel/money.js';

/** How an outside fact reached us first. */
export const SeenByCodec = t.keyof({ webhook: null, return: null, poll: null, reconcile: null });
export type SeenBy = t.TypeOf<typeof SeenByCodec>;

/** Why money goes back, as the order says it. */
export const RefundReasonCodec = t.keyof({
  late_payment: null,
  overpaid: null,
  cancelled: null,
  lines_cancelled: null,
  return: null,
  amendment: null,
  goodwill: null,
});
export type RefundReason = t.TypeOf<typeof RefundReasonCodec>;

/** Who accepted that another amount came than was asked for, a pseudonym, and why; absent: as much came. */
const acceptedBy = t.partial({ accepted: t.intersection([t.type({ by: t.string }), t.partial({ reason: t.string })]) });

/** When the provider's object was read (RFC 3339); an older observation tells nothing new. */
const observed = t.partial({ readAt: t.string });

const definitions = {
  PaymentOpened: {
    v: 1,
    data: t.intersection([
      t.type({
        paymentId: PaymentIdCodec,
        orderId: OrderIdCodec,
        amount: MoneyCodec,
        purpose: t.keyof({ initial: null, additional: null }),
        captureMode: t.keyof({ automatic: null, manual: null }),
        dueAt: t.string,
      }),
      /** Which payment of its order it is; absent: the first. */
      t.partial({ ordinal: t.number }),
    ]),
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
      acceptedBy,
      observed,
    ]),
  },
  /** The provider holds the money until somebody asks for it, or lets it go. */
  PaymentAuthorized: {
    v: 1,
    data: t.intersection([
      t.type({
        orderId: OrderIdCodec,
        amount: MoneyCodec,
        intentId: t.string,
        method: t.type({ kind: t.string }),
        seenBy: SeenByCodec,
        /** Authorised although the payment was closed or had failed. */
        late: t.boolean,
      }),
      t.partial({ chargeId: t.string, providerEventId: t.string }),
      acceptedBy,
      observed,
    ]),
  },
  CaptureRequested: { v: 1, data: t.type({ by: t.string }) },
  VoidRequested: { v: 1, data: t.type({ by: t.string, reason: t.string }) },
  /** The provider let the money go: asked to, or because nobody took it in time. */
  PaymentVoided: { v: 1, data: t.intersection([t.type({ intentId: t.string }), observed]) },
  PaymentFailed: { v: 1, data: t.intersection([t.type({ code: t.string }), observed]) },
  PaymentClosed: {
    v: 1,
    data: t.intersection([t.type({ why: t.keyof({ expired: null, cancelled: null, superseded: null }) }), observed]),
  },
  ProviderMismatchDetected: {
    v: 1,
    data: t.intersection([
      t.type({ expected: MoneyCodec, actual: MoneyCodec, intentId: t.string }),
      /** As it would stand in the capture, where somebody accepts it. */
      t.partial({ method: t.string, seenBy: SeenByCodec, chargeId: t.string }),
      observed,
    ]),
  },
  RefundRequested: {
    v: 1,
    data: t.intersection([
      t.type({
        refundId: RefundIdCodec,
        /** The capture that the money goes back from. */
        intentId: t.string,
        amount: MoneyCodec,
        reason: RefundReasonCodec,
        approval: t.keyof({ auto: null, required: null }),
        /** Who asked for it, a pseudonym: above a limit somebody else has to approve. */
        requestedBy: t.string,
        requestedAt: t.string,
      }),
      t.partial({
        lines: t.readonlyArray(t.type({ lineId: LineIdCodec, qty: t.number })),
        note: t.string,
        /** What goes back in all, where this is a part of it: several captures give it back together. */
        due: MoneyCodec,
      }),
    ]),
  },
  RefundApproved: {
    v: 1,
    data: t.intersection([t.type({ refundId: RefundIdCodec, by: t.string }), t.partial({ approvedAt: t.string })]),
  },
  RefundRejected: { v: 1, data: t.type({ refundId: RefundIdCodec, by: t.string, reason: t.string }) },
  RefundSubmitted: { v: 1, data: t.type({ refundId: RefundIdCodec, providerRefundId: t.string }) },
  RefundSucceeded: { v: 1, data: t.type({ refundId: RefundIdCodec, amount: MoneyCodec }) },
  RefundFailed: { v: 1, data: t.type({ refundId: RefundIdCodec, amount: MoneyCodec, code: t.string }) },
  /** A refund that was made at the provider and not by us. */
  ForeignRefundRecorded: {
    v: 1,
    data: t.intersection([
      t.type({ providerRefundId: t.string, amount: MoneyCodec }),
      t.partial({ intentId: t.string }),
    ]),
  },
  /** One that was made at the provider and not by us did not go, after it looked good: the money is here again. */
  ForeignRefundFailed: { v: 1, data: t.type({ providerRefundId: t.string, amount: MoneyCodec, code: t.string }) },
  DisputeOpened: {
    v: 1,
    data: t.intersection([
      t.type({ disputeId: t.string, amount: MoneyCodec, status: t.string }),
      t.partial({ evidenceDueBy: t.string }),
    ]),
  },
  DisputeUpdated: { v: 1, data: t.type({ disputeId: t.string, status: t.string }) },
  DisputeClosed: {
    v: 1,
    data: t.type({
      disputeId: t.string,
      amount: MoneyCodec,
      outcome: t.keyof({ won: null, lost: null, warning_closed: null }),
    }),
  },
} as const;

/** Every event of a payment, as a union discriminated by `type`. */
export type PaymentEvent = EventOf<typeof definitions>;
export const paymentEvents = eventCodec(definitions);
