import { expect } from 'chai';
import { derivedCommandId, paymentIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { locationStream, orderStream, pickupCounterStream, ticketStream } from '../../../src/domain/kernel/streams.js';
import { location } from '../../../src/domain/location/index.js';
import { order, representOrder } from '../../../src/domain/order/index.js';
import { pickupCounter, pickupOf } from '../../../src/domain/pickup/index.js';
import { representTicket, ticket } from '../../../src/domain/ticket/index.js';
import { main, mainLocation } from '../../support/fixtures.js';
import { contextFor, shopOn } from '../../support/world/shop.js';
import { World } from '../../support/world/world.js';

const [today, tomorrow] = ['2024-05-04', '2024-05-05'];
const noonOf = (day: string): string => `${day}T10:00:10.000Z`;

/** The location that the orders are fetched at, without which nobody knows which day it is. */
async function open(world: World): Promise<void> {
  const stream = locationStream(main);
  const command = { type: 'OpenLocation', location: mainLocation() } as const;
  await world.outside.execute(location, stream, command, contextFor(stream, 'open'));
}

/** An order for that day, that its kitchen has; wanted at another time before it is paid for, perhaps. */
async function paid(world: World, key: string, day: string, promisedAt = noonOf(day)): Promise<OrderId> {
  const shop = shopOn(world.outside);
  const wish = { mode: 'pickup', businessDate: day, promisedAt: noonOf(day) } as const;
  const id = await shop.place(key, [['wrap', 3, 'untracked']], wish);
  await world.settle();
  await shop.act(id, 'other time', { type: 'ChangePromise', promisedAt, by: 'customer' });
  await world.pay(`cs_${paymentIdOf(id, 1)}_1`);
  await world.settle();
  return id;
}

/** The kitchen, or who fetches it, wants it made on another day. */
async function move(world: World, id: OrderId, day: string, step = day): Promise<void> {
  const stream = ticketStream(ticketIdOf(id, main));
  const promisedAt = noonOf(day);
  const command = {
    type: 'ChangePromise',
    promisedAt,
    fireAt: promisedAt,
    by: 'ana',
    at: `${today}T09:00:00.000Z`,
  } as const;
  const commandId = derivedCommandId('shop', 'test', `move ${step}`, stream);
  await world.outside.execute(ticket, stream, command, { ...contextFor(stream, ''), commandId });
  await world.settle();
}

/** What the order, its ticket and the counter of a day say. */
async function numbers(world: World, id: OrderId, day: string): Promise<readonly (number | undefined)[]> {
  const ticketId = ticketIdOf(id, main);
  const its = await world.outside.load(order, orderStream(id), { fresh: true });
  const made = await world.outside.load(ticket, ticketStream(ticketId), { fresh: true });
  const counter = await world.outside.load(pickupCounter, pickupCounterStream(main, day), { fresh: true });
  return [
    representOrder(its.state, 0)?.pickupNo,
    representTicket(made.state, 0)?.pickupNo,
    pickupOf(counter.state, ticketId)?.pickupNo,
  ];
}

/** The first of today, and the first of tomorrow, to which that of today is moved. */
async function moved(world: World) {
  await open(world);
  const [first, others] = [await paid(world, 'first', today), await paid(world, 'others', tomorrow)];
  const before = [await numbers(world, first, today), await numbers(world, others, tomorrow)];
  const pointsBefore = world.points;
  await move(world, first, tomorrow);
  return {
    first,
    pointsBefore,
    said: [...before, await numbers(world, first, tomorrow), await numbers(world, others, tomorrow)],
  };
}
const ONE = [1, 1, 1];
const TWO = [2, 2, 2];
const EXPECTED = [ONE, ONE, TWO, ONE];

describe('the number of an order that is moved to another day', () => {
  it('is one of that day, which nobody else has; and back on the day that it was of, the one that it had there', async () => {
    const world = new World();
    const { first, said } = await moved(world);
    expect(said).to.deep.equal(EXPECTED);
    await move(world, first, today, 'back');
    expect(await numbers(world, first, today)).to.deep.equal(ONE);
    await move(world, first, tomorrow, 'again');
    expect(await numbers(world, first, tomorrow)).to.deep.equal(TWO);
  });

  it('is given once when everything ends between any two steps of the move', async function () {
    this.timeout(300_000);
    const calm = new World();
    const { pointsBefore } = await moved(calm);
    for (let point = pointsBefore + 1; point <= calm.points; point += 1) {
      const { said } = await moved(new World(point, point % 2 === 0));
      expect(said, `ended at point ${point}`).to.deep.equal(EXPECTED);
    }
  });

  it('is one of the day that it was moved to before it was confirmed', async () => {
    const world = new World();
    await open(world);
    const others = await paid(world, 'others', tomorrow);
    const id = await paid(world, 'moved before', today, noonOf(tomorrow));
    expect(await numbers(world, id, tomorrow)).to.deep.equal(TWO);
    expect(await numbers(world, others, tomorrow)).to.deep.equal(ONE);
  });

  it('stays where it is moved on its day, or is ready', async () => {
    const world = new World();
    await open(world);
    const id = await paid(world, 'first', today);
    const shop = shopOn(world.outside);
    await shop.kitchen(id, {
      type: 'ChangePromise',
      promisedAt: `${today}T18:00:00.000Z`,
      fireAt: `${today}T18:00:00.000Z`,
      by: 'ana',
      at: `${today}T09:00:00.000Z`,
    });
    await world.settle();
    expect(await numbers(world, id, today)).to.deep.equal(ONE);
    await shop.kitchen(id, { type: 'FireTicket', by: 'ana', at: `${today}T09:00:00.000Z` });
    await shop.kitchen(id, { type: 'BumpTicket', by: 'ana', at: `${today}T09:00:00.000Z` });
    await world.settle();
    await move(world, id, tomorrow);
    expect(await numbers(world, id, tomorrow)).to.deep.equal([1, 1, undefined]);
  });
});
