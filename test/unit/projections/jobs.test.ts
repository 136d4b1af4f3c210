import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { contracts } from '../../../src/consumers/contracts/index.js';
import type { DomainEvent } from '../../../src/domain/events.js';
import type { Sealed } from '../../../src/domain/kernel/sealed.js';
import { jobOf } from '../../../src/projections/publishers/jobs.js';
import { isPublished, messageOf } from '../../../src/projections/publishers/messages.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { anOrder, at, createdShipment, idOf, main, orderLine, placedOrder } from '../../support/fixtures.js';
import { MemoryLog } from '../../support/projections.js';

const orderStream = `order-${anOrder}`;

describe('jobs for engines', () => {
  const shipmentId = idOf('shipment', 1);
  const home = 'p1:ord:c2VhbGVk' as Sealed;
  const created: DomainEvent = {
    type: 'ShipmentCreated',
    data: createdShipment({ deliverTo: home }),
  };
  const place = { name: 'Main', street: 'Market 1', city: 'Genova', country: 'IT' };
  const wish: DomainEvent = {
    type: 'LabelRequested',
    data: {
      bookingId: 'b1',
      carrier: 'post',
      parcels: [{ weight: 1200 }],
      from: { locationId: main, name: 'Main', address: place },
      at,
      by: 'staff/1',
    },
  };
  const moved: DomainEvent = { type: 'ShipmentReaddressed', data: { deliverTo: 'p1:ord:ZWxzZQ' as Sealed, by: 'a' } };

  it('ask a carrier for a label, with all that it needs, and with whom it is for as it was sealed', async () => {
    const log = new MemoryLog();
    const recorded = log.append(`shipment-${shipmentId}`, created, wish, moved);
    const job = async () => JSON.stringify(await jobOf(recorded[1]!, createFolds({ reader: log })));
    expect(isPublished('LabelRequested')).to.equal(true);
    expect(await messageOf(recorded[1]!, createFolds({ reader: log }))).to.equal(undefined);
    expect(JSON.parse(await job())).to.deep.equal({
      type: 'carrier.booking_requested.v1',
      subject: shipmentId,
      data: {
        bookingId: 'b1',
        shipmentId,
        orderNumber: 'ABCD-EFGH-JKMN-7',
        carrier: 'post',
        parcels: [{ weight: 1200 }],
        from: { locationId: 'main', name: 'Main', place },
        to: home,
        deadline: '2024-05-05T12:00:00.000Z',
      },
    });
    // also when it goes elsewhere by now: the same event is the same job
    expect(await job()).to.equal(await job());
  });

  it('ask a carrier to take back a label that is not used, with the number that it is known by', async () => {
    const log = new MemoryLog();
    const bought: DomainEvent = {
      type: 'LabelBought',
      data: { bookingId: 'b1', carrier: 'post', carrierEventId: 'l1', trackingNo: 'RR1', at, by: 'carrier/post' },
    };
    const unused: DomainEvent = {
      type: 'LabelVoidRequested',
      data: { bookingId: 'b1', carrier: 'post', trackingNo: 'RR1' },
    };
    const recorded = log.append(`shipment-${shipmentId}`, created, wish, bought, moved, unused);
    expect(isPublished('LabelVoidRequested')).to.equal(true);
    expect(await messageOf(recorded[4]!, createFolds({ reader: log }))).to.equal(undefined);
    expect(await jobOf(recorded[4]!, createFolds({ reader: log }))).to.deep.equal({
      type: 'carrier.label_void_requested.v1',
      subject: shipmentId,
      data: {
        bookingId: 'b1',
        shipmentId,
        orderNumber: 'ABCD-EFGH-JKMN-7',
        carrier: 'post',
        trackingNo: 'RR1',
        deadline: new Date(Date.parse(recorded[4]!.meta.at) + 24 * 60 * 60_000).toISOString(),
      },
    });
  });

  it('ask whether an order may be accepted, with what it weighs and what was known of the customer when it was placed', async () => {
    const screening = { timeoutSeconds: 30, onSilence: 'hold', reviewWeightAbove: 1000, reviewNewAbove: 50 } as const;
    const jobFor = async (change: Parameters<typeof placedOrder>[0]) => {
      const log = new MemoryLog();
      const data = placedOrder({ screening, checkId: idOf('check', 1), ...change });
      const [placed] = log.append(orderStream, { type: 'OrderPlaced', data });
      const job = await jobOf(placed!, createFolds({ reader: log }));
      const decoded = contracts['check.requested.v1'].decode(JSON.parse(JSON.stringify(job?.data)));
      if (E.isLeft(decoded)) throw new Error('the job breaks its contract');
      return decoded.right;
    };
    const lines = [orderLine(1, { qty: 3, weight: 350 }), orderLine(2), orderLine(3, { qty: 1, weight: 200 })];
    const since = '2024-05-01T13:00:00.000Z';
    const known = { orders: 2, flags: ['failed_before' as const], since };
    const destination = { country: 'DE', region: 'BE', postalPrefix: '120', zone: 'south' };
    const full = await jobFor({ lines, customer: known, destination });
    expect(full).to.deep.include({
      destination,
      weight: 1250,
      account: { age: 2, orders: 2, flags: ['failed_before'] },
      limits: { reviewWeightAbove: 1000, reviewNewAbove: 50 },
    });
    expect(await jobFor({ customer: { orders: 0, flags: ['new'] } })).to.deep.include({
      account: { age: 0, orders: 0, flags: ['new'] },
    });
    expect(await jobFor({})).not.to.have.any.keys('weight', 'account');
  });
});
