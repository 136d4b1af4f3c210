import { alreadyTrue, type Decision, record } from '../kernel/decision.js';
import { equals } from '../kernel/money.js';
import { authorized, mismatch } from './authorizing.js';
import type { PaymentCommand, ProviderObservation } from './commands.js';
import type { PaymentEvent } from './events.js';
import type { PaymentRejection } from './rejections.js';
import type { ExistingPayment } from './state.js';

/** What a payment failed for that was held and let go before anybody looked. */
const RELEASED = 'released';
const wasLetGo = (payment: ExistingPayment): boolean => payment.status === 'failed' && payment.code === RELEASED;

type RecordProviderState = Extract<PaymentCommand, { type: 'RecordProviderState' }>;

/**
 * What the provider says now, recorded where it tells something new. Money received counts whenever it is told and
 * never goes back; everything else counts only for the session that is attached. A session goes one way, from open to complete or
 * expired, and so does what is held: how far it has come says what is newer. Only where that says nothing, of the attempts at
 * a session that stays open, does the time decide at which it was read: the clocks of those who read may differ. So the order and the
 * repetition of webhooks do not matter.
 */
export function recordProviderState(
  command: RecordProviderState,
  payment: ExistingPayment,
): Decision<PaymentRejection, PaymentEvent> {
  const { observation } = command;
  if (observation.paymentStatus !== 'unpaid') return captured(command, payment);
  if (payment.session && payment.session.sessionId !== observation.sessionId) return alreadyTrue;
  if (observation.held === 'authorized') return wasLetGo(payment) ? alreadyTrue : authorized(command, payment);
  if (payment.status === 'authorized') {
    const { intentId } = payment.authorization;
    return observation.held === 'released' && (observation.intentId ?? intentId) === intentId
      ? record({ type: 'PaymentVoided', data: { intentId, readAt: observation.readAt } })
      : alreadyTrue;
  }
  return unpaid(observation, payment);
}

/** One PaymentCaptured for each intent; another amount than was asked for is put on record and never captured. */
function captured(command: RecordProviderState, payment: ExistingPayment): Decision<never, PaymentEvent> {
  const { orderId, observation, seenBy, providerEventId } = command;
  const { amount, chargeId, method, readAt } = observation;
  const intentId = observation.intentId ?? observation.sessionId;
  if (payment.captures.some((capture) => capture.intentId === intentId)) return alreadyTrue;
  // of what is held as much is to be taken as is held, where somebody accepted that it is another amount
  const expected = payment.status === 'authorized' ? payment.authorization.amount : payment.opening?.amount;
  if (expected && !equals(expected, amount)) return mismatch(command, payment, expected, intentId);
  return record({
    type: 'PaymentCaptured',
    data: {
      orderId,
      amount,
      intentId,
      method: { kind: method ?? 'unknown' },
      seenBy,
      late: payment.status === 'closed' || payment.status === 'failed' || payment.status === 'voided',
      ...(chargeId === undefined ? {} : { chargeId }),
      ...(providerEventId === undefined ? {} : { providerEventId }),
      readAt,
    },
  });
}

function unpaid(observation: ProviderObservation, payment: ExistingPayment): Decision<never, PaymentEvent> {
  if (payment.status !== 'opened' && payment.status !== 'ready' && payment.status !== 'processing') return alreadyTrue;
  const { sessionStatus, lastError, method, readAt } = observation;
  const newError = lastError && !wasTold(lastError, payment) ? lastError : undefined;
  switch (sessionStatus) {
    case 'open':
      if (!newError || (payment.observedAt !== undefined && readAt < payment.observedAt)) return alreadyTrue;
      return record({
        type: 'PaymentAttemptFailed',
        data: {
          code: newError.code,
          retryable: true,
          ...(newError.declineCode === undefined ? {} : { declineCode: newError.declineCode }),
          ...(newError.attemptId === undefined ? {} : { attemptId: newError.attemptId }),
          readAt,
        },
      });
    case 'complete':
      // held for a while, and gone before anybody looked
      if (observation.held === 'released') return record({ type: 'PaymentFailed', data: { code: RELEASED, readAt } });
      // complete does not mean paid: a slow method takes its time, and may fail in the end
      if (newError) return record({ type: 'PaymentFailed', data: { code: newError.code, readAt } });
      return payment.status === 'processing'
        ? alreadyTrue
        : record({ type: 'PaymentProcessing', data: { method: method ?? 'unknown', readAt } });
    case 'expired':
      return payment.status === 'processing'
        ? record({ type: 'PaymentFailed', data: { code: newError?.code ?? 'session_expired', readAt } })
        : record({ type: 'PaymentClosed', data: { why: 'expired', readAt } });
  }
}

/** The provider names its last failed attempt again and again; without an id the same code is the same attempt. */
function wasTold(error: NonNullable<ProviderObservation['lastError']>, { lastAttempt }: ExistingPayment): boolean {
  if (!lastAttempt) return false;
  return (
    lastAttempt.attemptId === error.attemptId &&
    lastAttempt.code === error.code &&
    lastAttempt.declineCode === error.declineCode
  );
}
