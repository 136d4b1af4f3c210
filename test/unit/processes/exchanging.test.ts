import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import { orderStream, stockStream } from '../../../src/domain/kernel/streams.js';
import { main, sku } from '../../support/fixtures.js';
import { shopOn, type Wish } from '../../support/world/shop.js';
import { World } from '../../support/world/world.js';

const promisedAt = '2024-05-04T12:30:00.000Z';
const PAST_DUE = ['2024-05-04T12:40:00.000Z', '2024-05-04T13:00:00.000Z'];

/** Two apples are there, and an order for later has both; one of them is exchanged for another, and more may come on top. */
async function exchanged(world: World, more: readonly Wish[] = []) {
  const shop = shopOn(world.outside);
  await shop.count('apple', 2);
  await shop.count('pear', 0);
  const id = await shop.place('exchanged', [['apple', 2]], { promisedAt });
  await world.settle();
  await world.pay(`cs_${paymentIdOf(id, 1)}_1`);
  expect(await shop.shelf('apple')).to.deep.equal({ onHand: 2, reserved: 2 });
  await shop.amend(id, [['apple', 1], ...more], 1);
  await world.settle();
  const between = await shop.shelf('apple');
  for (const time of PAST_DUE) await world.until(time);
  const carried = world.types(stockStream(sku('apple'), main)).filter((type) => type === 'ReservationCarriedOver');
  return {
    between,
    carried: carried.length,
    status: await shop.statusOf(id),
    apples: await shop.shelf('apple'),
    amended: world.types(orderStream(id)).includes('OrderAmended'),
  };
}
const served = { status: 'fulfilled', between: { onHand: 2, reserved: 2 }, apples: { onHand: 0, reserved: 0 } };

describe('an order of which something is exchanged for itself while none is free', () => {
  it('keeps what it has, by another line', async () => {
    expect(await exchanged(new World())).to.deep.equal({ ...served, carried: 1, amended: true });
  });

  it('has it back where nothing comes of the exchange, also when everything ends between any two steps', async function () {
    this.timeout(300_000);
    const calm = new World();
    const expected = { ...served, carried: 2, amended: false };
    expect(await exchanged(calm, [['pear', 1]])).to.deep.equal(expected);
    for (let point = 1; point <= calm.points; point += 1) {
      const ended = await exchanged(new World(point, point % 2 === 0), [['pear', 1]]);
      expect(ended, `ended at point ${point}`).to.deep.equal(expected);
    }
  });
});
