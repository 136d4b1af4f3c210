import { majorUnits } from '../../domain/kernel/currency.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type LineQuantity, order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { OrderOutcome } from './cancelOrder.js';

export interface RefundInput {
  readonly refund: { readonly amount: Money } | { readonly lines: readonly LineQuantity[] };
  readonly note: string;
  /** Names the wish, so that a repeat is the same one. */
  readonly idempotencyKey: string;
  /** Up to how much nobody has to approve it, by its currency: in major units. */
  readonly automaticUpTo: (currency: string) => number;
}

/** Gives money back as a favour; above a limit somebody has to approve it. */
export async function grantRefund(
  executor: Executor,
  id: OrderId,
  { refund, note, idempotencyKey, automaticUpTo }: RefundInput,
  context: CommandContext,
): Promise<OrderOutcome> {
  const stream = orderStream(id);
  // the currency of an order never changes, so a cached state is as good as a fresh one
  const { state } = await executor.load(order, stream);
  const { currency } = state.status === 'none' ? { currency: '' } : state.details.total;
  const limit = majorUnits(automaticUpTo(currency), currency);
  return executor.execute(
    order,
    stream,
    {
      type: 'GrantRefund',
      refundKey: `wish:${context.actor.id}:${idempotencyKey}`,
      refund,
      reason: 'goodwill',
      note,
      automaticUpTo: limit,
    },
    context,
  );
}
