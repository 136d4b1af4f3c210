import type { Either } from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type Order, order, type OrderEvent, type OrderRejection } from '../../domain/order/index.js';
import type { CancellationEnd } from '../../domain/settings/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';
import { cancellationIdOf } from '../identity.js';

export type OrderOutcome<Besides = never> = Either<
  OrderRejection | ExecutorRejection | Besides,
  Committed<Order, OrderEvent>
>;

export interface CancelOrderInput {
  readonly reason: string;
  readonly by: 'customer' | 'staff' | 'merchant';
  /** Stop the kitchen even where it has begun. */
  readonly force?: boolean;
  /** What ends the time in which customers cancel by themselves, as the settings say. */
  readonly customersUntil?: CancellationEnd;
  /** Names the cancellation, so that a repeat is the same one. */
  readonly idempotencyKey?: string;
}

/** Cancels an order that is not confirmed yet; of one that is, it is a wish. One that is cancelled stays so, and that is no error. */
export const cancelOrder = (
  executor: Executor,
  id: OrderId,
  { reason, by, idempotencyKey, force, customersUntil }: CancelOrderInput,
  context: CommandContext,
): Promise<OrderOutcome> =>
  executor.execute(
    order,
    orderStream(id),
    {
      type: 'RequestCancellation',
      reason,
      by,
      ...(force === undefined ? {} : { force }),
      ...(customersUntil === undefined ? {} : { customersUntil }),
      cancellationId: cancellationIdOf(id, idempotencyKey ?? context.commandId),
    },
    context,
  );
