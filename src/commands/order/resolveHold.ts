import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type By, type LineQuantity, order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { paymentIdOf } from '../identity.js';
import type { OrderOutcome } from './cancelOrder.js';

export interface HoldDecision {
  readonly decision: 'accept' | 'reject' | 'amend';
  /** What to drop, for `amend`. */
  readonly lines?: readonly LineQuantity[];
  readonly reason?: string;
  readonly by: By;
}

/** Decides on a held order. Where it is accepted by that, the time to pay begins now. */
export async function resolveHold(
  executor: Executor,
  id: OrderId,
  decision: HoldDecision,
  context: CommandContext,
): Promise<OrderOutcome> {
  const stream = orderStream(id);
  // the payment window of an order never changes, so a cached state is as good as a fresh one
  const { state } = await executor.load(order, stream);
  const minutes = state.status === 'none' ? 0 : state.details.paymentWindowMinutes;
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
    },
    context,
  );
}
