import type {
  PaymentCommand,
  PaymentEvent,
  PaymentStatus,
  ProviderObservation,
} from '../../../../src/domain/payment/index.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, later } from '../../../support/fixtures.js';

type Command<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>;
type Data<Type extends PaymentEvent['type']> = Extract<PaymentEvent, { type: Type }>['data'];

export const session = { sessionId: 'cs_1', url: 'http://127.0.0.1:8081/pay/cs_1', providerExpiresAt: dueAt };

export const opened: Extract<PaymentEvent, { type: 'PaymentOpened' }> = {
  type: 'PaymentOpened',
  data: {
    paymentId: aPayment,
    orderId: anOrder,
    amount: eur(2000),
    purpose: 'initial',
    captureMode: 'automatic',
    dueAt,
  },
};
export const sessionCreated: PaymentEvent = { type: 'CheckoutSessionCreated', data: session };
export const processing: PaymentEvent = { type: 'PaymentProcessing', data: { method: 'bank', readAt: at } };
export const attemptFailed = (change: Partial<Data<'PaymentAttemptFailed'>> = {}): PaymentEvent => ({
  type: 'PaymentAttemptFailed',
  data: { code: 'card_declined', retryable: true, readAt: at, ...change },
});
export const captured = (change: Partial<Data<'PaymentCaptured'>> = {}): PaymentEvent => ({
  type: 'PaymentCaptured',
  data: {
    orderId: anOrder,
    amount: eur(2000),
    intentId: 'pi_1',
    method: { kind: 'card' },
    seenBy: 'webhook',
    late: false,
    readAt: later,
    ...change,
  },
});
export const authorized: PaymentEvent = {
  type: 'PaymentAuthorized',
  data: {
    orderId: anOrder,
    amount: eur(2000),
    intentId: 'pi_1',
    method: { kind: 'card' },
    seenBy: 'webhook',
    late: false,
    readAt: at,
  },
};
export const captureRequested: PaymentEvent = { type: 'CaptureRequested', data: { by: 'system/money-held' } };
export const voidRequested: PaymentEvent = {
  type: 'VoidRequested',
  data: { by: 'staff/ann', reason: 'nobody came' },
};
export const voided: PaymentEvent = { type: 'PaymentVoided', data: { intentId: 'pi_1', readAt: at } };
export const failed: PaymentEvent = { type: 'PaymentFailed', data: { code: 'bank_refused', readAt: at } };
export const closed: PaymentEvent = { type: 'PaymentClosed', data: { why: 'expired' } };

export const aRefund = idOf('refund', 1);
export const wish = {
  refundId: aRefund,
  intentId: 'pi_1',
  amount: eur(500),
  reason: 'goodwill',
  approval: 'required',
  requestedBy: 'staff/ann',
  requestedAt: later,
} as const;
export const refundRequested = (change: Partial<Data<'RefundRequested'>> = {}): PaymentEvent => ({
  type: 'RefundRequested',
  data: { ...wish, ...change },
});
export const refundApproved = (by = 'staff/bob'): PaymentEvent => ({
  type: 'RefundApproved',
  data: { refundId: aRefund, by, approvedAt: later },
});
export const refundSubmitted: PaymentEvent = {
  type: 'RefundSubmitted',
  data: { refundId: aRefund, providerRefundId: 're_1' },
};
export const refundSucceeded: PaymentEvent = { type: 'RefundSucceeded', data: { refundId: aRefund, amount: eur(500) } };
export const refundFailed = (code = 'lost_or_stolen_card'): PaymentEvent => ({
  type: 'RefundFailed',
  data: { refundId: aRefund, amount: eur(500), code },
});
/** As much came by `pi_1` where 2000 were asked for. */
export const mismatch = (amount = 1500, change: Partial<Data<'ProviderMismatchDetected'>> = {}): PaymentEvent => ({
  type: 'ProviderMismatchDetected',
  data: {
    expected: eur(2000),
    actual: eur(amount),
    intentId: 'pi_1',
    method: 'card',
    seenBy: 'webhook',
    readAt: later,
    ...change,
  },
});
export const accepted = { by: 'staff/ann', reason: 'agreed by phone' } as const;
/** Made at the provider and not by us. */
export const foreignRefund = (providerRefundId = 're_9'): PaymentEvent => ({
  type: 'ForeignRefundRecorded',
  data: { providerRefundId, amount: eur(700) },
});
export const foreignRefundFailed: PaymentEvent = {
  type: 'ForeignRefundFailed',
  data: { providerRefundId: 're_9', amount: eur(700), code: 'lost_or_stolen_card' },
};
export const disputeOpened: PaymentEvent = {
  type: 'DisputeOpened',
  data: { disputeId: 'dp_1', amount: eur(2000), status: 'needs_response', evidenceDueBy: dueAt },
};

