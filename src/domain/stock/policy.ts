import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import type { StockCommand } from './commands.js';
import type { StockEvent } from './events.js';
import { invalid, isWhole } from './levels.js';
import type { StockRejection } from './rejections.js';
import { available, type RegisteredStock } from './state.js';

/** Changes what is promised of the shelf. That may make it low, or sold out, although nothing has gone. */
export function setPolicy(
  { threshold, safety, backorderLimit }: Extract<StockCommand, { type: 'SetPolicy' }>,
  stock: RegisteredStock,
): Decision<StockRejection, StockEvent> {
  const wrong = [threshold, safety, backorderLimit].find((quantity) => !isWhole(quantity, 0));
  if (wrong !== undefined) return refuse(invalid(wrong, 0));
  const same = stock.threshold === threshold && stock.safety === safety && stock.backorderLimit === backorderLimit;
  if (same) return alreadyTrue;
  const before = available(stock);
  const after = available({ ...stock, safety });
  return record<StockEvent>(
    { type: 'StockPolicyChanged', data: { threshold, safety, backorderLimit } },
    ...turned(before, stock.threshold, after, threshold),
  );
}

/** What is said when it was not so before: all gone, or no more than the threshold. */
function turned(before: number, thresholdBefore: number, after: number, threshold: number): readonly StockEvent[] {
  if (before > 0 && after <= 0) return [{ type: 'StockDepleted', data: {} }];
  return before > thresholdBefore && after <= threshold
    ? [{ type: 'LowStockReached', data: { available: after, threshold } }]
    : [];
}
