import type { ExistingOrder } from '../domain/order/index.js';
import { nothingMore, type ProcessManager } from './engine/process.js';
import { orderAt, toStockOf } from './orderLines.js';

/**
 * Returning: what came back of an order goes onto the shelf again, or is written off, as far as stock is kept of it. What it cost
 * is given back, or not, by whoever decides on that.
 */
export const returning: ProcessManager<ExistingOrder> = {
  name: 'returning',
  wants: (type) => type === 'LinesReturned',
  key: ({ stream }) => stream,
  load: (recorded, folds) => orderAt(recorded, folds),
  react: ({ event }, { details, lines: known }) => {
    if (event.type !== 'LinesReturned') return [];
    const { returnId, lines } = event.data;
    return lines.flatMap(({ lineId, qty, condition }, place) => {
      const line = known.find((one) => one.lineId === lineId && one.track);
      if (line === undefined) return [];
      return [
        toStockOf(details, line, `restock ${place}`, {
          type: 'RestockReturn',
          // one article may come back by several lines, and a line in several conditions
          returnId: `${returnId}/${place}`,
          orderId: details.orderId,
          qty,
          condition,
        }),
      ];
    });
  },
  settle: nothingMore,
};
