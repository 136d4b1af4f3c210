import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { expect } from 'chai';
import type { LocationId } from '../../../../src/domain/kernel/ids.js';
import { stock, type StockEvent } from '../../../../src/domain/stock/index.js';
import { MOVED_KEPT } from '../../../../src/domain/stock/state.js';
import { anOrder, main, sku } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import { registered, reserved } from './histories.js';

const given = specificationOf(stock);
const harbour = 'harbour' as LocationId;
const received = (receiptId: string, qty: number): StockEvent => ({
  type: 'StockReceived',
  data: { receiptId, qty, ref: 'note 1' },
});
const sent = (transferId: string, qty: number): StockEvent => ({
  type: 'TransferredOut',
  data: { transferId, sku: sku('soup'), from: main, to: harbour, qty },
});
const send = (qty: number, transferId = 't-1') => ({ type: 'SendTransfer', transferId, to: harbour, qty }) as const;
const onHandAfter = (...events: readonly StockEvent[]): number | undefined => {
  const state = fold(stock, stock.initial, events);
  return state.status === 'none' ? undefined : state.onHand;
};

describe('a stock item whose units come and go', () => {
  it('takes a receipt once, however often it is told', () => {
    const receive = { type: 'ReceiveStock', receiptId: 'r-1', qty: 5, ref: 'note 1' } as const;
    given([registered()])
      .when(receive)
      .then([received('r-1', 5)]);
    given([registered(), received('r-1', 5)])
      .when(receive)
      .then([]);
    expect(onHandAfter(registered(), received('r-1', 5), received('r-2', 1))).to.equal(16);
  });

  it('has on the shelf what a customer gave back and can be sold, and not what cannot; each once', () => {
    const back = { type: 'RestockReturn', returnId: 'ret-1', orderId: anOrder, qty: 2 } as const;
    const returned = { returnId: 'ret-1', orderId: anOrder, qty: 2 };
    const sellable: StockEvent = { type: 'StockReturned', data: returned };
    const damaged: StockEvent = { type: 'StockWrittenOff', data: returned };
    given([registered()])
      .when({ ...back, condition: 'sellable' })
      .then([sellable]);
    given([registered()])
      .when({ ...back, condition: 'damaged' })
      .then([damaged]);
    for (const before of [sellable, damaged]) {
      given([registered(), before])
        .when({ ...back, condition: 'sellable' })
        .then([]);
    }
    given([registered()])
      .when({ ...back, qty: 0, condition: 'sellable' })
      .thenRejected('InvalidQuantity');
    expect(onHandAfter(registered(), sellable)).to.equal(12);
    expect(onHandAfter(registered(), damaged)).to.equal(10);
  });

  it('sends what nobody was promised, and not a unit more', () => {
    given([registered(), reserved(3)])
      .when(send(7))
      .then([sent('t-1', 7), { type: 'StockDepleted', data: {} }]);
    given([registered({ safety: 2 }), reserved(3)])
      .when(send(6))
      .thenRejected('InsufficientStock');
    given([registered({ threshold: 5 })])
      .when(send(6))
      .then([sent('t-1', 6), { type: 'LowStockReached', data: { available: 4, threshold: 5 } }]);
    expect(onHandAfter(registered(), sent('t-1', 4))).to.equal(6);
  });

  it('sends a transfer once, and nothing to where it is already', () => {
    given([registered(), sent('t-1', 4)])
      .when(send(4))
      .then([]);
    given([registered()])
      .when({ ...send(4), to: main })
      .then([]);
    given([registered()]).when(send(0)).thenRejected('InvalidQuantity');
  });

  it('takes a transfer in once', () => {
    const takeIn = { type: 'TakeInTransfer', transferId: 't-2', from: harbour, qty: 2 } as const;
    const taken: StockEvent = { type: 'TransferredIn', data: { transferId: 't-2', from: harbour, qty: 2 } };
    given([registered()]).when(takeIn).then([taken]);
    given([registered(), taken]).when(takeIn).then([]);
    expect(onHandAfter(registered(), taken)).to.equal(12);
  });

  it('remembers the last thousand of them, also in its snapshot', () => {
    const many = Array.from({ length: MOVED_KEPT + 1 }, (_, n) => received(`r-${n}`, 1));
    const state = fold(stock, stock.initial, [registered(), ...many]);
    if (state.status === 'none') throw new Error('it is not there');
    expect([state.moved?.length, state.moved?.includes('r-0'), state.moved?.includes(`r-${MOVED_KEPT}`)]).to.deep.equal(
      [MOVED_KEPT, false, true],
    );
    const stored: unknown = JSON.parse(JSON.stringify(stock.snapshot?.toJson(state)));
    expect(stock.snapshot?.fromJson(stored)).to.deep.equal(state);
  });
});
