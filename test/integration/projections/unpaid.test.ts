import { expect } from 'chai';
import { orderProjection } from '../../../src/projections/order/projection.js';
import { orderViewSchema } from '../../../src/projections/order/schema.js';
import { unpaidOrdersOf } from '../../../src/main/unpaidOrders.js';
import { unpaidOrderQueries } from '../../../src/projections/order/unpaid.js';
import type { LocationId } from '../../../src/domain/kernel/ids.js';
import type { OrderEvent } from '../../../src/domain/order/index.js';
import { idOf, main, sku } from '../../support/fixtures.js';
import { histories, linesCancelled, orderPlaced } from '../../unit/domain/order/histories.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { givenProjection } from './given.js';

describe('orders that nobody has paid', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([orderViewSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const elsewhere = 'elsewhere' as LocationId;
  let orders = 0;
  const ordered = async (
    [, ...rest]: readonly OrderEvent[],
    change: Parameters<typeof orderPlaced>[0] = {},
  ): Promise<string> => {
    const orderId = idOf('order', (orders += 1));
    const given = givenProjection(ground, orderProjection());
    await given.when(ground.log.append(`order-${orderId}`, orderPlaced({ ...change, orderId }), ...rest));
    return orderId;
  };

  it('are those that still want an article, there or anywhere, with the time that they want it for', async () => {
    const queries = unpaidOrderQueries(ground.database);
    expect(await queries.shownUpTo()).to.equal(-1n);
    expect(await unpaidOrdersOf(ground.database).shows(1n)).to.equal(false);
    const placed = await ordered(histories.placed);
    const promisedAt = '2024-05-04T20:00:00.000Z';
    const awaiting = await ordered(histories.awaiting_payment, { promisedAt, locationId: elsewhere });
    for (const over of ['on_hold', 'confirmed', 'in_fulfilment', 'expired', 'cancelled'] as const) {
      await ordered(histories[over]);
    }
    const here = { orderId: placed, locationId: main };
    const there = { orderId: awaiting, locationId: elsewhere, promisedAt };
    expect(await queries.withArticle(sku('sku-1'))).to.deep.equal([here, there]);
    expect(await queries.withArticle(sku('sku-2'), elsewhere)).to.deep.equal([there]);
    expect(await queries.withArticle(sku('sku-3'))).to.deep.equal([]);
    expect(await queries.withArticle(sku("sku-1' OR true"))).to.deep.equal([]);
  });

  it('are none of those that gave it up', async () => {
    const dropped = linesCancelled({ 1: 2 });
    await ordered([...histories.awaiting_payment, dropped]);
    const queries = unpaidOrderQueries(ground.database);
    expect(await queries.withArticle(sku('sku-1'))).to.deep.equal([]);
    expect(await queries.withArticle(sku('sku-2'))).to.have.length(1);
  });
});
