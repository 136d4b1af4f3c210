import { expect } from 'chai';
import { locationStream, pickupCounterStream } from '../../../src/domain/kernel/streams.js';
import { location } from '../../../src/domain/location/index.js';
import { loadOf, pickupCounter } from '../../../src/domain/pickup/index.js';
import { main, mainLocation } from '../../support/fixtures.js';
import { contextFor, shopOn } from '../../support/world/shop.js';
import { World } from '../../support/world/world.js';

const [today, tomorrow] = ['2024-05-04', '2024-05-05'];
const evening = `${today}T18:00:00.000Z`;
const noon = `${tomorrow}T10:00:00.000Z`;
const promise = (promisedAt: string, fireAt: string) =>
  ({ type: 'ChangePromise', promisedAt, fireAt, by: 'ana', at: `${today}T12:00:00.000Z` }) as const;

/** Three wraps for the evening; then for the next day; then one less of them. */
async function moved(world: World): Promise<readonly (readonly number[])[]> {
  const stream = locationStream(main);
  await world.outside.execute(
    location,
    stream,
    { type: 'OpenLocation', location: mainLocation({ kitchenCapacity: 10 }) },
    contextFor(stream, 'open'),
  );
  const shop = shopOn(world.outside);
  const id = await shop.place('moved', [['wrap', 3, 'untracked']], {
    businessDate: today,
    kitchenCapacity: 10,
    promisedAt: `${today}T18:00:10.000Z`,
  });
  await world.settle();
  const [sessionId] = world.durable.provider.sessions.keys();
  await world.pay(sessionId!);
  const loads: number[][] = [await loadsNow()];
  await shop.kitchen(id, promise(`${tomorrow}T10:00:10.000Z`, noon));
  await world.settle();
  loads.push(await loadsNow());
  await shop.drop(id, 1);
  await world.settle();
  loads.push(await loadsNow());
  return loads;

  async function loadsNow(): Promise<number[]> {
    const days = [today, tomorrow].map(async (day) => {
      const { state } = await world.outside.load(pickupCounter, pickupCounterStream(main, day), { fresh: true });
      return loadOf(state, day === today ? evening : noon);
    });
    return Promise.all(days);
  }
}
const EXPECTED = [
  [3, 0],
  [0, 3],
  [0, 2],
];

describe('the load of a kitchen, moved to another day', () => {
  it('is counted there and not here, and changes there', async () => {
    expect(await moved(new World())).to.deep.equal(EXPECTED);
  });

  it('is counted once, and not lost, when everything ends between any two steps', async function () {
    this.timeout(300_000);
    const calm = new World();
    await moved(calm);
    for (let point = 1; point <= calm.points; point += 1) {
      expect(await moved(new World(point, point % 2 === 0)), `ended at point ${point}`).to.deep.equal(EXPECTED);
    }
  });
});
