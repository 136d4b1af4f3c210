import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { until } from '../support/until.js';
import { type Comanda, type Environment, place, startComanda } from './support/comanda.js';
import { Shop } from './support/shop.js';
import { wholeWay } from './support/wholeWay.js';

/** Whether the process does anything; one that has ended and waits for init to notice does not. */
const running = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('Comanda on its embedded default', function () {
  this.timeout(900_000);
  let environment: Environment;
  let comanda: Comanda;
  let dispose: () => Promise<void>;

  const postgresPid = async (): Promise<number> => {
    const file = join(environment['COMANDA_DATA'] ?? '', 'postgres', 'cluster', 'postmaster.pid');
    return Number((await readFile(file, 'utf8')).split('\n')[0]);
  };

  before(async () => {
    ({ environment, dispose } = await place());
    comanda = await startComanda(environment);
  });
  after(async () => {
    await comanda.stop();
    await dispose();
  });

  it('says where to go and what each component is', () => {
    const printed = comanda.printed();
    expect(printed).to.contain(`http://127.0.0.1:${environment['PORT']}/v1`);
    expect(printed).to.contain(`http://127.0.0.1:${environment['STRIPE_SIMULATOR_PORT']}`);
    expect(printed).to.match(/embedded esdb-node in .*events/);
    expect(printed).to.match(/embedded PostgreSQL 18 in .*postgres/);
    expect(comanda.complained()).to.equal('');
  });

  wholeWay(() => new Shop(comanda.url));

  it('goes on after kill -9 with everything that it had acknowledged, and an order in the middle of its way gets to its end', async () => {
    const shop = new Shop(comanda.url);
    await shop.sell('survivor', 20);
    const paid = (await shop.order([{ sku: 'survivor', quantity: 1 }])).body;
    await shop.press(paid, 'succeed');
    const acknowledged = await Promise.all(
      Array.from({ length: 10 }, () => shop.order([{ sku: 'survivor', quantity: 1 }], { wait: 0 })),
    );
    await comanda.kill();

    comanda = await startComanda(environment);
    const again = new Shop(comanda.url);
    for (const { body } of acknowledged) await again.orderOnce(body.id, 'awaiting_payment');
    await again.ticketOf(paid.id);
    await again.stockOnce('survivor', { onHand: 20, reserved: 11 });
  });

  it('takes a signal that comes twice as one, stops within ten seconds, Postgres included, and starts again where it was', async () => {
    const before = await new Shop(comanda.url).get<{ items: readonly unknown[] }>('/v1/offers?limit=100');
    const pid = await postgresPid();
    expect(running(pid)).to.equal(true);
    const began = performance.now();
    comanda.child.kill('SIGINT');
    expect(await comanda.stop()).to.equal(0);
    expect(performance.now() - began).to.be.below(10_000);
    await until('Postgres is gone', () => !running(pid), 3_000);

    comanda = await startComanda(environment);
    const { items } = await new Shop(comanda.url).get<{ items: readonly unknown[] }>('/v1/offers?limit=100');
    expect(items).to.deep.equal(before.items);
  });
});

describe('The kitchen simulator', function () {
  this.timeout(900_000);

  it('cooks a paid order and hands it over by itself', async () => {
    const { environment, dispose } = await place({ KITCHEN_SIMULATOR: 'on' });
    const comanda = await startComanda(environment);
    try {
      const shop = new Shop(comanda.url);
      await shop.sell('robot-pizza', 1);
      const { body: order } = await shop.order([{ sku: 'robot-pizza', quantity: 1 }]);
      await shop.press(order, 'succeed');
      await shop.orderOnce(order.id, 'fulfilled');
    } finally {
      await comanda.stop();
      await dispose();
    }
  });
});
