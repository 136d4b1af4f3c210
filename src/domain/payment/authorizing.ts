import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { equals, type Money } from '../kernel/money.js';
import { illegalTransition } from '../kernel/rejections.js';
import type { PaymentCommand } from './commands.js';
import type { PaymentEvent } from './events.js';
import { heldToLetGo } from './otherMoney.js';
import type { PaymentRejection } from './rejections.js';
import type { ExistingPayment } from './state.js';

type Command<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>;
type PaymentDecision = Decision<PaymentRejection, PaymentEvent>;

/**
 * The provider holds the money and waits to be told what to do with it. Another amount than was asked for is put on record
 * and authorises nothing.
 */
export function authorized(command: Command<'RecordProviderState'>, payment: ExistingPayment): PaymentDecision {
  const { orderId, observation, seenBy, providerEventId } = command;
  if (payment.status === 'authorized' || payment.status === 'voided' || payment.status === 'captured')
    return alreadyTrue;
  const { amount, chargeId, method, readAt } = observation;
  const intentId = observation.intentId ?? observation.sessionId;
  const expected = payment.opening?.amount;
  if (expected && !equals(expected, amount)) return mismatch(command, payment, expected, intentId);
  return record({
    type: 'PaymentAuthorized',
    data: {
      orderId,
      amount,
      intentId,
      method: { kind: method ?? 'unknown' },
      seenBy,
      late: payment.status === 'closed' || payment.status === 'failed',
      ...(chargeId === undefined ? {} : { chargeId }),
      ...(providerEventId === undefined ? {} : { providerEventId }),
      readAt,
    },
  });
}

/** Another amount than was asked for, told once. */
export function mismatch(
  { observation, seenBy }: Command<'RecordProviderState'>,
  { mismatches }: ExistingPayment,
  expected: Money,
  intentId: string,
): Decision<never, PaymentEvent> {
  const { amount: actual, method, chargeId, readAt } = observation;
  if (mismatches.some((one) => one.intentId === intentId && equals(one.actual, actual))) return alreadyTrue;
  return record({
    type: 'ProviderMismatchDetected',
    data: {
      expected,
      actual,
      intentId,
      ...(method === undefined ? {} : { method }),
      seenBy,
      ...(chargeId === undefined ? {} : { chargeId }),
      readAt,
    },
  });
}

/** Somebody wants the money that is held; one who was to let it go cannot take it any more. */
export function capture({ by }: Command<'CapturePayment'>, payment: ExistingPayment): PaymentDecision {
  if (payment.status === 'captured') return alreadyTrue;
  if (payment.status !== 'authorized' || payment.wish === 'void') return refuse(illegalTransition(payment.status, []));
  return payment.wish === 'capture' ? alreadyTrue : record({ type: 'CaptureRequested', data: { by } });
}

/** The money that is held is let go, also where it is another amount than was asked for. Once it was asked for the provider decides: what is taken goes back as a refund. */
export function letGo({ by, reason }: Command<'VoidPayment'>, payment: ExistingPayment): PaymentDecision {
  if (payment.status === 'voided') return alreadyTrue;
  const other = payment.status === 'captured' ? undefined : heldToLetGo(payment);
  if (other) return record<PaymentEvent>(other, { type: 'VoidRequested', data: { by, reason } });
  if (payment.status !== 'authorized' || payment.wish === 'capture') {
    return refuse(illegalTransition(payment.status, []));
  }
  return payment.wish === 'void' ? alreadyTrue : record({ type: 'VoidRequested', data: { by, reason } });
}
