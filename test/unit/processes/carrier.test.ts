import { expect } from 'chai';
import { bookingIdOf, shipmentIdOf, taskIdOf } from '../../../src/commands/identity.js';
import { CARRIER_ANSWER_QUEUE } from '../../../src/consumers/carrier/carrierAnswers.js';
import { CARRIER_QUEUE } from '../../../src/consumers/carrier/carrierEngine.js';
import { trackingNumberOf } from '../../../src/consumers/carrier/trackingNumber.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import type { Sealed } from '../../../src/domain/kernel/sealed.js';
import { shipmentStream } from '../../../src/domain/kernel/streams.js';
import { shipment, type ShipmentCommand, type ShipmentView } from '../../../src/domain/shipment/index.js';
import { representShipment } from '../../../src/domain/shipment/view.js';
import { at, main } from '../../support/fixtures.js';
import { goneAddress, someAddress } from '../../support/world/program.js';
import { shopOn } from '../../support/world/shop.js';
import { World } from '../../support/world/world.js';

const dispatch: ShipmentCommand = { type: 'DispatchShipment', by: 'ana', at };
const labelFor = (id: OrderId): ShipmentCommand => ({
  type: 'BuyLabel',
  bookingId: bookingIdOf(shipmentIdOf(id, 'a'), 'key'),
  carrier: 'post',
  parcels: [{ weight: 1200 }],
  from: { locationId: main, name: 'Main' },
  by: 'ana',
  at,
});

/** A paid order of four apples in one parcel that waits for a label. */
async function parcelOf(world: World, address: Sealed = someAddress) {
  const shop = shopOn(world.outside);
  await shop.count('apple', 5);
  const id = await shop.place('key-1', [['apple', 4]], { mode: 'shipping', address });
  await world.settle();
  const [sessionId] = world.durable.provider.sessions.keys();
  await world.pay(sessionId!);
  await shop.allot(id, 'a', 4);
  await world.settle();
  const stream = shipmentStream(shipmentIdOf(id, 'a'));
  const view = async (): Promise<ShipmentView | undefined> => {
    const { state, revision } = await world.outside.load(shipment, stream, { fresh: true });
    return representShipment(state, revision);
  };
  return { shop, id, view, types: () => world.types(stream) };
}

const WHOLE_WAY = [
  'ShipmentCreated',
  'LabelRequested',
  'LabelBought',
  'ShipmentDispatched',
  'CarrierUpdateRecorded',
  'CarrierUpdateRecorded',
  'OutForDelivery',
  'CarrierUpdateRecorded',
  'ShipmentDelivered',
];
async function delivered(world: World): Promise<void> {
  const { shop, id, view, types } = await parcelOf(world);
  await shop.parcel(id, 'a', labelFor(id));
  await world.settle();
  expect(await view()).to.deep.nested.include({ state: 'pending', 'label.state': 'bought' });
  await shop.parcel(id, 'a', dispatch);
  await world.settle();
  expect(types()).to.deep.equal(WHOLE_WAY);
  expect(await shop.statusOf(id)).to.equal('fulfilled');
}

