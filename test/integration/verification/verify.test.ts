import { expect } from 'chai';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { READ_MODELS } from '../../../src/main/roles/projections.js';
import { StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import { CHECKS } from '../../../src/verification/checks/index.js';
import type { Difference } from '../../../src/verification/difference.js';
import { COMPARISONS } from '../../../src/verification/verify.js';
import { dueAt, placedOrder } from '../../support/fixtures.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { Installation, shelf, waiting } from './installation.js';
import { ofGoods } from './planted/goods.js';
import { inTheLog } from './planted/log.js';
import { ofMoney } from './planted/money.js';
import { ofOrders } from './planted/orders.js';
import { stranger } from './planted/planted.js';
import { inTables } from './planted/tables.js';

const planted = [...inTheLog, ...ofOrders, ...ofMoney, ...ofGoods, ...inTables];

describe('a verification', () => {
  let ground: Ground;
  let installation: Installation;
  before(async function () {
    this.timeout(300_000);
    ground = await enter(READ_MODELS);
  });
  beforeEach(() => {
    installation = new Installation(ground);
    installation.live();
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const of = (check: string, differences: readonly Difference[]): readonly Difference[] =>
    differences.filter((difference) => difference.check === check);

  it('finds no difference where there is none, and says what it compared', async () => {
    await installation.settle();
    const { differences, events, streams, rows } = await installation.verify();
    expect(differences).to.deep.equal([]);
    expect(events).to.equal(ground.log.events.length);
    expect(streams).to.include({ order: 3, payment: 2, stock: 2, ticket: 1, location: 1 });
    expect(Object.values(rows).reduce((sum, count) => sum + count)).to.equal(9);
  });

  it('minds no event that is parked by a build which does not serve', async () => {
    await installation.settle();
    await ground.database.query(
      `INSERT INTO parked (runner, position, stream, revision, event_id, event_type, reason)
       VALUES ('order_view#1', 1, $1, 0, gen_random_uuid(), 'OrderPlaced', 'odd')`,
      [orderStream(waiting)],
    );
    expect((await installation.verify()).differences).to.deep.equal([]);
  });

  it('finds none in an installation that is empty', async () => {
    await ground.clear();
    const { differences, head } = await new Installation(ground).verify();
    expect(differences).to.deep.equal([]);
    expect(head).to.equal(null);
  });

  for (const { check, fault, log, tables, where, text } of planted) {
    it(`sees that ${fault}`, async () => {
      log?.(installation);
      await installation.settle();
      await tables?.(installation);
      const { differences } = await installation.verify();
      const found = of(check, differences).find(
        (difference) => difference.where === where && text.test(difference.text),
      );
      expect(found, JSON.stringify(differences, undefined, 2)).to.not.equal(undefined);
    });
  }

  it('has a fault planted for every rule', () => {
    const rules = [...CHECKS, ...COMPARISONS].map(({ name }) => name);
    const tried = new Set(planted.map(({ check }) => check));
    // no event can break this sum: only an evolve that is wrong could
    expect(rules.filter((name) => !tried.has(name))).to.deep.equal(['reserved-is-the-sum']);
  });

  it('takes for a step under way what runners have not come to yet', async () => {
    await installation.settle();
    installation.append(orderStream(waiting), { type: 'OrderExpired', data: { dueAt } });
    installation.append(orderStream(stranger), { type: 'OrderPlaced', data: placedOrder({ orderId: stranger }) });
    installation.append(shelf(1), { type: 'StockAdjusted', data: { from: 8, to: 7, reason: 'counted' } });
    expect((await installation.verify()).differences).to.deep.equal([]);
  });

  it('goes on where the connection to the log fails', async () => {
    await installation.settle();
    ground.log.drop(5);
    ground.log.cut(new StoreUnavailable('away'), 7);
    const { differences, events } = await installation.verify();
    expect(differences).to.deep.equal([]);
    expect(events).to.equal(ground.log.events.length);
  });

  it('leaves streams of others alone', async () => {
    await installation.settle();
    ground.log.appendStored('somebody-else', 'Whatever', {}, 1);
    const { differences, foreign } = await installation.verify();
    expect(differences).to.deep.equal([]);
    expect(foreign).to.equal(1);
  });
});
