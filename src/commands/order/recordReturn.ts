import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type By, order, type ReturnedUnits } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { returnIdOf } from '../identity.js';
import type { OrderOutcome } from './cancelOrder.js';

export interface ReturnInput {
  readonly lines: readonly ReturnedUnits[];
  readonly reason?: string;
  readonly by: By;
  /** Names what came back at once, so that a repeat is the same. */
  readonly idempotencyKey: string;
}

/** Units that were handed over are back: what can be sold is on the shelf again by and by. Money is another matter. */
export const recordReturn = (
  executor: Executor,
  id: OrderId,
  { lines, reason, by, idempotencyKey }: ReturnInput,
  context: CommandContext,
): Promise<OrderOutcome> =>
  executor.execute(
    order,
    orderStream(id),
    {
      type: 'RecordReturn',
      returnId: returnIdOf(id, idempotencyKey),
      lines,
      by,
      ...(reason === undefined ? {} : { reason }),
    },
    context,
  );
