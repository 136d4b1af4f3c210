import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { countedOn, loadOf, pickupCounter, type PickupEvent, pickupOf } from '../../../../src/domain/pickup/index.js';
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
    expect([1, 2, 3].map((n) => pickupOf(state, idOf('ticket', n))?.pickupNo)).to.deep.equal([1, 2, undefined]);
  });
});

describe('a kitchen that can make only so much at a time', () => {
  const wants = (ticket: number, units: number, from = '2024-05-04T12:07:00.000Z') =>
    ({ ...ask(ticket), load: { units, from, capacity: 10 } }) as const;
  const placed = (ticket: number, units: number, time: string): PickupEvent => ({
    type: 'PickupNumberGiven',
    data: { ticketId: idOf('ticket', ticket), pickupNo: ticket, quarter: `2024-05-04T${time}:00.000Z`, units },
  });

  it('makes a ticket in the quarter of an hour in which it is wanted, up to what it can', () => {
    given([])
      .when(wants(1, 6))
      .then([placed(1, 6, '12:00')]);
    given([placed(1, 6, '12:00')])
      .when(wants(2, 4))
      .then([placed(2, 4, '12:00')]);
  });

  it('makes what is too much in the next one that has room', () => {
    const evening = [placed(1, 6, '12:00'), placed(2, 10, '12:15')];
    given(evening)
      .when(wants(3, 5))
      .then([placed(3, 5, '12:30')]);
    given(evening)
      .when(wants(3, 4))
      .then([placed(3, 4, '12:00')]);
  });

  it('makes more than it can in a quarter that has nothing else', () => {
    given([placed(1, 1, '12:00')])
      .when(wants(2, 25))
      .then([placed(2, 25, '12:15')]);
  });

  const left = (ticket: number, units: number): PickupEvent => ({
    type: 'KitchenLoadChanged',
    data: { ticketId: idOf('ticket', ticket), units },
  });
  const keeps = (ticket: number, units: number) =>
    ({ type: 'ChangeKitchenLoad', ticketId: idOf('ticket', ticket), units }) as const;

  it('has room again for what is called off', () => {
    given([placed(1, 10, '12:00')])
      .when(keeps(1, 0))
      .then([left(1, 0)]);
    given([placed(1, 10, '12:00'), left(1, 0)])
      .when(wants(2, 10))
      .then([placed(2, 10, '12:00')]);
    given([placed(1, 10, '12:00'), left(1, 7)])
      .when(wants(2, 4))
      .then([placed(2, 4, '12:15')]);
  });

  it('has less room for what came on top', () => {
    given([placed(1, 4, '12:00'), left(1, 8)])
      .when(wants(2, 4))
      .then([placed(2, 4, '12:15')]);
  });

  it('is told once, and not by a ticket that has no time in it', () => {
    given([placed(1, 10, '12:00'), left(1, 3)])
      .when(keeps(1, 3))
      .thenNothing();
    given([numbered(1, 1)])
      .when(keeps(1, 3))
      .thenNothing();
    given([]).when(keeps(1, 0)).thenNothing();
  });

  const noon = '2024-05-04T12:00:00.000Z';
  const evening = '2024-05-04T18:00:00.000Z';
  const moves = (ticket: number, quarter: string, units: number) =>
    ({ type: 'PlaceKitchenLoad', ticketId: idOf('ticket', ticket), quarter, units }) as const;
  const moved = (ticket: number, quarter: string, units: number): PickupEvent => ({
    type: 'KitchenLoadPlaced',
    data: { ticketId: idOf('ticket', ticket), quarter, units },
  });
  const leaves = (ticket: number) => ({ type: 'RemoveKitchenLoad', ticketId: idOf('ticket', ticket) }) as const;
  const gone = (ticket: number): PickupEvent => ({
    type: 'KitchenLoadRemoved',
    data: { ticketId: idOf('ticket', ticket) },
  });

  it('counts a ticket in the quarter of its newest promise, and in no other, also where there is no room', () => {
    const full = [placed(1, 10, '12:00'), placed(2, 10, '18:00')];
    const state = given(full)
      .when(moves(1, evening, 10))
      .then([moved(1, evening, 10)]);
    expect([loadOf(state, noon), loadOf(state, evening)]).to.deep.equal([0, 20]);
    expect(pickupOf(state, idOf('ticket', 1))).to.deep.equal({ pickupNo: 1, quarter: evening, units: 10 });
    given([...full, moved(1, evening, 10)])
      .when(moves(1, evening, 10))
      .thenNothing();
    given([...full, moved(1, evening, 10)])
      .when(wants(3, 10))
      .then([placed(3, 10, '12:00')]);
  });

  it('counts a ticket whose number is of another day without one, and gives it one where it asks', () => {
    const state = given([placed(1, 4, '12:00')])
      .when(moves(2, evening, 3))
      .then([moved(2, evening, 3)]);
    expect(pickupOf(state, idOf('ticket', 2))).to.deep.equal({ quarter: evening, units: 3 });
    const asked = given([placed(1, 4, '12:00'), moved(2, evening, 3)])
      .when(ask(2))
      .then([numbered(2, 2)]);
    expect(pickupOf(asked, idOf('ticket', 2))).to.deep.equal({ pickupNo: 2, quarter: evening, units: 3 });
    expect(loadOf(asked, evening)).to.equal(3);
  });

  it('has nothing to do any more with what is made on another day, whatever comes on top there', () => {
    const state = given([placed(1, 4, '12:00')])
      .when(leaves(1))
      .then([gone(1)]);
    expect([loadOf(state, noon), pickupOf(state, idOf('ticket', 1))?.pickupNo]).to.deep.equal([0, 1]);
    const history = [placed(1, 4, '12:00'), gone(1)];
    given(history).when(leaves(1)).thenNothing();
    given(history).when(keeps(1, 6)).thenNothing();
    given(history)
      .when(moves(1, noon, 4))
      .then([moved(1, noon, 4)]);
    given([]).when(leaves(1)).thenNothing();
  });

  it('gives a ticket that asks again no other time', () => {
    given([placed(1, 6, '12:00'), placed(2, 10, '12:15')])
      .when(wants(1, 6, '2024-05-04T13:00:00.000Z'))
      .thenNothing();
  });
});

describe('the business day that a ticket is counted on', () => {
  it('is its own, until its counter may be gone', () => {
    for (const now of ['2024-05-04T12:00:00.000Z', '2024-05-24T00:00:00.000Z', '2024-04-10T12:00:00.000Z']) {
      expect(countedOn('2024-05-04', now)).to.equal('2024-05-04');
    }
    expect(countedOn('2024-05-04', '2024-05-24T00:00:00.001Z')).to.equal('2024-05-24');
  });
});
