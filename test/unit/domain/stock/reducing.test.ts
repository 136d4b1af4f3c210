import { expect } from 'chai';
import { stock } from '../../../../src/domain/stock/index.js';
import { anOrder, aReservation } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import { confirmed, consumed, reduced, registered, released, reserved } from './histories.js';

const given = specificationOf(stock);
const keep = (units: number) =>
  ({
    type: 'ReduceReservation',
    reservationId: aReservation,
    orderId: anOrder,
    keep: units,
    why: 'cancelled',
  }) as const;
const held = [registered(), reserved(4), confirmed()];

describe('a reservation of which less is wanted', () => {
  it('gives back the rest', () => {
    const state = given(held)
      .when(keep(3))
      .then([reduced(1)]);
    if (state.status === 'none') throw new Error('there is no such item');
    expect(state.reserved).to.equal(3);
  });

  it('counts what was used already', () => {
    given([...held, consumed(2)])
      .when(keep(3))
      .then([reduced(1)]);
    given([...held, consumed(3)])
      .when(keep(3))
      .then([released(1)]);
  });

  it('is over when nothing of it is wanted', () => {
    given(held)
      .when(keep(0))
      .then([released(4)]);
  });

  it('is told so as often as one likes', () => {
    given([...held, reduced(1)])
      .when(keep(3))
      .thenNothing();
  });

  it('has nothing to give back when it was never made', () => {
    given([registered()]).when(keep(1)).thenNothing();
  });
});
