import type { StockEvent } from '../domain/stock/index.js';
import { nothingMore, type ProcessManager } from './engine/process.js';
import { toStock } from './engine/step.js';

const SENT: StockEvent['type'] = 'TransferredOut';

/** What one location sends another takes in. It kept stock of it when it was sent, and goes on doing so. */
export const transfer: ProcessManager<null> = {
  name: 'transfer',
  wants: (type) => type === SENT,
  key: ({ stream }) => stream,
  load: () => Promise.resolve(null),
  react: ({ event }) => {
    if (event.type !== 'TransferredOut') return [];
    const { sku, to, transferId, from, qty } = event.data;
    return [toStock(sku, to, 'take in', { type: 'TakeInTransfer', transferId, from, qty })];
  },
  settle: nothingMore,
};
