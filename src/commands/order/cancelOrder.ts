import type { Either } from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type Order, order, type OrderEvent, type OrderRejection } from '../../domain/order/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';
import { cancellationIdOf } from '../identity.js';

export type OrderOutcome = Either<OrderRejection | ExecutorRejection, Committed<Order, OrderEvent>>;

export interface CancelOrderInput {
  readonly reason: string;
  readonly by: 'customer' | 'staff' | 'merchant';
  /** Names the cancellation, so that a repeat is the same one. */
  readonly idempotencyKey?: string;
}

/** Cancels an order that is not paid yet; one that is cancelled already stays so, and that is no error. */
export const cancelOrder = (
  executor: Executor,
  id: OrderId,
  { reason, by, idempotencyKey }: CancelOrderInput,
  context: CommandContext,
): Promise<OrderOutcome> =>
  executor.execute(
    order,
    orderStream(id),
    {
      type: 'RequestCancellation',
      reason,
      by,
      cancellationId: cancellationIdOf(id, idempotencyKey ?? context.commandId),
    },
    context,
  );
