import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { equals, type Money } from '../kernel/money.js';
import { illegalTransition } from '../kernel/rejections.js';
import type { PaymentCommand } from './commands.js';
import type { PaymentEvent } from './events.js';
import { hasGone } from './foreignRefunds.js';
import type { PaymentRejection } from './rejections.js';
import type { ExistingPayment, Mismatch } from './state.js';
import { isTakenOf } from './takenOf.js';

type Command<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { type: Type }>;
type PaymentDecision = Decision<PaymentRejection, PaymentEvent>;

/** Money that came as another amount than was asked for, and what became of it. */
export interface OtherMoney extends Mismatch {
  /**
   * `waits`: for somebody to decide; `counted`: somebody accepted it, and it was taken, or is held for us; `goes_back`: its refund
   * was asked for, or that it is let go, whatever came of that; `gone`: it went back by somebody's hand at the provider, or was never taken.
   */
  readonly state: 'waits' | 'counted' | 'goes_back' | 'gone';
  /** What nobody gave back by hand, in minor units. */
  readonly left: number;
  /** The provider only holds it: it is let go, and not given back. */
  readonly held: boolean;
  /** It goes back, and no refund of it went: somebody has to give it back once more. */
  readonly cameBack: boolean;
  /** How many refunds of it failed. */
  readonly attempts: number;
}

/** Every such sum of a payment, one for each intent, in the order in which they were told first. */
export function otherMoneyOf(payment: ExistingPayment): readonly OtherMoney[] {
  // of one intent the last word counts
  const newest = new Map(payment.mismatches.map((one) => [one.intentId, one]));
  return [...newest.values()].map((one) => {
    const held = payment.opening?.captureMode === 'manual' && payment.status !== 'captured' && !wasTaken(payment, one);
    const left = Math.max(0, one.actual.amount - goneByHand(payment, one.intentId));
    const state = fateOf(payment, one, left, held);
    const refunds = payment.refunds.filter(({ intentId }) => intentId === one.intentId);
    const failed = refunds.filter((refund) => refund.state === 'failed' || refund.state === 'rejected');
    const cameBack = state === 'goes_back' && left > 0 && refunds.length > 0 && failed.length === refunds.length;
    return { ...one, left, held, state, cameBack, attempts: failed.length };
  });
}

/** Whether it is what somebody took at the provider's desk of the money that was held: of that nobody has accepted anything. */
const wasTaken = (payment: ExistingPayment, told: Mismatch): boolean =>
  told.afterHeld === true ||
  // a row of the view may be older than that word
  (payment.status === 'authorized' && isTakenOf(payment.authorization, told));

function fateOf(payment: ExistingPayment, came: Mismatch, left: number, held: boolean): OtherMoney['state'] {
  const { intentId } = came;
  if (payment.captures.some((one) => one.intentId === intentId)) return 'counted';
  if (payment.status === 'authorized' && payment.authorization.intentId === intentId && !wasTaken(payment, came)) {
    return payment.wish === 'void' ? 'goes_back' : 'counted';
  }
  if (payment.refunds.some((one) => one.intentId === intentId)) return 'goes_back';
  const wasLetGo = held && (payment.status === 'voided' || payment.status === 'failed');
  return left === 0 || wasLetGo ? 'gone' : 'waits';
}

const goneByHand = ({ foreignRefunds }: ExistingPayment, intentId: string): number =>
  foreignRefunds.reduce((sum, one) => (one.intentId === intentId && hasGone(one) ? sum + one.amount.amount : sum), 0);

/**
 * What somebody took at the provider's desk of the money that was held for us is all that will ever come of that: where it goes
 * back, or has gone, nothing is held any more, and whoever counted on it has to be paid otherwise.
 */
export function endOfHold(payment: ExistingPayment): readonly Extract<PaymentEvent, { type: 'PaymentVoided' }>[] {
  if (payment.status !== 'authorized') return [];
  const { intentId } = payment.authorization;
  const isBack = otherMoneyOf(payment).some(
    (one) => one.intentId === intentId && wasTaken(payment, one) && (one.state === 'goes_back' || one.state === 'gone'),
  );
  return isBack ? [{ type: 'PaymentVoided', data: { intentId } }] : [];
}

/** What of it waits for somebody to decide. */
export const waitingMoney = (payment: ExistingPayment): readonly OtherMoney[] =>
  otherMoneyOf(payment).filter(({ state }) => state === 'waits');

/** What of it somebody can decide on: it waits, or was to go back and did not. */
export const undecidedMoney = (payment: ExistingPayment): readonly OtherMoney[] =>
  otherMoneyOf(payment).filter(({ state, cameBack }) => state === 'waits' || cameBack);

/** Whether it is money that came as another amount than was asked for and that nobody counts: its order does not know it. */
export const neverCounted = ({ mismatches, captures }: ExistingPayment, intentId: string | undefined): boolean =>
  mismatches.some((one) => one.intentId === intentId) && !captures.some((one) => one.intentId === intentId);

/**
 * Somebody accepts another amount than was asked for: what came counts, as it came. Money in another currency than the payment's
 * never does, and what has gone back, or is to, cannot any more.
 */
export function acceptMismatch(command: Command<'AcceptMismatch'>, payment: ExistingPayment): PaymentDecision {
  const { intentId, amount, by, reason } = command;
  const found = otherMoneyOf(payment).find((one) => one.intentId === intentId);
  if (found?.state === 'counted') return alreadyTrue;
  const { opening } = payment;
  if (found?.state !== 'waits' || opening === undefined || !equals(found.actual, amount)) {
    return refuse(illegalTransition(found?.state ?? payment.status, []));
  }
  const { currency } = opening.amount;
  if (amount.currency !== currency) {
    return refuse({ _tag: 'CurrencyMismatch', currencies: [currency, amount.currency] });
  }
  const accepted = { by, ...(reason === undefined ? {} : { reason }) };
  return record(arrived(payment, opening.orderId, found, { accepted }));
}

/** What is held and waits for a decision is on record as held before it is let go. */
export function heldToLetGo(payment: ExistingPayment): PaymentEvent | undefined {
  const found = waitingMoney(payment).find(({ held }) => held);
  return found && payment.opening && arrived(payment, payment.opening.orderId, found, {});
}

type Accepted = Pick<Extract<PaymentEvent, { type: 'PaymentCaptured' }>['data'], 'accepted'>;

function arrived(
  { status }: ExistingPayment,
  orderId: Extract<PaymentEvent, { type: 'PaymentCaptured' }>['data']['orderId'],
  { intentId, actual, held, method, seenBy, chargeId, readAt }: OtherMoney,
  accepted: Accepted,
): PaymentEvent {
  return {
    type: held ? 'PaymentAuthorized' : 'PaymentCaptured',
    data: {
      orderId,
      amount: actual,
      intentId,
      method: { kind: method ?? 'unknown' },
      // it was not written down at first how it was heard of
      seenBy: seenBy ?? 'webhook',
      late: status === 'closed' || status === 'failed' || status === 'voided',
      ...(chargeId === undefined ? {} : { chargeId }),
      ...(readAt === undefined ? {} : { readAt }),
      ...accepted,
    },
  };
}

/** The money of an intent that waits for a decision, or did not go back, as a refund of it finds it. */
export function undecidedFrom(
  payment: ExistingPayment,
  intentId: string,
): { readonly amount: Money; readonly left: number } | undefined {
  const found = undecidedMoney(payment).find((one) => one.intentId === intentId && !one.held);
  return found && { amount: found.actual, left: found.left };
}
