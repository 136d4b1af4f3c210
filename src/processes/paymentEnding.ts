import type { OrderId, PaymentId } from '../domain/kernel/ids.js';
import { equals, type Money } from '../domain/kernel/money.js';
import { paymentStream } from '../domain/kernel/streams.js';
import type { PaymentCommand } from '../domain/payment/commands.js';
import type { Payment, PaymentRejection } from '../domain/payment/index.js';
import { sessionIdOf } from './paymentState.js';
import { commandOutcome, type Outcome, type Refused, sessionOutcome } from './engine/outcome.js';
import { type Step, toPayment } from './engine/step.js';

/** The outcomes so far that concern one payment, where several end side by side. */
export function outcomesOf(paymentId: PaymentId, state: Payment, outcomes: readonly Outcome[]): readonly Outcome[] {
  const stream = paymentStream(paymentId);
  const late = outcomes.find((outcome) => outcome.result === 'session' && outcome.step.stream === stream);
  const sessions = new Set([sessionIdOf(state), late?.result === 'session' ? late.sessionId : undefined]);
  return outcomes.filter(({ step }) => {
    if (step.kind === 'payment' || step.kind === 'session-of-payment') return step.stream === stream;
    return step.kind === 'session' && sessions.has(step.sessionId);
  });
}

/** A payment that is to end, and why. */
export interface Ending {
  readonly orderId: OrderId;
  readonly paymentId: PaymentId;
  readonly why: Extract<PaymentCommand, { type: 'ClosePayment' }>['why'];
  /** Close our side although the provider gives no answer: a capture that comes later is paid back. */
  readonly withoutProvider: boolean;
}

/** How far the ending is: steps to take, or its result. */
export type EndingProgress =
  | { readonly steps: readonly Step[] }
  /** Closed on both sides: nothing will be captured (or, without the provider's word, what is captured goes back). */
  | { readonly result: 'closed' }
  /** The payer was faster: the money is there, or recorded to come. */
  | { readonly result: 'paid' }
  /** The provider still works on it: neither paid nor closed. */
  | { readonly result: 'processing' }
  /** The provider does not answer. */
  | { readonly result: 'silent'; readonly error: unknown };

/**
 * Ends a payment: its session at the provider first, so that nobody pays for what is over, then ours. The provider decides
 * who was faster. A session that is attached while ours is being closed is looked for afterwards, and closed as well.
 *
 * @param state the payment as it stood when the reaction began
 */
export function endPayment(ending: Ending, state: Payment, outcomes: readonly Outcome[]): EndingProgress {
  // held money is as good as paid: who ends the order lets it go
  if (state.status === 'captured' || state.status === 'authorized') return { result: 'paid' };
  if (state.status === 'failed' || state.status === 'voided') return { result: 'closed' };
  const known = sessionIdOf(state);
  if (known !== undefined) {
    const provider = askedToClose(ending, state, known, outcomes);
    // of a slow payment our side knows whether it still goes on, or was just told that it failed
    if (provider !== 'gone' && provider !== 'slow') return provider;
  }
  const closed = commandOutcome(outcomes, 'close-payment');
  if (closed === undefined) {
    return { steps: [toPayment(ending.paymentId, 'close-payment', { type: 'ClosePayment', why: ending.why })] };
  }
  if (closed.result === 'refused') return { result: isProcessing(closed) ? 'processing' : 'paid' };
  return known === undefined ? closeLateSession(ending, state, outcomes) : { result: 'closed' };
}

/** The provider's word on a slow payment may be there before its session is. */
const isProcessing = ({ rejection }: Refused): boolean => {
  const refusal = rejection as PaymentRejection;
  return refusal._tag === 'IllegalTransition' && refusal.status === 'processing';
};

/** A session may have been attached between our look at the payment and its end. */
function closeLateSession(ending: Ending, state: Payment, outcomes: readonly Outcome[]): EndingProgress {
  const found = outcomes.find((outcome) => outcome.result === 'session');
  if (found === undefined) {
    return {
      steps: [{ kind: 'session-of-payment', name: 'late-session', stream: paymentStream(ending.paymentId) }],
    };
  }
  if (found.sessionId === undefined) return { result: 'closed' };
  const provider = askedToClose(ending, state, found.sessionId, outcomes);
  if (provider === 'gone') return { result: 'closed' };
  if (provider !== 'slow') return provider;
  return slowFailed(outcomes) ? { result: 'closed' } : { result: 'processing' };
}

/** Ours is closed by now and hears of no failure: the provider's own word says that the slow payment came to nothing. */
function slowFailed(outcomes: readonly Outcome[]): boolean {
  const answer = sessionOutcome(outcomes, 'close');
  return answer?.result === 'seen' && answer.observation?.lastError !== undefined;
}

/** `gone`: nothing will be captured; `slow`: the payer is done, the money is not there and may never be. */
function askedToClose(
  ending: Ending,
  state: Payment,
  sessionId: string,
  outcomes: readonly Outcome[],
): EndingProgress | 'gone' | 'slow' {
  const answer = sessionOutcome(outcomes, 'close');
  if (answer === undefined) return { steps: [{ kind: 'session', name: 'close', sessionId }] };
  if (answer.result === 'silent') return ending.withoutProvider ? 'gone' : { result: 'silent', error: answer.error };
  const { observation } = answer;
  if (observation === undefined || observation.sessionStatus === 'expired') return 'gone';
  if (observation.sessionStatus === 'open') {
    return { result: 'silent', error: new Error(`the provider left session ${sessionId} open`) };
  }
  if (commandOutcome(outcomes, 'observed') === undefined) {
    const { orderId } = ending;
    return {
      steps: [
        toPayment(ending.paymentId, 'observed', {
          type: 'RecordProviderState',
          orderId,
          observation,
          seenBy: 'poll',
        }),
      ],
    };
  }
  const paid = observation.paymentStatus !== 'unpaid' || observation.held === 'authorized';
  if (!paid) return 'slow';
  // another amount than was asked for is told to the staff and never captured: there is nothing to wait for
  return isAnotherAmount(state, observation.amount) ? 'gone' : { result: 'paid' };
}

const isAnotherAmount = (state: Payment, amount: Money): boolean => {
  const expected = state.status === 'none' ? undefined : state.opening?.amount;
  return expected !== undefined && !equals(expected, amount);
};
