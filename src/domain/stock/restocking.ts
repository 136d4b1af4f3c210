import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import type { StockCommand } from './commands.js';
import type { StockEvent } from './events.js';
import { invalid, isWhole } from './levels.js';
import type { StockRejection } from './rejections.js';
import { happened, type RegisteredStock } from './state.js';

/** Units that a customer gave back: what can be sold is on the shelf again, what cannot is written off. */
export function restock(
  { returnId, orderId, qty, condition }: Extract<StockCommand, { type: 'RestockReturn' }>,
  stock: RegisteredStock,
): Decision<StockRejection, StockEvent> {
  if (happened(stock, returnId)) return alreadyTrue;
  if (!isWhole(qty, 1)) return refuse(invalid(qty, 1));
  const data = { returnId, orderId, qty };
  return record<StockEvent>(
    condition === 'sellable' ? { type: 'StockReturned', data } : { type: 'StockWrittenOff', data },
  );
}
