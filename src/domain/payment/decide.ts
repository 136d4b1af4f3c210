import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { equals } from '../kernel/money.js';
import { alreadyExists, illegalTransition, notFound } from '../kernel/rejections.js';
import type { PaymentCommand } from './commands.js';
import { capture, letGo } from './authorizing.js';
import { recordDispute } from './disputing.js';
import type { PaymentEvent } from './events.js';
import { recordProviderState } from './observing.js';
import { acceptMismatch } from './otherMoney.js';
import { approveRefund, recordRefundState, rejectRefund, requestRefund } from './refunding.js';
import type { PaymentRejection } from './rejections.js';
import type { ExistingPayment, Payment } from './state.js';

type Command<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>;
type PaymentDecision = Decision<PaymentRejection, PaymentEvent>;

/** Which events a command leads to in a state of the payment, or why it is refused. */
export function decide(command: PaymentCommand, payment: Payment): PaymentDecision {
  if (command.type === 'OpenPayment') return open(command, payment);
  if (command.type === 'ClosePayment') return close(command, payment);
  if (payment.status === 'none') return refuse(notFound('payment'));
  switch (command.type) {
    case 'AttachSession':
      return attachSession(command, payment);
    case 'RecordSessionFailure':
      return recordSessionFailure(command, payment);
    case 'RecordProviderState':
      return recordProviderState(command, payment);
    case 'AcceptMismatch':
      return acceptMismatch(command, payment);
    case 'CapturePayment':
      return capture(command, payment);
    case 'VoidPayment':
      return letGo(command, payment);
    case 'RequestRefund':
      return requestRefund(command, payment);
    case 'ApproveRefund':
      return approveRefund(command, payment);
    case 'RejectRefund':
      return rejectRefund(command, payment);
    case 'RecordRefundState':
      return recordRefundState(command, payment);
    case 'RecordDispute':
      return recordDispute(command, payment);
    default:
      return assertNever(command);
  }
}

/** A payment that was closed, before it was opened or after, is not opened again: no session must be made for it. */
function open(command: Command<'OpenPayment'>, payment: Payment): PaymentDecision {
  const { paymentId, orderId, amount, dueAt, captureMode = 'automatic', ordinal = 1 } = command;
  if (payment.status === 'none') {
    if (amount.amount <= 0) return refuse({ _tag: 'InvalidAmount', ...amount });
    return record({
      type: 'PaymentOpened',
      data: {
        paymentId,
        orderId,
        amount,
        purpose: ordinal === 1 ? 'initial' : 'additional',
        captureMode,
        dueAt,
        ...(ordinal === 1 ? {} : { ordinal }),
      },
    });
  }
  if (payment.status === 'closed') return refuse({ _tag: 'PaymentAlreadyClosed', why: payment.why });
  const { opening } = payment;
  return !opening || (opening.orderId === orderId && equals(opening.amount, amount))
    ? alreadyTrue
    : refuse(alreadyExists('payment', paymentId));
}

function attachSession(command: Command<'AttachSession'>, payment: ExistingPayment): PaymentDecision {
  const { sessionId, url, providerExpiresAt } = command;
  switch (payment.status) {
    case 'closed':
      return refuse({ _tag: 'PaymentAlreadyClosed', why: payment.why });
    case 'failed':
      return refuse({ _tag: 'PaymentAlreadyClosed', why: 'failed' });
    case 'opened':
    case 'ready':
    case 'processing':
    case 'authorized':
    case 'voided':
    case 'captured': {
      if (payment.session) {
        return payment.session.sessionId === sessionId
          ? alreadyTrue
          : refuse({ _tag: 'SessionAlreadyOpen', sessionId: payment.session.sessionId });
      }
      // The provider's word may come before ours: the session is noted even when it was paid meanwhile.
      return record({ type: 'CheckoutSessionCreated', data: { sessionId, url, providerExpiresAt } });
    }
    default:
      return assertNever(payment);
  }
}

/** The provider would not make a session. It is tried again; the same failure is told once. */
function recordSessionFailure(
  { code, text }: Command<'RecordSessionFailure'>,
  payment: ExistingPayment,
): PaymentDecision {
  if (payment.status !== 'opened') return refuse(illegalTransition(payment.status, []));
  const { sessionFailure } = payment;
  return sessionFailure?.code === code && sessionFailure.text === text
    ? alreadyTrue
    : record({ type: 'CheckoutSessionFailed', data: { code, text } });
}

/**
 * Nothing more is expected of the payment. Whoever closes it has made sure that the provider closed its session;
 * on no stream it is recorded too, so that an opening that comes late is refused.
 */
function close({ why }: Command<'ClosePayment'>, payment: Payment): PaymentDecision {
  switch (payment.status) {
    case 'none':
    case 'opened':
    case 'ready':
      return record({ type: 'PaymentClosed', data: { why } });
    case 'failed':
    case 'voided':
    case 'closed':
      return alreadyTrue;
    case 'authorized':
    case 'processing':
    case 'captured':
      return refuse(illegalTransition(payment.status, []));
    default:
      return assertNever(payment);
  }
}
