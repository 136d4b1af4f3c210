import { expect } from 'chai';
import type { OrderEvent, OrderMode } from '../../../src/domain/order/index.js';
import { leftoverQueries } from '../../../src/projections/leftovers/queries.js';
import { orderProjection } from '../../../src/projections/order/projection.js';
import { orderViewSchema } from '../../../src/projections/order/schema.js';
import { idOf } from '../../support/fixtures.js';
import { histories, orderHeld, orderPlaced } from '../../unit/domain/order/histories.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { givenProjection } from './given.js';

/** Minutes after the orders of the histories were placed, which are due half an hour later. */
const timeAfter = (minutes: number): string =>
  new Date(Date.parse('2024-05-04T12:00:00Z') + minutes * 60_000).toISOString();

describe('orders that stand still', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([orderViewSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  /** Whether an order is found so many minutes after it was placed, and as what. */
  async function stuckAfter(minutes: readonly number[], history: readonly OrderEvent[], mode: OrderMode = 'pickup') {
    const given = givenProjection(ground, orderProjection());
    const orderId = idOf('order', 1);
    const [, ...rest] = history;
    await given.when(ground.log.append(`order-${orderId}`, orderPlaced({ orderId, mode }), ...rest));
    const { stuckOrders } = leftoverQueries(ground.database);
    const found: (string | undefined)[] = [];
    for (const time of minutes) {
      const stuck = await stuckOrders(timeAfter(time));
      found.push(stuck[0]?.status);
      for (const one of stuck) expect(one.orderId).to.equal(orderId);
    }
    return found;
  }

  it('are those whose stock, or check, nobody tells of', async () => {
    expect(await stuckAfter([9, 11], histories.placed)).to.deep.equal([undefined, 'placed']);
  });

  it('are those that are not paid and do not end', async () => {
    expect(await stuckAfter([49, 51], histories.awaiting_payment)).to.deep.equal([undefined, 'awaiting_payment']);
  });

  it('are those that nobody decides on in time', async () => {
    const held = [...histories.placed, orderHeld({ decideBy: timeAfter(60) })];
    expect(await stuckAfter([64, 66], held)).to.deep.equal([undefined, 'on_hold']);
  });

  for (const mode of ['pickup', 'dine_in', 'delivery', 'shipping', 'digital'] as const) {
    it(`are those that are confirmed and that nobody begins to serve: ${mode}`, async () => {
      expect(await stuckAfter([149, 151], histories.confirmed, mode)).to.deep.equal([undefined, 'confirmed']);
    });
  }

  it('are none that are being made, or over', async () => {
    for (const status of ['in_fulfilment', 'fulfilled', 'cancelled', 'rejected', 'expired'] as const) {
      expect(await stuckAfter([100_000], histories[status]), status).to.deep.equal([undefined]);
      await ground.clear();
    }
  });
});
