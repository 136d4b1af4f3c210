import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import type { StockCommand } from './commands.js';
import type { StockEvent } from './events.js';
import { invalid, isWhole, lowered } from './levels.js';
import type { StockRejection } from './rejections.js';
import { available, happened, type RegisteredStock } from './state.js';

type Command<Type extends StockCommand['type']> = Extract<StockCommand, { type: Type }>;
type StockDecision = Decision<StockRejection, StockEvent>;

/** Goods came in. */
export function receive(command: Command<'ReceiveStock'>, stock: RegisteredStock): StockDecision {
  const { receiptId, qty, ref, cost } = command;
  if (happened(stock, receiptId)) return alreadyTrue;
  if (!isWhole(qty, 1)) return refuse(invalid(qty, 1));
  return record({
    type: 'StockReceived',
    data: { receiptId, qty, ref, ...(cost === undefined ? {} : { cost }) },
  });
}

/** Units leave for another location. What somebody was promised stays. */
export function send({ transferId, to, qty }: Command<'SendTransfer'>, stock: RegisteredStock): StockDecision {
  if (happened(stock, transferId)) return alreadyTrue;
  if (!isWhole(qty, 1)) return refuse(invalid(qty, 1));
  const { sku, locationId } = stock;
  if (to === locationId) return alreadyTrue;
  const before = available(stock);
  if (before < qty) return refuse({ _tag: 'InsufficientStock', sku, wanted: qty, available: Math.max(0, before) });
  return record<StockEvent>(
    { type: 'TransferredOut', data: { transferId, sku, from: locationId, to, qty } },
    ...lowered(stock, before, before - qty),
  );
}

/** What another location sent is here. */
export function takeIn({ transferId, from, qty }: Command<'TakeInTransfer'>, stock: RegisteredStock): StockDecision {
  if (happened(stock, transferId)) return alreadyTrue;
  return record({ type: 'TransferredIn', data: { transferId, from, qty } });
}
