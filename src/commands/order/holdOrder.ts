import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { OrderOutcome } from './cancelOrder.js';

/**
 * Keeps an order from going on until somebody has decided. A shortage the customer may decide on, too.
 * @param decideWithinMinutes undecided by then, it is rejected
 */
export const holdOrder = (
  executor: Executor,
  id: OrderId,
  {
    kind,
    detail,
    decideWithinMinutes,
  }: { readonly kind: 'manual' | 'shortage'; readonly detail: string; readonly decideWithinMinutes: number },
  context: CommandContext,
): Promise<OrderOutcome> =>
  executor.execute(
    order,
    orderStream(id),
    {
      type: 'HoldOrder',
      kind,
      detail,
      decideBy: new Date(Date.parse(context.at) + decideWithinMinutes * 60_000).toISOString(),
    },
    context,
  );
