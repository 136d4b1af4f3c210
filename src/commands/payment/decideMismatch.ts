import * as E from 'fp-ts/lib/Either.js';
import { illegalTransition, notFound } from '../../domain/kernel/rejections.js';
import type { OrderId, PaymentId } from '../../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../../domain/kernel/streams.js';
import { isDead, type Order, order, type PaidInAnotherCurrency } from '../../domain/order/index.js';
import {
  type OtherMoney,
  otherMoneyOf,
  payment,
  type Payment,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentRejection,
  undecidedMoney,
} from '../../domain/payment/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';
import { derivedCommandId, refundIdOf } from '../identity.js';

/** The order has not been confirmed: the decision is the order's, which is held, or will be in a moment. */
export interface DecidedByItsOrder {
  readonly _tag: 'DecidedByItsOrder';
  readonly orderId: OrderId;
  readonly status: Exclude<Order['status'], 'none'>;
}

/** No other amount came than was asked for, or what came cannot be decided on so: it counts, goes back, or has gone. */
export interface NothingToDecide {
  readonly _tag: 'NothingToDecide';
  readonly paymentId: PaymentId;
  /** Absent: none came. */
  readonly became?: OtherMoney['state'];
}

/** Another amount than was asked for came by this payment, and somebody has to decide on that first. */
export interface MoneyUndecided {
  readonly _tag: 'MoneyUndecided';
  readonly paymentId: PaymentId;
  /** How that stands which was asked for something. */
  readonly current: string;
}

export type MismatchRejection = PaymentRejection | PaidInAnotherCurrency | DecidedByItsOrder | NothingToDecide;
export type MismatchOutcome = E.Either<MismatchRejection | ExecutorRejection, Committed<Payment, PaymentEvent>>;

export interface MismatchDecision {
  /** `accept`: it counts, as it came; `reject`: it goes back, or is let go. */
  readonly decision: 'accept' | 'reject';
  readonly reason?: string;
  /** Names the decision, so that a repeat is the same one, of the same sum. */
  readonly idempotencyKey: string;
}

/**
 * Decides on what came by a payment as another amount than was asked for, once its order goes on without that: an order that was
 * confirmed is not held for it. What counts confirms nothing; processes count it on the order and ask for the rest. What did not go
 * back, whatever has become of the order, is given back once more. Of several sums it is the first that nobody has decided on. Whoever
 * decides the same again finds it done.
 * @throws StoreUnavailable
 */
export async function decideMismatch(
  executor: Executor,
  id: PaymentId,
  { decision, reason, idempotencyKey }: MismatchDecision,
  context: CommandContext,
): Promise<MismatchOutcome> {
  const stream = paymentStream(id);
  const { state, revision } = await executor.load(payment, stream, { fresh: true });
  if (state.status === 'none' || state.opening === undefined) return E.left(notFound('payment', id));
  // what is said of the order rests on what the payment says: whether that is what was meant comes first
  if (typeof context.ifMatch === 'number' && context.ifMatch !== revision && context.cameBefore !== true) {
    return E.left({ _tag: 'RevisionMismatch', current: revision });
  }
  const [undecided] = undecidedMoney(state);
  const money = undecided ?? otherMoneyOf(state).at(-1);
  if (money === undefined) return E.left({ _tag: 'NothingToDecide', paymentId: id });
  // with nothing left to decide the payment says itself whether it is so already, whatever became of its order
  if (undecided) {
    const its = await executor.load(order, orderStream(state.opening.orderId), { fresh: true });
    const refusal = whyNot(undecided, its.state, decision);
    if (refusal) return E.left(refusal);
  }
  const by = { by: context.actor.id, at: context.at, ...(reason === undefined ? {} : { reason }) };
  const command = decision === 'accept' ? accepted(money, by) : givenBack(id, money, by);
  const commandId = derivedCommandId('mismatch', `${context.actor.id}/${idempotencyKey}`, decision, stream);
  const outcome = await executor.execute(payment, stream, command, { ...context, commandId });
  const isDecided = undecided === undefined && E.isLeft(outcome) && outcome.left._tag === 'IllegalTransition';
  return isDecided ? E.left({ _tag: 'NothingToDecide', paymentId: id, became: money.state }) : outcome;
}

function whyNot(
  { actual, expected }: OtherMoney,
  its: Order,
  decision: MismatchDecision['decision'],
): MismatchRejection | undefined {
  if (its.status === 'none') return illegalTransition('none', []);
  if (!isDead(its) && !its.wasConfirmed) {
    return { _tag: 'DecidedByItsOrder', orderId: its.details.orderId, status: its.status };
  }
  if (decision === 'reject') return undefined;
  // an order that is over takes no money: it is on its way back
  if (isDead(its)) return illegalTransition(its.status, []);
  const { currency } = expected;
  return actual.currency === currency ? undefined : { _tag: 'PaidInAnotherCurrency', paid: actual, currency };
}

interface Decided {
  /** Who decided, a pseudonym. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly reason?: string;
}

const accepted = (
  { intentId, actual }: OtherMoney,
  { by, reason }: Decided,
): Extract<PaymentCommand, { type: 'AcceptMismatch' }> => ({
  type: 'AcceptMismatch',
  intentId,
  amount: actual,
  by,
  ...(reason === undefined ? {} : { reason }),
});

/**
 * How another amount than was asked for goes back, in whatever currency; what is only held is let go. Whoever finds that it is to go
 * asks for the same refund, and there is another one only once that failed.
 */
export function givenBack(
  paymentId: PaymentId,
  { intentId, actual, left, held, attempts }: OtherMoney,
  { by, at, reason }: Decided,
): Extract<PaymentCommand, { type: 'RequestRefund' | 'VoidPayment' }> {
  if (held) return { type: 'VoidPayment', by, reason: reason ?? 'another amount than was asked for' };
  const cause = `other/${intentId}`;
  return {
    type: 'RequestRefund',
    refundId: refundIdOf(paymentId, attempts === 0 ? cause : `${cause}/${attempts}`),
    intentId,
    amount: { ...actual, amount: left },
    reason: 'cancelled',
    approval: 'auto',
    requestedBy: by,
    requestedAt: at,
    uncounted: true,
    ...(reason === undefined ? {} : { note: reason }),
  };
}
