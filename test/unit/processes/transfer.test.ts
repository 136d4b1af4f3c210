import { expect } from 'chai';
import type { LocationId } from '../../../src/domain/kernel/ids.js';
import { stockStream } from '../../../src/domain/kernel/streams.js';
import { transfer } from '../../../src/processes/transfer.js';
import { main, sku } from '../../support/fixtures.js';
import { playEvent } from './support/play.js';
import { recorded } from './support/recorded.js';

describe('a transfer of stock', () => {
  const harbour = 'harbour' as LocationId;

  it('is taken in where it was sent to, by the same name', () => {
    const sent = {
      type: 'TransferredOut',
      data: { transferId: 't-1', sku: sku('tea'), from: main, to: harbour, qty: 3 },
    } as const;
    expect(playEvent(transfer, recorded(stockStream(sku('tea'), main), sent), null)).to.deep.equal([
      [
        {
          kind: 'stock',
          name: 'take in',
          stream: stockStream(sku('tea'), harbour),
          command: { type: 'TakeInTransfer', transferId: 't-1', from: main, qty: 3 },
        },
      ],
    ]);
  });

  it('is nobody else’s business', () => {
    expect(transfer.wants('TransferredOut')).to.equal(true);
    for (const other of ['TransferredIn', 'StockReceived', 'StockAdjusted'] as const) {
      expect(transfer.wants(other)).to.equal(false);
    }
  });
});
