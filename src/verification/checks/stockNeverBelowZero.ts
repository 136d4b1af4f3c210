import { categoryOf } from '../../domain/kernel/streams.js';
import { available, type RegisteredStock, stock, type Stock } from '../../domain/stock/index.js';
import { type Change, type Check, NOTHING } from '../check.js';
import type { Finding } from '../difference.js';

/** Looked at after every single event: an item that was oversold for a moment was oversold. */
export const stockNeverBelowZero: Check = {
  name: 'stock-never-below-zero',
  rule: 'at no event is an item below zero, and none is reserved beyond what is there and its backorder limit',
  begin: () => ({
    change: (change) => (categoryOf(change.recorded.stream) === stock.category ? belowZero(change) : NOTHING),
  }),
};

function* belowZero({ recorded: { stream, revision, event }, before, after }: Change): Generator<Finding, void> {
  const item = after as Stock;
  if (item.status === 'none') return;
  const where = `${stream}@${revision}`;
  if (item.onHand < 0) yield { where, text: 'fewer than nothing are on hand', expected: 0, found: item.onHand };
  if (item.reserved < 0) yield { where, text: 'fewer than nothing are reserved', expected: 0, found: item.reserved };
  if (event.type === 'StockReserved' && available(item) < -item.backorderLimit) {
    yield {
      where,
      text: `order ${event.data.orderId} reserved ${event.data.qty} of ${freeBefore(before as RegisteredStock)} that could be promised`,
      expected: `at least ${-item.backorderLimit} left to promise`,
      found: available(item),
    };
  }
}

const freeBefore = (item: RegisteredStock): number => available(item) + item.backorderLimit;
