import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import { stockStream } from '../../domain/kernel/streams.js';
import { stock } from '../../domain/stock/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { movementIdOf } from '../identity.js';
import type { StockPlace } from './moveStock.js';
import type { StockOutcome } from './registerStock.js';

/** Sets what is on hand to what was counted; what is reserved stays reserved, even where it is no longer covered. */
export const countStock = (
  executor: Executor,
  sku: Sku,
  locationId: LocationId,
  onHand: number,
  context: CommandContext,
): Promise<StockOutcome> => adjustStock(executor, { sku, locationId }, { counted: onHand, reason: 'counted' }, context);

/** What was found: so many units in all, or so many more (less, below 0) than were thought to be there. */
export type Found = { readonly counted: number } | { readonly delta: number };

/** The same, or a difference, and why. The same key of the same person is the same adjustment. */
export function adjustStock(
  executor: Executor,
  { sku, locationId }: StockPlace,
  { idempotencyKey, ...found }: Found & { readonly reason: string; readonly idempotencyKey?: string },
  context: CommandContext,
): Promise<StockOutcome> {
  const stream = stockStream(sku, locationId);
  const named =
    idempotencyKey === undefined ? {} : { adjustmentId: movementIdOf(stream, context.actor.id, idempotencyKey) };
  return executor.execute(stock, stream, { type: 'AdjustStock', ...found, ...named }, context);
}
