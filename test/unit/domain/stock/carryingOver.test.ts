import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { reservationOf, stock, type StockCommand, type StockEvent } from '../../../../src/domain/stock/index.js';
import { anOrder, idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  carriedOver,
  confirmed,
  consume,
  consumed,
  registered,
  release,
  released,
  reserve,
  reserved,
  restore,
} from './histories.js';

const given = specificationOf(stock);
const [first, second] = [idOf('reservation', 1), idOf('reservation', 2)];
/** Everything that there is, is set aside for the first reservation. */
const soldOut = [registered({ onHand: 3 }), reserved(3), confirmed()];
const exchange = (qty: number, from = qty): StockCommand => ({
  ...reserve(qty, 2),
  from: [{ reservationId: first, qty: from }],
});
const backed = (qty: number): StockEvent => carriedOver(qty, 2, 1);
const back = (qty: number): StockEvent => ({
  type: 'ReservationReleased',
  data: { reservationId: second, orderId: anOrder, qty, why: 'short' },
});
const holds = (history: readonly StockEvent[]) => {
  const state = fold(stock, stock.initial, history);
  if (state.status === 'none') throw new Error('it was never counted');
  return [state.reserved, reservationOf(state, first)?.qty, reservationOf(state, second)?.qty];
};

describe('units that are exchanged for themselves', () => {
  it('need not be free: they are carried over, and nothing more is reserved than before', () => {
    given(soldOut)
      .when(exchange(2))
      .then([carriedOver(2)]);
    expect(holds([...soldOut, carriedOver(2)])).to.deep.equal([3, 1, 2]);
    given(soldOut).when(reserve(2, 2)).thenRejected('InsufficientStock', { wanted: 2, available: 0 });
  });

  it('are no more than the other reservation holds, and gives up; the rest has to be free', () => {
    given(soldOut).when(exchange(4, 2)).thenRejected('InsufficientStock', { wanted: 4, available: 2 });
    given([registered({ onHand: 4 }), reserved(3), confirmed()])
      .when(exchange(4, 9))
      .then([
        { type: 'StockReserved', data: { reservationId: second, orderId: anOrder, qty: 1 } },
        carriedOver(3),
        { type: 'StockDepleted', data: {} },
      ]);
    given([...soldOut, consumed(3)])
      .when(exchange(1))
      .thenRejected('InsufficientStock', { wanted: 1, available: 0 });
  });

  it('are not those of another order', () => {
    given(soldOut)
      .when({ ...exchange(1), orderId: idOf('order', 2) } as StockCommand)
      .thenRejected('InsufficientStock');
  });

  it('are taken from one reservation after the other', () => {
    given([registered({ onHand: 3 }), reserved(1), reserved(2, 3)])
      .when({
        ...reserve(3, 2),
        from: [
          { reservationId: first, qty: 1 },
          { reservationId: idOf('reservation', 3), qty: 2 },
        ],
      })
      .then([carriedOver(1), carriedOver(2, 3)]);
  });

  it('go back where nothing comes of it, as far as they are wanted there', () => {
    const carried = [...soldOut, carriedOver(2)];
    given(carried)
      .when(restore(2, 3))
      .then([backed(2), back(0)]);
    expect(holds([...carried, backed(2), back(0)])).to.deep.equal([3, 3, 0]);
    given(carried)
      .when(restore(2, 2))
      .then([backed(1), back(1)]);
    given(carried)
      .when(restore(2, 0))
      .then([back(2)]);
    given([...carried, backed(2), back(0)])
      .when(restore(2, 3))
      .thenNothing();
    given([...carried, backed(2), back(0)])
      .when(exchange(2))
      .thenRejected('ReservationClosed');
  });

  it('are free where the order is over by then, or the kitchen had begun with what was to go', () => {
    const all = [...soldOut, carriedOver(3)];
    given(all)
      .when(release())
      .then([released(0)]);
    given([...all, released(0)])
      .when(restore(2, 3))
      .then([back(3)]);
    given(all)
      .when(consume(3))
      .then([consumed(3), { type: 'StockShortfallDetected', data: { missing: 3, reservations: [second] } }]);
    given([...all, consumed(3)])
      .when(restore(2, 3))
      .then([back(3)]);
    expect(holds([...all, consumed(3), back(3)])).to.deep.equal([0, 0, 0]);
  });
});
