import { expect } from 'chai';
import { orderProjection } from '../../../src/projections/order/projection.js';
import { orderViewSchema } from '../../../src/projections/order/schema.js';
import { idOf } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { servedOrder } from '../../unit/projections/histories.js';
import { enter, type Ground } from './setup.js';

describe('the lag of a runner', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([orderViewSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const place = (n: number) => ground.log.append(`order-${idOf('order', n)}`, ...servedOrder(idOf('order', n)));

  it('is nothing while it keeps up, and grows in events and time when nobody runs it, as any other process sees it', async () => {
    place(1);
    const projection = orderProjection();
    const [running, looking] = [ground.subscriptions(), ground.subscriptions()];
    running.addProjection(projection);
    await Promise.all([running.start(), looking.start()]);
    const seen = async () => (await looking.lag()).find(({ name }) => name === projection.name);
    await until('it has caught up', async () => {
      const lag = await seen();
      return lag?.lagEvents === 0 && lag.owner === 'process 1' && lag.lagMs !== null && lag.lagMs < 1_000;
    });

    await running.stop();
    place(2);
    await until('twelve events wait', async () => (await seen())?.lagEvents === 12);
    const before = await seen();
    expect(before?.owner).to.equal(null);
    await until('the time grows', async () => ((await seen())?.lagMs ?? 0) > (before?.lagMs ?? 0));
  });

  it('is not told of builds that do not serve, which nobody waits for', async () => {
    await ground.database.query(`INSERT INTO checkpoints (name, position, epoch) VALUES ('order_view#2', 0, 1)`);
    const names = (await ground.subscriptions().lag()).map(({ name }) => name);
    expect(names).not.to.include('order_view#2');
  });
});
