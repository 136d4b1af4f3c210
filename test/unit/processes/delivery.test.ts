import { expect } from 'chai';
import { shipmentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream, shipmentStream } from '../../../src/domain/kernel/streams.js';
import type { ShipmentCommand } from '../../../src/domain/shipment/index.js';
import { at, later } from '../../support/fixtures.js';
import { shopOn } from '../../support/world/shop.js';
import { World } from '../../support/world/world.js';

const dispatch: ShipmentCommand = { type: 'DispatchShipment', carrier: 'post', trackingNo: 'RR1', by: 'ana', at };
const deliver: ShipmentCommand = { type: 'DeliverShipment', by: 'ana', at: later };

/** A paid order of four apples that are sent by parcel, with five on the shelf. */
async function fourApples(world: World, mode: 'shipping' | 'delivery' | 'digital' = 'shipping') {
  const shop = shopOn(world.outside);
  await shop.count('apple', 5);
  const id = await shop.place('key-1', [['apple', 4]], { mode });
  await world.settle();
  const [sessionId] = world.durable.provider.sessions.keys();
  await world.pay(sessionId!);
  const types = (parcel: string) => world.types(shipmentStream(shipmentIdOf(id, parcel)));
  return { shop, id, types };
}
const typesOfOrder = (world: World, id: OrderId) => world.types(orderStream(id));

