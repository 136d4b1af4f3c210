import { expect } from 'chai';
import { orderStream, stockStream } from '../../../src/domain/kernel/streams.js';
import { lineIdOf, shipmentIdOf } from '../../../src/commands/identity.js';
import { at, idOf, later, main, sku } from '../../support/fixtures.js';
import { shopOn } from '../../support/world/shop.js';
import { World } from '../../support/world/world.js';

describe('what comes back of an order that was delivered', () => {
  /** Four apples and two pears are sent; one apple comes back as it was, another one bruised, and a pear of which nobody keeps stock. */
  async function story(world: World): Promise<void> {
    const shop = shopOn(world.outside);
    await shop.count('apple', 5);
    const id = await shop.place(
      'key-1',
      [
        ['apple', 4],
        ['pear', 2, 'untracked'],
      ],
      { mode: 'shipping' },
    );
    await world.settle();
    const [sessionId] = world.durable.provider.sessions.keys();
    await world.pay(sessionId!);
    const [apples, pears] = [lineIdOf(id, 0), lineIdOf(id, 1)];
    expect(
      await shop.act(id, 'allot', {
        type: 'AllotLines',
        shipmentId: shipmentIdOf(id, 'a'),
        lines: [
          { lineId: apples, qty: 4 },
          { lineId: pears, qty: 2 },
        ],
      }),
    ).to.equal(true);
    await world.settle();
    await shop.parcel(id, 'a', { type: 'DispatchShipment', carrier: 'post', trackingNo: 'RR1', by: 'ana', at });
    await shop.parcel(id, 'a', { type: 'DeliverShipment', by: 'ana', at: later });
    await world.settle();
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 1, reserved: 0 });
    await shop.act(id, 'return', {
      type: 'RecordReturn',
      returnId: idOf('return', 1),
      lines: [
        { lineId: apples, qty: 1, condition: 'sellable' },
        { lineId: apples, qty: 1, condition: 'damaged' },
        { lineId: pears, qty: 1, condition: 'sellable' },
      ],
      by: 'staff',
    });
    await world.settle();
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 2, reserved: 0 });
    expect(
      world
        .types(stockStream(sku('apple'), main))
        .slice(-2)
        .sort(),
    ).to.deep.equal(['StockReturned', 'StockWrittenOff']);
    expect(world.types(orderStream(id)).at(-1)).to.equal('LinesReturned');
  }

  it('is on the shelf again, or written off, as far as stock is kept of it', async () => {
    const world = new World();
    await story(world);
    const before = world.history();
    await world.again();
    expect(world.history()).to.deep.equal(before);
  });

  it('comes through a crash between any two of its steps the same', async () => {
    const calm = new World();
    await story(calm);
    for (let crashAt = 1; crashAt <= calm.points; crashAt += 4) await story(new World(crashAt, crashAt % 2 === 0));
  });
});
