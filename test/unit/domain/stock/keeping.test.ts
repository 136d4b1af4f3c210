import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { representStock, stock } from '../../../../src/domain/stock/index.js';
import { aReservation, idOf, main, sku } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  commands,
  confirmed,
  consume,
  consumed,
  reduced,
  registered,
  release,
  released,
  reserve,
  reserved,
} from './histories.js';

const given = specificationOf(stock);
const adjust = (counted: number, reason = 'counted') => ({ type: 'AdjustStock', counted, reason }) as const;
const shortfall = (missing: number, ...numbers: number[]) =>
  ({
    type: 'StockShortfallDetected',
    data: { missing, reservations: numbers.map((number) => idOf('reservation', number)) },
  }) as const;

const depleted = { type: 'StockDepleted', data: {} } as const;

describe('registering stock', () => {
  it('says what is on the shelf and how it is kept', () => {
    given([]).when(commands.RegisterStock).then([registered()]);
    given([])
      .when({ ...commands.RegisterStock, threshold: 3, safety: 2, backorderLimit: 1, unit: 'kg' })
      .then([registered({ threshold: 3, safety: 2, backorderLimit: 1, unit: 'kg' })]);
  });

  for (const onHand of [-1, 0.5, Number.NaN]) {
    it(`refuses ${onHand} units`, () => {
      given([])
        .when({ ...commands.RegisterStock, onHand })
        .thenRejected('InvalidQuantity', { quantity: onHand });
    });
  }
});

describe('a shelf that was counted', () => {
  const adjustBy = (delta: number, adjustmentId?: string) =>
    ({ type: 'AdjustStock', delta, reason: 'broke', ...(adjustmentId === undefined ? {} : { adjustmentId }) }) as const;
  const adjusted = (from: number, to: number, named: object = {}) =>
    ({ type: 'StockAdjusted', data: { from, to, reason: 'broke', ...named } }) as const;

  it('holds so many more or less, and never less than nothing', () => {
    given([registered()])
      .when(adjustBy(-3))
      .then([adjusted(10, 7)]);
    given([registered()])
      .when(adjustBy(4))
      .then([adjusted(10, 14)]);
    given([registered()]).when(adjustBy(0)).thenNothing();
    given([registered()]).when(adjustBy(-11)).thenRejected('InvalidQuantity', { quantity: -11, minimum: -10 });
    given([registered()]).when(adjustBy(0.5)).thenRejected('InvalidQuantity');
  });

  it('is changed once by an adjustment that has a name', () => {
    const once = adjusted(10, 7, { adjustmentId: 'a' });
    given([registered()]).when(adjustBy(-3, 'a')).then([once]);
    given([registered(), once]).when(adjustBy(-3, 'a')).thenNothing();
    given([registered(), once])
      .when(adjustBy(-3, 'b'))
      .then([adjusted(7, 4, { adjustmentId: 'b' })]);
  });

  it('is remembered as it was counted, also where the count was right: the same said later changes nothing', () => {
    const right = { type: 'AdjustStock', counted: 10, reason: 'broke', adjustmentId: 'a' } as const;
    const counted = adjusted(10, 10, { adjustmentId: 'a' });
    given([registered()]).when(right).then([counted]);
    given([registered(), counted, adjusted(10, 7)])
      .when(right)
      .thenNothing();
  });

  it('is low, or sold out, where the count says so', () => {
    given([registered({ threshold: 4 })])
      .when(adjustBy(-6))
      .then([adjusted(10, 4), { type: 'LowStockReached', data: { available: 4, threshold: 4 } }]);
    given([registered({ threshold: 4 }), adjusted(10, 4)])
      .when(adjustBy(-1))
      .then([adjusted(4, 3)]);
    given([registered({ safety: 2 })])
      .when(adjustBy(-8))
      .then([adjusted(10, 2), { type: 'StockDepleted', data: {} }]);
  });
});

