import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { OrderOutcome } from './cancelOrder.js';

/**
 * Keeps an order from going on until somebody has decided.
 * @param decideWithinMinutes undecided by then, it is rejected
 */
export const holdOrder = (
  executor: Executor,
  id: OrderId,
  { detail, decideWithinMinutes }: { readonly detail: string; readonly decideWithinMinutes: number },
  context: CommandContext,
): Promise<OrderOutcome> =>
  executor.execute(
    order,
    orderStream(id),
    {
      type: 'HoldOrder',
      kind: 'manual',
      detail,
      decideBy: new Date(Date.parse(context.at) + decideWithinMinutes * 60_000).toISOString(),
    },
    context,
  );