describe('a parcel with a label', () => {
  it('is sold one over the queue, leaves under its number and is delivered by the carrier, order and all', async () => {
    const world = new World();
    await delivered(world);
    const before = world.history();
    await world.again();
    expect(world.history()).to.deep.equal(before);
  });

  it('fares the same when everything ends between any two steps', async () => {
    const calm = new World();
    await delivered(calm);
    for (let crashAt = 1; crashAt <= calm.points; crashAt += 2) {
      await delivered(new World(crashAt, crashAt % 4 === 1));
    }
  });

  it('fares the same when every message comes twice, and the last one first', async () => {
    const world = new World();
    const { shop, id, types, view } = await parcelOf(world);
    await shop.parcel(id, 'a', labelFor(id));
    world.shuffles = (messages) => [...messages.slice(-1), ...messages];
    await world.settle();
    expect(types()).to.deep.equal(['ShipmentCreated', 'LabelRequested', 'LabelBought']);
    await shop.parcel(id, 'a', dispatch);
    await world.settle();
    expect(types().filter((type) => type === 'CarrierUpdateRecorded')).to.have.length(3);
    expect(types().filter((type) => type === 'ShipmentDelivered')).to.have.length(1);
    expect(await view()).to.include({ state: 'delivered', trackingNo: trackingNumberOf(shipmentIdOf(id, 'a')) });
    expect(await shop.statusOf(id)).to.equal('fulfilled');
  });

  it('is refused one where nobody knows any more where it goes, and may go by somebody else', async () => {
    const world = new World();
    const { shop, id, view } = await parcelOf(world, goneAddress);
    await shop.parcel(id, 'a', labelFor(id));
    await world.settle();
    expect(await view()).to.deep.nested.include({
      'label.state': 'refused',
      'label.reason': 'nobody knows any more where it goes',
    });
    expect((await view())?.allowed).to.include.members(['buy_label', 'assign_courier', 'dispatch']);
  });

  it('is not waited for longer than a day; what is sold after that counts all the same', async () => {
    const world = new World();
    const { shop, id, view, types } = await parcelOf(world);
    world.durable.silent.add(CARRIER_QUEUE.queue);
    await shop.parcel(id, 'a', labelFor(id));
    await world.settle();
    expect((await view())?.label?.state).to.equal('requested');
    await world.until('2024-05-05T12:00:00.000Z');
    expect((await view())?.label?.state).to.equal('lapsed');
    world.durable.silent.clear();
    await world.settle();
    expect(types()).to.deep.equal(['ShipmentCreated', 'LabelRequested', 'LabelLapsed', 'LabelBought']);
    expect((await view())?.label?.state).to.equal('bought');
  });

  it('is told of its label once the answers are heard again', async () => {
    const world = new World();
    const { shop, id, view } = await parcelOf(world);
    world.durable.silent.add(CARRIER_ANSWER_QUEUE.queue);
    await shop.parcel(id, 'a', labelFor(id));
    await world.settle();
    world.durable.silent.clear();
    await world.again();
    expect((await view())?.label?.state).to.equal('bought');
  });

  it('gives it back when it is taken back itself, once, also when everything ends between any two steps', async () => {
    const takenBack = async (world: World): Promise<void> => {
      const { shop, id, view, types } = await parcelOf(world);
      await shop.parcel(id, 'a', labelFor(id));
      await world.settle();
      await shop.parcel(id, 'a', { type: 'CancelShipment', orderId: id, reason: 'no', by: 'ana', at });
      await world.settle();
      expect(types().slice(2)).to.deep.equal(['LabelBought', 'ShipmentCancelled', 'LabelVoidRequested', 'LabelVoided']);
      expect((await view())?.unusedLabels?.[0]).to.include({ state: 'voided' });
    };
    const calm = new World();
    await takenBack(calm);
    for (let crashAt = 1; crashAt <= calm.points; crashAt += 2) {
      await takenBack(new World(crashAt, crashAt % 4 === 1));
    }
  });

  it('is a task where its carrier does not say within a day that it is taken back, until it does', async () => {
    const world = new World();
    const { shop, id, view } = await parcelOf(world);
    await shop.parcel(id, 'a', labelFor(id));
    await world.settle();
    world.durable.silent.add(CARRIER_QUEUE.queue);
    await shop.parcel(id, 'a', { type: 'CancelShipment', orderId: id, reason: 'no', by: 'ana', at });
    await world.settle();
    const its = `task-${taskIdOf('label_not_voided', shipmentIdOf(id, 'a'), bookingIdOf(shipmentIdOf(id, 'a'), 'key'))}`;
    expect(world.types(its)).to.deep.equal([]);
    await world.until('2024-05-05T12:00:00.000Z');
    expect((await view())?.unusedLabels?.[0]).to.include({ state: 'lapsed' });
    expect(world.types(its)).to.deep.equal(['TaskOpened']);
    world.durable.silent.clear();
    await world.settle();
    expect((await view())?.unusedLabels?.[0]).to.include({ state: 'voided' });
    expect(world.types(its)).to.deep.equal(['TaskOpened', 'TaskDone']);
  });
});
