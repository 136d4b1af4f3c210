import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { order, type OrderEvent, representOrder } from '../../../../src/domain/order/index.js';
import { idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import { commands, histories, linesReturned, orderCompleted } from './histories.js';

const given = specificationOf(order);
const { RecordReturn: one } = commands;
const units = (...lines: readonly (readonly [line: number, qty: number, condition?: 'sellable' | 'damaged'])[]) =>
  lines.map(([n, qty, condition = 'sellable' as const]) => ({ lineId: idOf('line', n), qty, condition }));
const shown = (history: readonly OrderEvent[]) => {
  const view = representOrder(fold(order, order.initial, history), history.length - 1);
  if (!view) throw new Error('there is no order');
  return view;
};

describe('what comes back of an order', () => {
  it('is counted once, with why and how it came', () => {
    const lines = units([1, 1], [1, 1, 'damaged'], [2, 2]);
    given(histories.fulfilled)
      .when({ ...one, lines, reason: 'too large' })
      .then([
        { type: 'LinesReturned', data: { returnId: idOf('return', 1), lines, by: 'staff', reason: 'too large' } },
      ]);
    given([...histories.fulfilled, linesReturned()])
      .when(one)
      .then([]);
  });

  it('is never more of a line than was handed over and is not back yet', () => {
    given([...histories.completed, linesReturned(units([1, 1]), 2)])
      .when({ ...one, lines: units([1, 1], [1, 1, 'damaged'], [3, 1]) })
      .thenRejected('QuantityNotAvailable', {
        lines: [
          { lineId: idOf('line', 1), wanted: 2, available: 1 },
          { lineId: idOf('line', 3), wanted: 1, available: 0 },
        ],
      });
    given([...histories.completed, linesReturned(units([1, 1]), 2)])
      .when({ ...one, lines: units([1, 1]) })
      .then([linesReturned(units([1, 1]))]);
    given(histories.fulfilled)
      .when({ ...one, lines: [] })
      .thenRejected('NoLines');
    given(histories.fulfilled)
      .when({ ...one, lines: units([1, 0]) })
      .thenRejected('InvalidQuantity');
  });

  it('is shown: how many units, and whether that is all', () => {
    const some = shown([...histories.fulfilled, linesReturned(units([1, 1]))]);
    expect(some.lines.map(({ returned }) => returned)).to.deep.equal([1, undefined]);
    expect([some.returns.status, some.status]).to.deep.equal(['partial', 'fulfilled']);
    expect(some.allowed).to.include('take_back');
    const all = shown([...histories.fulfilled, linesReturned(units([1, 2], [2, 2, 'damaged'])), orderCompleted]);
    expect([all.returns.status, all.status]).to.deep.equal(['full', 'completed']);
    expect(all.allowed).not.to.include('take_back');
    expect(shown(histories.fulfilled).returns.status).to.equal('none');
    expect(shown(histories.in_fulfilment).allowed).not.to.include('take_back');
  });
});
