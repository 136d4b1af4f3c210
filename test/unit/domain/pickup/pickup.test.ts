import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { pickupCounter, type PickupEvent, pickupNumberOf } from '../../../../src/domain/pickup/index.js';
import { idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';

const given = specificationOf(pickupCounter);
const numbered = (ticket: number, pickupNo: number): PickupEvent => ({
  type: 'PickupNumberGiven',
  data: { ticketId: idOf('ticket', ticket), pickupNo },
});
const ask = (ticket: number) => ({ type: 'GivePickupNumber', ticketId: idOf('ticket', ticket) }) as const;

describe('a pickup counter', () => {
  it('begins with 1', () => {
    given([])
      .when(ask(1))
      .then([numbered(1, 1)]);
  });

  it('gives the next ticket the next number', () => {
    given([numbered(1, 1), numbered(2, 2)])
      .when(ask(3))
      .then([numbered(3, 3)]);
  });

  it('gives a ticket that asks again no other number', () => {
    given([numbered(1, 1), numbered(2, 2)])
      .when(ask(1))
      .thenNothing();
  });

  it('knows the number of every ticket of the day', () => {
    const state = fold(pickupCounter, pickupCounter.initial, [numbered(1, 1), numbered(2, 2)]);
    expect([1, 2, 3].map((n) => pickupNumberOf(state, idOf('ticket', n)))).to.deep.equal([1, 2, undefined]);
  });
});
