import { expect } from 'chai';
import { reservationIdOf } from '../../../../src/commands/identity.js';
import type { OrderId } from '../../../../src/domain/kernel/ids.js';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { stockStream, type StreamName } from '../../../../src/domain/kernel/streams.js';
import { order, type OrderEvent } from '../../../../src/domain/order/index.js';
import { stock, type StockEvent } from '../../../../src/domain/stock/index.js';
import type { Related } from '../../../../src/processes/engine/related.js';
import type { Leftovers } from '../../../../src/processes/ports/leftovers.js';
import type { Finding } from '../../../../src/processes/reconciliation/finding.js';
import { reservationFindings, webhookFindings } from '../../../../src/processes/reconciliation/leftoverFindings.js';
import { aShipment, aTicket, idOf, main, sku } from '../../../support/fixtures.js';
import { histories as orders, shipped } from '../../domain/order/histories.js';
import { confirmed, registered, released } from '../../domain/stock/histories.js';

async function all(found: AsyncIterable<Finding>): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of found) findings.push(finding);
  return findings;
}

const soup = stockStream(sku('soup'), main);
const reserved = (number: number, qty: number): StockEvent => ({
  type: 'StockReserved',
  data: { reservationId: idOf('reservation', number), orderId: idOf('order', number), qty },
});

/** What is found where the shelf has these reservations, and each of its orders these events. */
function foundBy(
  shelf: readonly StockEvent[],
  its: Readonly<Record<OrderId, readonly OrderEvent[]>>,
): Promise<readonly Finding[]> {
  const latest = (aggregate: { readonly category: string }, stream: StreamName) =>
    Promise.resolve(
      aggregate.category === 'stock'
        ? fold(stock, stock.initial, shelf)
        : fold(order, order.initial, its[stream.slice('order-'.length) as OrderId] ?? []),
    );
  const leftovers = { stockItems: () => Promise.resolve([soup]) } as unknown as Leftovers;
  return all(reservationFindings(leftovers, { latest } as unknown as Related));
}

describe('units that are set aside for an order that will never want them', () => {
  for (const [status, why] of [
    ['rejected', 'rejected'],
    ['expired', 'expired'],
    ['cancelled', 'cancelled'],
    ['fulfilled', 'cancelled'],
    ['completed', 'cancelled'],
  ] as const) {
    it(`are given back where it is ${status}`, async () => {
      const found = await foundBy([registered(), reserved(1, 3), confirmed(1)], { [idOf('order', 1)]: orders[status] });
      expect(found.map(({ text }) => text)).to.deep.equal([`3 of soup are set aside for an order that is ${status}`]);
      expect(found[0]?.mend).to.deep.include({ kind: 'stock', stream: soup });
      expect(found[0]?.mend?.command).to.deep.equal({
        type: 'ReleaseReservation',
        reservationId: idOf('reservation', 1),
        orderId: idOf('order', 1),
        why,
      });
    });
  }

  it('are taken from the shelf where they were handed over and nobody had noticed, and the rest is given back', async () => {
    const orderId = idOf('order', 1);
    const reservationId = reservationIdOf(orderId, idOf('line', 1));
    const aside: StockEvent[] = [registered(), { type: 'StockReserved', data: { reservationId, orderId, qty: 3 } }];
    const mended = async (shelf: readonly StockEvent[], history: readonly OrderEvent[]) => {
      const [first, ...rest] = history;
      const placed: OrderEvent =
        first?.type === 'OrderPlaced' ? { ...first, data: { ...first.data, orderId } } : first!;
      return (await foundBy(shelf, { [orderId]: [placed, ...rest] })).map(({ mend }) => mend?.command);
    };
    for (const [history, by] of [
      [orders.fulfilled, aTicket],
      [shipped.delivered, aShipment],
    ] as const) {
      expect(await mended(aside, history), by).to.deep.equal([
        { type: 'ConsumeReservation', reservationId, orderId, qty: 2, by },
      ]);
      const noticed: StockEvent = { type: 'StockConsumed', data: { reservationId, orderId, qty: 2, by } };
      expect(await mended([...aside, noticed], history), by).to.deep.equal([
        { type: 'ReleaseReservation', reservationId, orderId, why: 'cancelled' },
      ]);
    }
  });

  it('are somebody’s to look at where there is no such order', async () => {
    const [found, ...more] = await foundBy([registered(), reserved(1, 3)], {});
    expect(more).to.deep.equal([]);
    expect(found?.text).to.equal('3 of soup are set aside for an order that is not there');
    expect(found).not.to.have.property('mend');
  });

  it('are none of a living order, nor what is free again', async () => {
    const living = ['placed', 'on_hold', 'awaiting_payment', 'confirmed', 'in_fulfilment'] as const;
    for (const status of living) {
      expect(
        await foundBy([registered(), reserved(1, 3)], { [idOf('order', 1)]: orders[status] }),
        status,
      ).to.deep.equal([]);
    }
    const over = { [idOf('order', 1)]: orders.cancelled };
    expect(await foundBy([registered(), reserved(1, 3), released(3, 1)], over)).to.deep.equal([]);
  });

  it('are found beside those that are wanted', async () => {
    const found = await foundBy([registered(), reserved(1, 3), reserved(2, 4)], {
      [idOf('order', 1)]: orders.confirmed,
      [idOf('order', 2)]: orders.expired,
    });
    expect(found.map(({ about }) => about)).to.deep.equal([
      { orderId: idOf('order', 2), sku: sku('soup'), locationId: main },
    ]);
  });
});

describe('webhooks that nobody works', () => {
  const now = '2024-05-04T12:10:00.000Z';
  const foundOf = (waiting: number, asked: string[] = []): Promise<readonly Finding[]> =>
    all(
      webhookFindings(
        {
          webhooksWaiting: (before: string) => {
            asked.push(before);
            return Promise.resolve(waiting);
          },
        } as unknown as Leftovers,
        now,
      ),
    );

  it('are somebody’s to look at, once a day, when they have waited for five minutes', async () => {
    const asked: string[] = [];
    const [found, ...more] = await foundOf(2, asked);
    expect([asked, more]).to.deep.equal([['2024-05-04T12:05:00.000Z'], []]);
    expect(found).to.deep.equal({
      key: 'webhooks 2024-05-04',
      about: {},
      text: '2 webhooks that came before 2024-05-04T12:05:00.000Z wait to be worked',
    });
  });

  it('are no finding where there are none', async () => {
    expect(await foundOf(0)).to.deep.equal([]);
  });
});
