import { expect } from 'chai';
import { derivedCommandId, paymentIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import { KITCHEN_QUEUE as KITCHEN } from '../../../src/consumers/kitchen/kitchenConsumer.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream, ticketStream } from '../../../src/domain/kernel/streams.js';
import { order } from '../../../src/domain/order/index.js';
import { isOpened, ticket } from '../../../src/domain/ticket/index.js';
import { main } from '../../support/fixtures.js';
import { contextFor, shopOn } from '../../support/world/shop.js';
import { World } from '../../support/world/world.js';

const today = '2024-05-04';
const wanted = `${today}T18:00:10.000Z`;
const [seven, eight] = [`${today}T19:00:10.000Z`, `${today}T20:00:10.000Z`];

/** Three wraps that are to be brought in the evening, paid for. */
async function paid(world: World, key: string, kitchenCapacity?: number): Promise<OrderId> {
  const id = await shopOn(world.outside).place(key, [['wrap', 3, 'untracked']], {
    mode: 'delivery',
    promisedAt: wanted,
    ...(kitchenCapacity === undefined ? {} : { businessDate: today, kitchenCapacity }),
  });
  await world.settle();
  await world.pay(`cs_${paymentIdOf(id, 1)}_1`);
  return id;
}

/** The kitchen promises another time; each time that it does. */
async function kitchenMoves(world: World, id: OrderId, promisedAt: string): Promise<void> {
  const stream = ticketStream(ticketIdOf(id, main));
  const command = {
    type: 'ChangePromise',
    promisedAt,
    fireAt: promisedAt,
    by: 'ana',
    at: `${today}T12:00:00.000Z`,
  } as const;
  const commandId = derivedCommandId('shop', 'test', promisedAt, stream);
  await world.outside.execute(ticket, stream, command, { ...contextFor(stream, ''), commandId });
}
const peopleMove = (world: World, id: OrderId, promisedAt: string): Promise<boolean> =>
  shopOn(world.outside).act(id, `move to ${promisedAt}`, { type: 'ChangeDelivery', promisedAt, by: 'staff' });

/** What the order says, and what its kitchen does. */
async function promised(world: World, id: OrderId): Promise<readonly (string | undefined)[]> {
  const its = (await world.outside.load(order, orderStream(id), { fresh: true })).state;
  const made = (await world.outside.load(ticket, ticketStream(ticketIdOf(id, main)), { fresh: true })).state;
  return [its.status === 'none' ? undefined : its.promisedAt, isOpened(made) ? made.promisedAt : undefined];
}

describe('what the kitchen promises', () => {
  it('is what the order is promised for', async () => {
    const world = new World();
    const id = await paid(world, 'moved');
    await kitchenMoves(world, id, seven);
    await world.settle();
    expect(await promised(world, id)).to.deep.equal([seven, seven]);
    await peopleMove(world, id, eight);
    await world.settle();
    expect(await promised(world, id)).to.deep.equal([eight, eight]);
  });

  it('is told where there was no room when it was wanted', async () => {
    const world = new World();
    const [first, second] = [await paid(world, 'first', 5), await paid(world, 'second', 5)];
    expect(await promised(world, first)).to.deep.equal([wanted, wanted]);
    const [told, made] = await promised(world, second);
    expect(told).to.equal(made).and.to.equal(`${today}T18:15:10.000Z`);
  });

  for (const first of ['kitchen', 'people']) {
    it(`stays the same for both when both move it at once, the ${first} first`, async () => {
      const world = new World();
      const id = await paid(world, 'at once');
      if (first === 'kitchen') await kitchenMoves(world, id, seven);
      await peopleMove(world, id, eight);
      if (first !== 'kitchen') await kitchenMoves(world, id, seven);
      await world.settle();
      const [told, made] = await promised(world, id);
      expect(told).to.equal(made).and.to.be.oneOf([seven, eight]);
    });
  }

  it('is what people want last, also where they say so before the kitchen has the order', async () => {
    const world = new World();
    const shop = shopOn(world.outside);
    const id = await shop.place('early', [['wrap', 3, 'untracked']], { mode: 'delivery', promisedAt: wanted });
    await world.settle();
    await peopleMove(world, id, seven);
    world.durable.silent.add(KITCHEN.queue);
    await world.pay(`cs_${paymentIdOf(id, 1)}_1`);
    await peopleMove(world, id, eight);
    await world.settle();
    world.durable.silent.clear();
    await world.settle();
    expect(await promised(world, id)).to.deep.equal([eight, eight]);
  });

  it('is not what it was before, when everything is heard again', async () => {
    const world = new World();
    const id = await paid(world, 'again');
    await kitchenMoves(world, id, seven);
    await world.settle();
    await kitchenMoves(world, id, wanted);
    await world.settle();
    await peopleMove(world, id, eight);
    await world.settle();
    const before = world.types(orderStream(id));
    await world.again();
    expect(await promised(world, id)).to.deep.equal([eight, eight]);
    expect(world.types(orderStream(id))).to.deep.equal(before);
  });

  it('is told wherever everything ends in between', async function () {
    this.timeout(300_000);
    const story = async (world: World): Promise<readonly (string | undefined)[]> => {
      const id = await paid(world, 'ended');
      await kitchenMoves(world, id, seven);
      await world.settle();
      return promised(world, id);
    };
    const calm = new World();
    await story(calm);
    for (let point = 1; point <= calm.points; point += 1) {
      expect(await story(new World(point, point % 2 === 0)), `ended at point ${point}`).to.deep.equal([seven, seven]);
    }
  });
});