describe('an order that is sent by parcel', () => {
  it('is in fulfilment as soon as it is confirmed, and its stock stays on the shelf', async () => {
    const world = new World();
    const { shop, id } = await fourApples(world);
    expect(await shop.statusOf(id)).to.equal('in_fulfilment');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 4 });
  });

  it('goes in several parcels, uses up what has left, and is fulfilled with the last that arrives', async () => {
    const world = new World();
    const { shop, id, types } = await fourApples(world);
    expect(await shop.allot(id, 'a', 3)).to.equal(true);
    expect(await shop.allot(id, 'b', 2)).to.equal(false);
    expect(await shop.allot(id, 'b', 1)).to.equal(true);
    await world.settle();
    expect(types('a')).to.deep.equal(['ShipmentCreated']);
    await shop.parcel(id, 'a', dispatch);
    await world.settle();
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 2, reserved: 1 });
    await shop.parcel(id, 'a', deliver);
    await world.settle();
    expect(await shop.statusOf(id)).to.equal('in_fulfilment');
    await shop.parcel(id, 'b', dispatch);
    await shop.parcel(id, 'b', deliver);
    await world.settle();
    expect(await shop.statusOf(id)).to.equal('fulfilled');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 1, reserved: 0 });
    const before = world.history();
    await world.again();
    expect(world.history()).to.deep.equal(before);
  });

  it('is cancelled as far as it has not left: the parcel itself decides', async () => {
    const world = new World();
    const { shop, id, types } = await fourApples(world);
    await shop.allot(id, 'a', 1);
    await shop.allot(id, 'b', 2);
    await world.settle();
    // it leaves at the very moment: nobody has told the order yet
    await shop.stop(id, false);
    await shop.parcel(id, 'a', dispatch);
    await world.settle();
    expect(types('b')).to.deep.equal(['ShipmentCreated', 'ShipmentCancelled']);
    expect(typesOfOrder(world, id)).to.include.members(['LinesCancelled', 'RefundDue', 'CancellationDeclined']);
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 4, reserved: 0 });
    await shop.parcel(id, 'a', deliver);
    await world.settle();
    expect(await shop.statusOf(id)).to.equal('fulfilled');
  });

  it('is cancelled wholly, with a parcel that was never made and never will be', async () => {
    const world = new World();
    const { shop, id, types } = await fourApples(world);
    await shop.allot(id, 'a', 4);
    await shop.stop(id, false);
    await world.settle();
    expect(await shop.statusOf(id)).to.equal('cancelled');
    expect(types('a').at(-1)).to.equal('ShipmentCancelled');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 5, reserved: 0 });
  });

  it('is sent anew when a parcel is lost', async () => {
    const world = new World();
    const { shop, id } = await fourApples(world);
    await shop.allot(id, 'a', 4);
    await world.settle();
    await shop.parcel(id, 'a', dispatch);
    await shop.parcel(id, 'a', { type: 'MarkLost', reason: 'gone', by: 'ana', at: later });
    await world.settle();
    expect(typesOfOrder(world, id)).to.include('LinesReleased');
    expect(await shop.allot(id, 'b', 4)).to.equal(true);
  });

  it('has what arrives after all of a parcel that was lost, without what was called off meanwhile', async () => {
    const world = new World();
    const { shop, id } = await fourApples(world);
    await shop.allot(id, 'a', 4);
    await world.settle();
    await shop.parcel(id, 'a', dispatch);
    await shop.parcel(id, 'a', { type: 'MarkLost', reason: 'gone', by: 'ana', at: later });
    await world.settle();
    expect(await shop.drop(id, 1)).to.equal(true);
    await world.settle();
    expect(await shop.parcel(id, 'a', { ...deliver, reason: 'the neighbours had it' })).to.equal(true);
    await world.settle();
    expect(typesOfOrder(world, id).slice(-2)).to.deep.equal(['LinesFulfilled', 'OrderFulfilled']);
    expect(await shop.statusOf(id)).to.equal('fulfilled');
  });

  it('has each unit once, when a parcel that was lost arrives besides what was sent in its place', async () => {
    const world = new World();
    const { shop, id } = await fourApples(world);
    await shop.count('apple', 9);
    await shop.allot(id, 'a', 3);
    await world.settle();
    await shop.parcel(id, 'a', dispatch);
    await shop.parcel(id, 'a', { type: 'MarkLost', reason: 'gone', by: 'ana', at: later });
    await world.settle();
    expect(await shop.allot(id, 'b', 4)).to.equal(true);
    await world.settle();
    await shop.parcel(id, 'b', dispatch);
    await shop.parcel(id, 'a', { ...deliver, reason: 'the neighbours had it' });
    await world.settle();
    expect(await shop.statusOf(id)).to.equal('in_fulfilment');
    await shop.parcel(id, 'b', deliver);
    await world.settle();
    expect(await shop.statusOf(id)).to.equal('fulfilled');
    const handed = world.durable.store
      .events(orderStream(id))
      .filter(({ type }) => type === 'LinesFulfilled')
      .map(({ data }) => (data as { lines: { qty: number }[] }).lines.map(({ qty }) => qty));
    expect(handed).to.deep.equal([[3], [1]]);
  });

  it('comes through a crash between any two of its steps the same', async () => {
    const story = async (world: World): Promise<void> => {
      const { shop, id } = await fourApples(world);
      await shop.allot(id, 'a', 4);
      await world.settle();
      await shop.parcel(id, 'a', dispatch);
      await shop.parcel(id, 'a', deliver);
      await world.settle();
      expect(await shop.statusOf(id)).to.equal('fulfilled');
      expect(await shop.shelf('apple')).to.deep.equal({ onHand: 1, reserved: 0 });
    };
    const calm = new World();
    await story(calm);
    for (let crashAt = 1; crashAt <= calm.points; crashAt += 3) await story(new World(crashAt, crashAt % 2 === 0));
  });
});

describe('an order that the kitchen makes and a courier brings', () => {
  it('leaves with the courier when its ticket is handed over, and is fulfilled when it arrives', async () => {
    const world = new World();
    const { shop, id } = await fourApples(world, 'delivery');
    await world.until('2024-05-04T13:00:00.000Z');
    expect(await shop.statusOf(id)).to.equal('in_fulfilment');
    expect(typesOfOrder(world, id)).to.include.members(['LinesAllotted', 'LinesDispatched']);
    expect(typesOfOrder(world, id)).not.to.include('LinesFulfilled');
    const [parcel] = world.durable.store.names('shipment');
    expect(world.types(parcel!)).to.deep.equal(['ShipmentCreated', 'ShipmentDispatched']);
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 1, reserved: 0 });
  });
});

describe('a digital order', () => {
  it('is handed over as soon as it is paid for', async () => {
    const world = new World();
    const { shop, id } = await fourApples(world, 'digital');
    expect(await shop.statusOf(id)).to.equal('fulfilled');
    expect(await shop.shelf('apple')).to.deep.equal({ onHand: 1, reserved: 0 });
  });
});