const ready = [opened, sessionCreated];

/** Another amount came than was asked for, and nobody has decided. */
export const otherAmount = {
  came: [...ready, mismatch()],
  held: [{ ...opened, data: { ...opened.data, captureMode: 'manual' } } as PaymentEvent, sessionCreated, mismatch()],
} as const;

/** How a payment comes to each status, the way it usually goes. */
export const histories: Readonly<Record<PaymentStatus | 'closed before it was opened', readonly PaymentEvent[]>> = {
  none: [],
  opened: [opened],
  ready,
  processing: [...ready, processing],
  authorized: [...ready, authorized],
  captured: [...ready, captured()],
  failed: [...ready, processing, failed],
  voided: [...ready, authorized, voidRequested, voided],
  closed: [...ready, closed],
  'closed before it was opened': [closed],
};

/** What the provider says of the attached session: nothing has happened yet, unless changed. */
export const observed = (change: Partial<ProviderObservation> = {}): ProviderObservation => ({
  sessionId: 'cs_1',
  sessionStatus: 'open',
  paymentStatus: 'unpaid',
  amount: eur(2000),
  readAt: later,
  ...change,
});
export const paid = { sessionStatus: 'complete', paymentStatus: 'paid', intentId: 'pi_1', method: 'card' } as const;

export const tell = (observation: ProviderObservation): Command<'RecordProviderState'> => ({
  type: 'RecordProviderState',
  orderId: anOrder,
  observation,
  seenBy: 'webhook',
});

/** One of each command, such as a payment on its usual way gets. */
export const commands: { readonly [Type in PaymentCommand['type']]: Command<Type> } = {
  OpenPayment: { type: 'OpenPayment', paymentId: aPayment, orderId: anOrder, amount: eur(2000), dueAt },
  AttachSession: { type: 'AttachSession', ...session },
  RecordSessionFailure: { type: 'RecordSessionFailure', code: 'rate_limit', text: 'too many requests' },
  RecordProviderState: tell(observed(paid)),
  AcceptMismatch: { type: 'AcceptMismatch', intentId: 'pi_1', amount: eur(1500), ...accepted },
  CapturePayment: { type: 'CapturePayment', by: 'system/money-held' },
  VoidPayment: { type: 'VoidPayment', by: 'staff/ann', reason: 'nobody came' },
  ClosePayment: { type: 'ClosePayment', why: 'expired' },
  RequestRefund: { type: 'RequestRefund', ...wish },
  ApproveRefund: { type: 'ApproveRefund', refundId: aRefund, by: 'staff/bob', at: later, secondPersonAbove: 500 },
  RejectRefund: { type: 'RejectRefund', refundId: aRefund, by: 'staff/bob', reason: 'no' },
  RecordRefundState: {
    type: 'RecordRefundState',
    refundId: aRefund,
    providerRefundId: 're_1',
    status: 'succeeded',
    amount: eur(500),
  },
  RecordDispute: {
    type: 'RecordDispute',
    disputeId: 'dp_1',
    amount: eur(2000),
    status: 'needs_response',
    evidenceDueBy: dueAt,
  },
};
