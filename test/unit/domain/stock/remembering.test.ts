import { expect } from 'chai';
import { FINISHED_KEPT, reservationOf, stock, type StockEvent } from '../../../../src/domain/stock/index.js';
import { idOf } from '../../../support/fixtures.js';
import { consumed, histories, registered, released, reserved } from './histories.js';

/** A stock item after `count` reservations that came and went. */
function busy(count: number) {
  let state = stock.evolve(stock.initial, registered());
  for (let number = 1; number <= count; number++) {
    const over: StockEvent = number % 2 === 0 ? released(1, number) : consumed(1, number);
    state = stock.evolve(stock.evolve(state, reserved(1, number)), over);
  }
  return state;
}

describe('the memory of a stock item', () => {
  const beyond = 3;
  const state = busy(FINISHED_KEPT + beyond);

  it('keeps the last 10,000 finished reservations and forgets the oldest', () => {
    for (let number = 1; number <= beyond; number++) {
      expect(reservationOf(state, idOf('reservation', number))).to.equal(undefined);
    }
    expect(reservationOf(state, idOf('reservation', beyond + 1))?.status).to.equal('released');
    expect(reservationOf(state, idOf('reservation', beyond + 2))?.status).to.equal('consumed');
    expect(state.reservations.byId.size).to.equal(FINISHED_KEPT);
  });

  it('never forgets one that holds units', () => {
    const old = stock.evolve(state, reserved(1, 999_999));
    let now = old;
    for (let number = 20_001; number <= 20_000 + FINISHED_KEPT; number++) now = stock.evolve(now, released(0, number));
    expect(reservationOf(now, idOf('reservation', 999_999))?.status).to.equal('held');
  });

  it('survives a snapshot, and forgets in the same order afterwards', () => {
    const { toJson, fromJson } = stock.snapshot!;
    const restored = fromJson(JSON.parse(JSON.stringify(toJson(state))));
    expect(restored).to.deep.equal(state);
    const next = released(0, 999_998);
    expect(stock.evolve(restored, next)).to.deep.equal(stock.evolve(state, next));
  });

  for (const [name, history] of Object.entries(histories)) {
    it(`survives a snapshot in the state "${name}"`, () => {
      const before = (history as readonly StockEvent[]).reduce(stock.evolve, stock.initial);
      const { toJson, fromJson } = stock.snapshot!;
      expect(fromJson(JSON.parse(JSON.stringify(toJson(before))))).to.deep.equal(before);
    });
  }
});
