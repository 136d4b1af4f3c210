import { expect } from 'chai';
import { bookingIdOf, shipmentIdOf } from '../../../src/commands/identity.js';
import { trackingNumberOf } from '../../../src/consumers/carrier/trackingNumber.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { shipmentStream } from '../../../src/domain/kernel/streams.js';
import { representShipment, shipment, type ShipmentView } from '../../../src/domain/shipment/index.js';
import { eur, main } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { shopOn } from '../../support/world/shop.js';
import { freshName, type Ground, ground, type House, startHouse } from './house.js';

describe('labels and the way of a parcel, on a real event store, PostgreSQL and the embedded broker', function () {
  this.timeout(300_000);
  let here: Ground;
  let shop: ReturnType<typeof shopOn>;
  let house: House | undefined;

  before(async () => {
    here = await ground();
    shop = shopOn(here.outside);
  });
  after(() => here.leave());
  afterEach(async () => {
    await house?.stop();
    house = undefined;
  });

  /** A parcel for somebody, from a free order; whose key is gone, where that is wanted. */
  async function parcelFor({ erased = false } = {}): Promise<OrderId> {
    const subject = freshName('guest');
    const somewhere = { name: 'Ada', street: 'Via Breve 1', city: 'Genova', postalCode: '16100', country: 'IT' };
    const address = await here.people.seal(subject, 'address', somewhere);
    if (erased) await here.database.query('DELETE FROM subject_keys WHERE subject = $1', [subject]);
    const id = await shop.place(freshName('order'), [['card', 1, 'untracked']], {
      mode: 'shipping',
      total: eur(0),
      paymentMode: 'free',
      address,
    });
    return id;
  }
  const viewOf = async (id: OrderId): Promise<ShipmentView | undefined> => {
    const { state, revision } = await here.outside.load(shipment, shipmentStream(shipmentIdOf(id, 'a')), {
      fresh: true,
    });
    return representShipment(state, revision);
  };
  const typesOf = async (id: OrderId): Promise<string[]> => {
    const types: string[] = [];
    for await (const { type } of here.store.eventStore.read(shipmentStream(shipmentIdOf(id, 'a')))) types.push(type);
    return types;
  };
  const ask = async (id: OrderId): Promise<void> => {
    await until('its units can be packed', async () => (await shop.statusOf(id)) === 'in_fulfilment', 60_000);
    await shop.allot(id, 'a', 1);
    await until('the parcel is there', async () => (await viewOf(id)) !== undefined, 60_000);
    await shop.parcel(id, 'a', {
      type: 'BuyLabel',
      bookingId: bookingIdOf(shipmentIdOf(id, 'a'), 'key'),
      carrier: 'post',
      parcels: [{ weight: 1200 }],
      from: { locationId: main, name: 'Main' },
      by: 'staff/1',
      at: here.clock.now(),
    });
  };
  const labelIs = (id: OrderId, state: string): Promise<void> =>
    until(`the label is ${state}`, async () => (await viewOf(id))?.label?.state === state, 60_000);
  const dispatch = (id: OrderId): Promise<boolean> =>
    shop.parcel(id, 'a', { type: 'DispatchShipment', by: 'staff/1', at: here.clock.now() });
  const fulfilled = (id: OrderId): Promise<void> =>
    until('the order is fulfilled', async () => (await shop.statusOf(id)) === 'fulfilled', 60_000);
  const WHOLE_WAY = [
    'ShipmentCreated',
    'LabelRequested',
    'LabelBought',
    'ShipmentDispatched',
    'CarrierUpdateRecorded',
    'ShipmentDelivered',
  ];

  it('a label is sold to whom it may concern, and to nobody whose key is gone', async () => {
    house = await startHouse(here);
    const [id, nobody] = [await parcelFor(), await parcelFor({ erased: true })];
    await Promise.all([ask(id), ask(nobody)]);
    await labelIs(nobody, 'refused');
    await labelIs(id, 'bought');
    expect((await viewOf(id))?.label?.trackingNo).to.equal(trackingNumberOf(shipmentIdOf(id, 'a')));
    await dispatch(id);
    await fulfilled(id);
    // what waits anywhere says nothing of who lives where
    const { rows } = await here.database.query<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM pgboss.job WHERE data::text LIKE '%Via Breve%') AS found`,
    );
    expect(rows).to.deep.equal([{ found: false }]);
  });

  it('comes to the same end, nothing twice, wherever the process ends', async () => {
    let ended = 0;
    const points = [2, 5, 9, 14, 20];
    for (const endsAt of points) {
      house = await startHouse(here);
      const id = await parcelFor();
      await ask(id);
      await labelIs(id, 'bought');
      await house.stop();
      house = await startHouse(here, { endsAt });
      const alive = house.fuse;
      await dispatch(id);
      await until(
        'the process has ended, or the parcel has arrived',
        async () => alive.blown || (await shop.statusOf(id)) === 'fulfilled',
        60_000,
      );
      await house.stop();
      ended += alive.blown ? 1 : 0;
      house = await startHouse(here);
      await fulfilled(id);
      await house.stop();
      const types = await typesOf(id);
      // each of its words once, however often it said them; the order in which they came may differ
      expect(types.filter((type) => type === 'CarrierUpdateRecorded')).to.have.length(3);
      expect(types.filter((type) => type === 'ShipmentDelivered')).to.have.length(1);
      expect(types).to.include.members(WHOLE_WAY);
      expect((await viewOf(id))?.state).to.equal('delivered');
    }
    expect(ended, 'points at which the process really ended').to.be.greaterThan(2);
  });

  it('a label is asked for and sold once, wherever the process ends meanwhile', async () => {
    for (const endsAt of [1, 4, 8]) {
      house = await startHouse(here);
      const id = await parcelFor();
      await until('its units can be packed', async () => (await shop.statusOf(id)) === 'in_fulfilment', 60_000);
      await house.stop();
      house = await startHouse(here, { endsAt });
      const alive = house.fuse;
      await Promise.race([
        ask(id).then(() => labelIs(id, 'bought')),
        until('the process has ended', () => alive.blown, 120_000),
      ]);
      await house.stop();
      house = await startHouse(here);
      await ask(id);
      await labelIs(id, 'bought');
      await house.stop();
      expect(await typesOf(id)).to.deep.equal(['ShipmentCreated', 'LabelRequested', 'LabelBought']);
    }
  });
});
