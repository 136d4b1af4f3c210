import { stock, type StockEvent } from '../../../../src/domain/stock/index.js';
import { sku } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import { registered, reserve, reserved } from './histories.js';

const given = specificationOf(stock);
const policy = (change: Partial<Record<'threshold' | 'safety' | 'backorderLimit', number>> = {}) => ({
  threshold: 0,
  safety: 0,
  backorderLimit: 0,
  ...change,
});
const set = (change: Parameters<typeof policy>[0]) => ({ type: 'SetPolicy', ...policy(change) }) as const;
const changed = (change: Parameters<typeof policy>[0]): StockEvent => ({
  type: 'StockPolicyChanged',
  data: policy(change),
});

describe('what is promised of a stock item', () => {
  // ten are there, three are reserved
  const shelf = [registered(), reserved()];

  it('changes nothing where it holds already', () => {
    given(shelf).when(set({})).thenNothing();
  });

  it('makes it low, or sells it out, although nothing has gone', () => {
    given(shelf)
      .when(set({ threshold: 7 }))
      .then([changed({ threshold: 7 }), { type: 'LowStockReached', data: { available: 7, threshold: 7 } }]);
    given(shelf)
      .when(set({ threshold: 6 }))
      .then([changed({ threshold: 6 })]);
    // it was low before
    given([...shelf, changed({ threshold: 8 })])
      .when(set({ threshold: 9 }))
      .then([changed({ threshold: 9 })]);
    given(shelf)
      .when(set({ threshold: 7, safety: 7 }))
      .then([changed({ threshold: 7, safety: 7 }), { type: 'StockDepleted', data: {} }]);
  });

  it('holds for the next one who wants some', () => {
    given([...shelf, changed({ safety: 5 })])
      .when(reserve(3, 2))
      .thenRejected('InsufficientStock', { sku: sku('soup'), wanted: 3, available: 2 });
    given([...shelf, changed({ backorderLimit: 1 })])
      .when(reserve(8, 2))
      .then([reserved(8, 2), { type: 'StockDepleted', data: {} }]);
  });

  it('is a whole number of units, none below nothing', () => {
    const maximum = Number.MAX_SAFE_INTEGER;
    for (const quantity of [-1, 0.5, Number.NaN]) {
      given(shelf)
        .when(set({ safety: quantity }))
        .thenRejected('InvalidQuantity', { quantity, minimum: 0, maximum });
    }
  });
});
