import * as E from 'fp-ts/lib/Either.js';
import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import { orderStream, paymentStream } from '../../domain/kernel/streams.js';
import type { OrderId, PaymentId } from '../../domain/kernel/ids.js';
import {
  type ExistingOrder,
  isDead,
  isPaidInPart,
  type NextPayments,
  openRequest,
  type Order,
  order,
  type OrderCommand,
  paymentsOf,
  requestOfKey,
} from '../../domain/order/index.js';
import { endedUnpaid, payment, waitingMoney } from '../../domain/payment/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { paymentIdOf } from '../identity.js';
import type { MoneyUndecided } from '../payment/decideMismatch.js';
import type { OrderOutcome } from './cancelOrder.js';
import { sha256 } from './requestIdentity.js';

/** The provider's payment page is open for a day at most, and needs a little time to be opened. */
const TIME_TO_PAY_MS = 23 * 60 * 60_000;

/** How a payment keeps in mind who asked for it under which Idempotency-Key: the key itself is not stored. */
export const requestKeyOf = (principal: string, idempotencyKey: string): string =>
  sha256(canonicalJson([principal, idempotencyKey]));

/**
 * Asks for what is still due of an order by another payment, or finds the one that the same request asked for before, or
 * the one that is open. Of an order that waits for a payment that nobody can pay any more, it asks for that anew. What is due is not
 * known while another amount than was asked for waits for a decision: that comes first.
 * @param requestKey see {@link requestKeyOf}
 * @throws StoreUnavailable
 */
export async function requestPayment(
  executor: Executor,
  id: OrderId,
  requestKey: string,
  context: CommandContext,
): Promise<OrderOutcome<MoneyUndecided>> {
  const stream = orderStream(id);
  const { state } = await executor.load(order, stream, { fresh: true });
  const cameBefore = state.status !== 'none' && requestOfKey(state, requestKey) !== undefined;
  const undecided = cameBefore ? undefined : await undecidedOf(executor, state);
  if (undecided) return E.left({ _tag: 'MoneyUndecided', paymentId: undecided, current: state.status });
  const insteadOf = await unpayable(executor, state, context.at);
  return executor.execute(
    order,
    stream,
    {
      type: 'RequestPayment',
      ...additionalPayment(id, state, context.at),
      at: context.at,
      requestKey,
      ...(insteadOf === undefined ? {} : { insteadOf }),
    },
    { ...context, cameBefore },
  );
}

/** A payment of the order by which another amount came that nobody has decided on. One that is held or over says that itself. */
async function undecidedOf(executor: Executor, state: Order): Promise<PaymentId | undefined> {
  if (state.status === 'none' || state.status === 'on_hold' || isDead(state)) return undefined;
  const asked = paymentsOf(state);
  const found = await Promise.all(asked.map((one) => executor.load(payment, paymentStream(one), { fresh: true })));
  return asked.find((_, place) => {
    const its = found[place]?.state;
    return its !== undefined && its.status !== 'none' && waitingMoney(its).length > 0;
  });
}

/** The payment in whose place another one is asked for: that which the order waits for, or asked for last, if nobody can pay it. */
async function unpayable(executor: Executor, state: Order, at: string): Promise<PaymentId | undefined> {
  if (state.status === 'none') return undefined;
  if (state.status === 'awaiting_payment') return endedPayment(executor, state);
  const open = openRequest(state, at);
  if (open === undefined) return undefined;
  const its = await executor.load(payment, paymentStream(open.paymentId), { fresh: true });
  return endedUnpaid(its.state) ? open.paymentId : undefined;
}

/** The payment that an order waits for, or will when it goes on, if nobody can pay it (any more, or the rest). @throws StoreUnavailable */
export async function endedPayment(executor: Executor, state: ExistingOrder): Promise<PaymentId | undefined> {
  const { awaited } = state;
  if (awaited === undefined) return undefined;
  if (isPaidInPart(state)) return awaited.paymentId;
  const its = await executor.load(payment, paymentStream(awaited.paymentId), { fresh: true });
  return endedUnpaid(its.state) ? awaited.paymentId : undefined;
}

/** So many payments of one order may be asked for by others between our look at it and our word. */
const OTHERS = 4;

/** The payments by which a difference may be asked for, the next one first; `at` is now, RFC 3339. */
export function nextPayments(id: OrderId, state: Order, at: string): NextPayments {
  const { ordinal, dueAt } = additionalPayment(id, state, at);
  return Array.from({ length: 1 + OTHERS }, (_, more) => ({
    paymentId: paymentIdOf(id, ordinal + more),
    ordinal: ordinal + more,
    dueAt,
  }));
}

/** The next payment of an order after its first, and until when it can be paid; `at` is now, RFC 3339. */
export function additionalPayment(
  id: OrderId,
  state: Order,
  at: string,
): Pick<Extract<OrderCommand, { type: 'RequestPayment' }>, 'paymentId' | 'ordinal' | 'dueAt'> {
  // the first payment of an order has the ordinal 1, whether it was ever asked for or not
  const [first, asked] = state.status === 'none' ? [2, []] : [state.awaited ? 1 : 2, paymentsOf(state)];
  const ordinal = first + asked.length;
  const dueAt = new Date(Date.parse(at) + TIME_TO_PAY_MS).toISOString();
  return { paymentId: paymentIdOf(id, ordinal), ordinal, dueAt };
}