describe('reserving stock', () => {
  it('sets units aside', () => {
    given([registered()])
      .when(reserve(10))
      .then([reserved(10), { type: 'StockDepleted', data: {} }]);
  });

  it('refuses more than can be promised, and says how many could be', () => {
    given([registered(), reserved(8, 9)])
      .when(reserve(3))
      .thenRejected('InsufficientStock', { sku: sku('soup'), wanted: 3, available: 2 });
  });

  it('never promises the safety stock', () => {
    given([registered({ safety: 8 })])
      .when(reserve(3))
      .thenRejected('InsufficientStock', { wanted: 3, available: 2 });
  });

  it('promises beyond the shelf up to the backorder limit', () => {
    given([registered({ backorderLimit: 2 }), reserved(10, 9)])
      .when(reserve(2))
      .then([reserved(2)]);
    given([registered({ backorderLimit: 2 }), reserved(10, 9)])
      .when(reserve(3))
      .thenRejected('InsufficientStock', { wanted: 3, available: 2 });
  });

  it('has nothing to promise when a count found less than was promised', () => {
    given([registered(), reserved(8, 9), { type: 'StockAdjusted', data: { from: 10, to: 5, reason: 'counted' } }])
      .when(reserve(1))
      .thenRejected('InsufficientStock', { available: 0 });
  });

  it('tells when stock becomes low, once on the way down', () => {
    const item = registered({ threshold: 5 });
    given([item])
      .when(reserve(4))
      .then([reserved(4)]);
    given([item])
      .when(reserve(5))
      .then([reserved(5), { type: 'LowStockReached', data: { available: 5, threshold: 5 } }]);
    given([item, reserved(5, 9)])
      .when(reserve(1))
      .then([reserved(1)]);
  });

  it('is done once for one reservation', () => {
    given([registered(), reserved()]).when(reserve()).thenNothing();
    given([registered(), reserved(), consumed()]).when(reserve()).thenNothing();
  });

  it('is refused when the release overtook it, even before the item was registered', () => {
    given([released(0), registered()])
      .when(reserve())
      .thenRejected('ReservationClosed', { reservationId: aReservation });
  });

  for (const qty of [0, -3, 1.5]) {
    it(`refuses ${qty} units`, () => {
      given([registered()]).when(reserve(qty)).thenRejected('InvalidQuantity', { quantity: qty });
    });
  }
});

describe('a reservation', () => {
  it('that was released leaves its units to others', () => {
    given([registered(), reserved(10), released(10)])
      .when(reserve(10, 2))
      .then([reserved(10, 2), { type: 'StockDepleted', data: {} }]);
  });

  it('released twice frees its units once', () => {
    given([registered(), reserved(10)])
      .when(release())
      .then([released(10)]);
    given([registered(), reserved(10), released(10)])
      .when(release())
      .thenNothing();
  });

  it('that nobody knows cannot be confirmed, and it is said whether the item is known', () => {
    given([registered()])
      .when(commands.ConfirmReservation)
      .thenRejected('NotFound', { what: 'reservation', id: aReservation });
    given([]).when(commands.ConfirmReservation).thenRejected('NotFound', { what: 'stock' });
  });

  it('that is released unseen is closed', () => {
    given([registered()])
      .when(release())
      .then([released(0)]);
    given([])
      .when(release())
      .then([released(0)]);
  });

  it('can be consumed before it is confirmed; the confirmation then finds it done', () => {
    given([registered(), reserved(3)])
      .when(consume(2))
      .then([consumed(2)]);
    given([registered(), reserved(3), consumed(2)])
      .when(commands.ConfirmReservation)
      .thenNothing();
  });

  it('is consumed once by one and the same', () => {
    given([registered(), reserved(3), consumed(2)])
      .when(consume(2))
      .thenNothing();
    given([registered(), reserved(3), consumed(2)])
      .when(consume(1, 1, 'tkt_2'))
      .then([consumed(1, 1, 'tkt_2')]);
  });

  it('gives what it holds, and what is free the rest: units were called off when the kitchen had begun them', () => {
    const state = given([registered(), reserved(3), consumed(2)])
      .when(consume(2, 1, 'tkt_2'))
      .then([consumed(2, 1, 'tkt_2')]);
    expect(representStock(state, 3)).to.deep.include({ onHand: 6, reserved: 0, available: 6 });
  });

  it('is a shortfall where the rest was promised to others', () => {
    const state = given([registered({ onHand: 5 }), reserved(3), reserved(2, 2), reduced(1)])
      .when(consume(4))
      .then([consumed(4), depleted, shortfall(1, 2)]);
    expect(representStock(state, 5)).to.deep.include({ onHand: 1, reserved: 2, available: -1 });
  });

  it('lets units leave the shelf after it was released, once', () => {
    const history = [registered(), reserved(3), released(3)];
    const state = given(history)
      .when(consume(3))
      .then([consumed(3)]);
    expect(representStock(state, 3)).to.deep.include({ onHand: 7, reserved: 0, available: 7 });
    given([...history, consumed(3)])
      .when(consume(3))
      .thenNothing();
    given([...history, consumed(3)])
      .when(release())
      .thenNothing();
  });

  it('releases what was not consumed', () => {
    given([registered(), reserved(3), consumed(2)])
      .when(release())
      .then([released(1)]);
  });

  it('refuses to be consumed by a part of a unit', () => {
    given([registered(), reserved(3)])
      .when(consume(0.5))
      .thenRejected('InvalidQuantity', { quantity: 0.5 });
  });

  it('takes the last unit from the shelf without a shortfall', () => {
    given([registered({ onHand: 3 }), reserved(3)])
      .when(consume(3))
      .then([consumed(3)]);
  });

  it('is consumed even from an empty shelf: the kitchen has it in hand, the count was wrong', () => {
    const history = [
      registered(),
      reserved(3),
      { type: 'StockAdjusted', data: { from: 10, to: 1, reason: 'counted' } } as const,
    ];
    const state = given(history)
      .when(consume(3))
      .then([consumed(3), shortfall(2, 1)]);
    expect(representStock(state, 4)).to.deep.include({ onHand: 0, reserved: 0, available: 0 });
  });
});

