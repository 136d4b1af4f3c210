import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import { stockStream } from '../../domain/kernel/streams.js';
import { stock } from '../../domain/stock/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { StockOutcome } from './registerStock.js';

/** Sets what is on hand to what was counted; what is reserved stays reserved, even where it is no longer covered. */
export const countStock = (
  executor: Executor,
  sku: Sku,
  locationId: LocationId,
  onHand: number,
  context: CommandContext,
  reason = 'counted',
): Promise<StockOutcome> =>
  executor.execute(stock, stockStream(sku, locationId), { type: 'AdjustStock', counted: onHand, reason }, context);
