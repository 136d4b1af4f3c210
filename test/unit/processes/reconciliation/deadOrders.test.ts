import { expect } from 'chai';
import { ticketIdOf } from '../../../../src/commands/identity.js';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { orderStream, shipmentStream, ticketStream } from '../../../../src/domain/kernel/streams.js';
import { order, type OrderEvent } from '../../../../src/domain/order/index.js';
import { shipment, type ShipmentEvent } from '../../../../src/domain/shipment/index.js';
import { ticket, type TicketEvent } from '../../../../src/domain/ticket/index.js';
import type { Related } from '../../../../src/processes/engine/related.js';
import { deadOrderFindings } from '../../../../src/processes/reconciliation/deadOrders.js';
import type { Finding } from '../../../../src/processes/reconciliation/finding.js';
import { anOrder, aShipment, main } from '../../../support/fixtures.js';
import { histories, orderCancelled, shipped } from '../../domain/order/histories.js';
import { histories as parcels } from '../../domain/shipment/histories.js';
import { histories as tickets } from '../../domain/ticket/histories.js';
import { recorded } from '../support/recorded.js';

/** Events happen at 12:00: see `recorded`. */
const OLD = '2024-05-04T12:15:00.001Z';
const YOUNG = '2024-05-04T12:15:00.000Z';
const stream = orderStream(anOrder);

interface World {
  its: readonly OrderEvent[];
  ticket?: readonly TicketEvent[];
  parcel?: readonly ShipmentEvent[];
}

async function found(world: World, now = OLD): Promise<readonly Finding[]> {
  const latest = (_: unknown, name: string): unknown => {
    if (name === stream) return fold(order, order.initial, world.its);
    if (name === ticketStream(ticketIdOf(anOrder, main))) return fold(ticket, ticket.initial, world.ticket ?? []);
    if (name === shipmentStream(aShipment)) return fold(shipment, shipment.initial, world.parcel ?? []);
    throw new Error(`nobody needs ${name}`);
  };
  const findings: Finding[] = [];
  const parts = {
    leftovers: { deadOrdersAtWork: () => Promise.resolve([anOrder]) },
    related: { latest: (aggregate: unknown, name: string) => Promise.resolve(latest(aggregate, name)) } as Related,
    history: () => Promise.resolve(world.its.map((event, revision) => recorded(stream, event, revision))),
  };
  for await (const finding of deadOrderFindings(parts, now, true)) findings.push(finding);
  return findings;
}

const cancelled = [...histories.in_fulfilment, orderCancelled];
const unsent = [...shipped.allotted, orderCancelled];

describe('an order that is over, and for which somebody works', () => {
  it('is cancelled anew where its kitchen has it, or its parcel has not left', async () => {
    for (const world of [
      { its: cancelled, ticket: tickets.queued },
      { its: cancelled, ticket: tickets.ready },
      { its: unsent, parcel: parcels.packed },
    ]) {
      const [finding, ...more] = await found(world);
      expect(more).to.deep.equal([]);
      expect(finding?.about).to.deep.equal({ orderId: anOrder });
      expect(finding?.again?.process).to.equal('cancellation');
      expect(finding?.again?.recorded.event.type).to.equal('OrderCancelled');
    }
  });

  it('is somebody’s task where that changes nothing', async () => {
    const world: World = { its: unsent, ticket: tickets.queued, parcel: parcels.pending };
    const [finding] = await found(world);
    expect(finding?.text).to.include('its ticket is queued').and.to.include('is pending');
    world.parcel = parcels.cancelled;
    expect(await finding?.isStill?.()).to.equal(true);
    world.ticket = tickets.handed_over;
    expect(await finding?.isStill?.()).to.equal(false);
  });

  it('is somebody’s task at once where nobody called it off', async () => {
    const [finding] = await found({ its: histories.rejected, ticket: tickets.queued });
    expect(finding).to.include.keys('key', 'text').and.not.to.have.any.keys('again', 'mend');
  });

  it('is left alone while it is young, where nobody works for it any more, and where it lives', async () => {
    expect(await found({ its: cancelled, ticket: tickets.queued }, YOUNG)).to.deep.equal([]);
    for (const status of ['handed_over', 'cancelled', 'withdrawn', 'none'] as const) {
      expect(await found({ its: cancelled, ticket: tickets[status] }), status).to.deep.equal([]);
    }
    for (const status of ['in_transit', 'delivered', 'cancelled'] as const) {
      expect(await found({ its: unsent, parcel: parcels[status] }), status).to.deep.equal([]);
    }
    expect(await found({ its: histories.in_fulfilment, ticket: tickets.queued })).to.deep.equal([]);
  });
});
