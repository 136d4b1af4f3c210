import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type LineQuantity, order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { cancellationIdOf } from '../identity.js';
import type { CancelOrderInput, OrderOutcome } from './cancelOrder.js';

/** Calls off some units of a confirmed order; what was paid for them goes back. */
export const cancelLines = (
  executor: Executor,
  id: OrderId,
  { reason, by, idempotencyKey, customersUntil, lines }: CancelOrderInput & { readonly lines: readonly LineQuantity[] },
  context: CommandContext,
): Promise<OrderOutcome> =>
  executor.execute(
    order,
    orderStream(id),
    {
      type: 'CancelLines',
      cancellationId: cancellationIdOf(id, idempotencyKey ?? context.commandId),
      lines,
      reason,
      by,
      at: context.at,
      ...(customersUntil === undefined ? {} : { customersUntil }),
    },
    context,
  );
