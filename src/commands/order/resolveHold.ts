import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type By, type LineQuantity, type Order, order, type OrderCommand } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { paymentIdOf } from '../identity.js';
import type { OrderOutcome } from './cancelOrder.js';
import { additionalPayment, endedPayment } from './requestPayment.js';

export interface HoldDecision {
  readonly decision: 'accept' | 'reject' | 'amend';
  /** What to drop, for `amend`. */
  readonly lines?: readonly LineQuantity[];
  readonly reason?: string;
  readonly by: By;
}

/**
 * Decides on a held order. Where it is accepted by that, or goes on waiting for its payment, the time to pay begins now; where
 * nobody can pay that one any more, another payment is asked for in the same word.
 */
export async function resolveHold(
  executor: Executor,
  id: OrderId,
  decision: HoldDecision,
  context: CommandContext,
): Promise<OrderOutcome> {
  const stream = orderStream(id);
  const { state } = await executor.load(order, stream, { fresh: true });
  const minutes = state.status === 'none' ? 0 : state.details.paymentWindowMinutes;
  const another = decision.decision === 'reject' ? undefined : await anotherPayment(executor, id, state, context.at);
  return executor.execute(
    order,
    stream,
    {
      type: 'ResolveHold',
      ...decision,
      at: context.at,
      acceptance: {
        paymentId: paymentIdOf(id, 1),
        paymentDueAt: new Date(Date.parse(context.at) + minutes * 60_000).toISOString(),
      },
      ...(another === undefined ? {} : { another }),
    },
    context,
  );
}

/** What an order is to be paid by whose page was closed while it was held; what closes later is seen to by the payment deadline. */
async function anotherPayment(
  executor: Executor,
  id: OrderId,
  state: Order,
  at: string,
): Promise<Extract<OrderCommand, { type: 'ResolveHold' }>['another']> {
  if (state.status !== 'on_hold' || state.hold.resumeTo !== 'awaiting_payment') return undefined;
  const insteadOf = await endedPayment(executor, state);
  if (insteadOf === undefined) return undefined;
  const { paymentId, ordinal } = additionalPayment(id, state, at);
  return { insteadOf, paymentId, ordinal };
}