describe('counting the shelf', () => {
  it('corrects what is on hand', () => {
    given([registered()])
      .when(adjust(12))
      .then([{ type: 'StockAdjusted', data: { from: 10, to: 12, reason: 'counted' } }]);
  });

  it('changes nothing when it was right', () => {
    given([registered()]).when(adjust(10)).thenNothing();
  });

  it('names whom a shortfall hits: the newest unpaid holds first, then the newest paid ones', () => {
    const history = [registered(), reserved(2, 1), reserved(2, 2), reserved(2, 3), reserved(2, 4), confirmed(4)];
    const counted = (to: number) => ({ type: 'StockAdjusted', data: { from: 10, to, reason: 'counted' } }) as const;
    given(history)
      .when(adjust(8))
      .then([counted(8), depleted]);
    given(history)
      .when(adjust(7))
      .then([counted(7), depleted, shortfall(1, 3)]);
    given(history)
      .when(adjust(5))
      .then([counted(5), depleted, shortfall(3, 3, 2)]);
    given(history)
      .when(adjust(0))
      .then([counted(0), depleted, shortfall(8, 3, 2, 1, 4)]);
  });

  it('names nobody whose reservation is over', () => {
    const history = [registered(), reserved(2, 1), reserved(2, 2), consumed(2, 2), reserved(2, 3), released(2, 3)];
    given(history)
      .when(adjust(1))
      .then([{ type: 'StockAdjusted', data: { from: 8, to: 1, reason: 'counted' } }, depleted, shortfall(1, 1)]);
  });

  it('needs a reason', () => {
    given([registered()]).when(adjust(3, ' ')).thenRejected('ReasonRequired');
  });

  it('refuses less than nothing', () => {
    given([registered()]).when(adjust(-1)).thenRejected('InvalidQuantity', { quantity: -1, minimum: 0 });
  });
});

describe('a stock item as clients see it', () => {
  it('is not there before it is registered, even when something was released', () => {
    expect(representStock(stock.initial, -1)).to.equal(undefined);
    expect(representStock(fold(stock, stock.initial, [released(0)]), 0)).to.equal(undefined);
  });

  it('shows what is there, what is promised and what is left', () => {
    const state = fold(stock, stock.initial, [registered({ safety: 1 }), reserved(3), confirmed(), reserved(2, 2)]);
    expect(representStock(state, 3)).to.deep.equal({
      sku: 'soup',
      locationId: main,
      onHand: 10,
      reserved: 5,
      available: 4,
      revision: 3,
    });
  });
});
