import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import type { ShipmentEvent } from '../../../src/domain/shipment/index.js';
import { shipmentProjection } from '../../../src/projections/shipments/projection.js';
import { type ShipmentsPageRequest, shipmentQueries } from '../../../src/projections/shipments/queries.js';
import { shipmentViewSchema } from '../../../src/projections/shipments/schema.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { anOrder, at, idOf, main, sku } from '../../support/fixtures.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { givenProjection } from './given.js';

describe('the view of shipments', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([shipmentViewSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const shipment = (n: number, ...events: readonly ShipmentEvent[]): readonly RecordedEvent[] =>
    ground.log.append(`shipment-${idOf('shipment', n)}`, ...events);
  const created = (n: number, orderId = anOrder): ShipmentEvent => ({
    type: 'ShipmentCreated',
    data: {
      shipmentId: idOf('shipment', n),
      orderId,
      orderNumber: 'ABCD-EFGH-JKMN-7',
      locationId: main,
      lines: [{ lineId: idOf('line', 1), sku: sku('tea'), name: 'Tea', qty: 1 }],
      createdAt: `2024-05-04T12:00:0${n}.000Z`,
    },
  });
  const cancelled: ShipmentEvent = {
    type: 'ShipmentCancelled',
    data: { orderId: anOrder, reason: 'no', by: 'staff/1', cancelledAt: at },
  };

  it('shows each as far as it is, newest first, page by page, and none that was taken back before it was made', async () => {
    const given = givenProjection(ground, shipmentProjection({ folds: createFolds({ reader: ground.log }) }));
    const another = idOf('order', 2);
    await given.when(
      [
        ...shipment(1, created(1)),
        ...shipment(2, created(2, another)),
        ...shipment(3, created(3)),
        ...shipment(4, cancelled),
      ],
      { times: 2 },
    );
    await given.when(
      shipment(1, { type: 'ShipmentDispatched', data: { carrier: 'post', dispatchedAt: at, by: 'staff/1' } }),
      { times: 2 },
    );
    const queries = shipmentQueries(ground.database);
    expect(await queries.shipmentById(idOf('shipment', 1))).to.include({
      state: 'in_transit',
      carrier: 'post',
      revision: 1,
    });
    expect(await queries.shipmentById(idOf('shipment', 4))).to.equal(undefined);
    const first = await queries.shipmentsPage({ limit: 2 });
    const second = await queries.shipmentsPage({ limit: 2, ...(first.next ? { cursor: first.next } : {}) });
    expect([...first.items, ...second.items].map(({ id }) => id)).to.deep.equal(
      [3, 2, 1].map((n) => idOf('shipment', n)),
    );
    expect(second.next).to.equal(undefined);
    const only = async (wanted: Partial<ShipmentsPageRequest>) =>
      (await queries.shipmentsPage({ limit: 9, ...wanted })).items.map(({ id }) => id);
    expect(await only({ state: ['pending'] })).to.deep.equal([idOf('shipment', 3), idOf('shipment', 2)]);
    expect(await only({ orderId: another })).to.deep.equal([idOf('shipment', 2)]);
    expect(await only({ state: ['in_transit'], orderId: another })).to.deep.equal([]);
  });
});
