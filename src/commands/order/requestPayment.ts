import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import { orderStream } from '../../domain/kernel/streams.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { type NextPayments, type Order, order, type OrderCommand, requestOfKey } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { paymentIdOf } from '../identity.js';
import type { OrderOutcome } from './cancelOrder.js';
import { sha256 } from './requestIdentity.js';

/** The provider's payment page is open for a day at most, and needs a little time to be opened. */
const TIME_TO_PAY_MS = 23 * 60 * 60_000;

/** How a payment keeps in mind who asked for it under which Idempotency-Key: the key itself is not stored. */
export const requestKeyOf = (principal: string, idempotencyKey: string): string =>
  sha256(canonicalJson([principal, idempotencyKey]));

/**
 * Asks for what is still due of an order by another payment, or finds the one that the same request asked for before, or
 * the one that is open.
 * @param requestKey see {@link requestKeyOf}
 * @throws StoreUnavailable
 */
export async function requestPayment(
  executor: Executor,
  id: OrderId,
  requestKey: string,
  context: CommandContext,
): Promise<OrderOutcome> {
  const stream = orderStream(id);
  const { state } = await executor.load(order, stream, { fresh: true });
  const cameBefore = state.status !== 'none' && requestOfKey(state, requestKey) !== undefined;
  return executor.execute(
    order,
    stream,
    {
      type: 'RequestPayment',
      ...additionalPayment(id, state, context.at),
      at: context.at,
      requestKey,
    },
    { ...context, cameBefore },
  );
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

/** The next payment of an order beside its first, and until when it can be paid; `at` is now, RFC 3339. */
export function additionalPayment(
  id: OrderId,
  state: Order,
  at: string,
): Pick<Extract<OrderCommand, { type: 'RequestPayment' }>, 'paymentId' | 'ordinal' | 'dueAt'> {
  // the first payment of an order has the ordinal 1, whether it was ever opened or not
  const ordinal = 2 + (state.status === 'none' ? 0 : (state.requested?.length ?? 0));
  const dueAt = new Date(Date.parse(at) + TIME_TO_PAY_MS).toISOString();
  return { paymentId: paymentIdOf(id, ordinal), ordinal, dueAt };
}
