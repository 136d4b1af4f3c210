import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { until } from '../support/until.js';
import { install, type Installation } from './installation.js';

/** Its own bound is 15 s (docs/operations.md); a machine that is busy may take longer over everything. */
const PATIENCE_MS = 90_000;
/** Long enough for every loop to be in the middle of a statement. */
const FROZEN_FOR_MS = 2_000;

describe('Comanda that is told to stop while its PostgreSQL is frozen', function () {
  this.timeout(600_000);
  let installation: Installation;

  before(async () => {
    installation = await install();
  });
  after(async () => {
    await installation.parts.postgres.service.thaw();
    await installation.stop();
  });

  it('answers what is under way, ends by itself in time, and says what it could not finish', async () => {
    const { comanda, parts } = installation;
    await parts.postgres.service.freeze();
    const asked = fetch(`${comanda.url}/v1/orders?limit=1`).then(({ status }) => status);
    await sleep(FROZEN_FOR_MS);

    const from = performance.now();
    const exit = new Promise<number | null>((resolve) => comanda.child.once('close', (code) => resolve(code)));
    let ended: number | null | undefined;
    void exit.then((code) => (ended = code));
    comanda.child.kill('SIGTERM');

    expect(await asked, 'what a view answers when the database does not').to.equal(503);
    await until('it has ended', () => ended !== undefined, PATIENCE_MS);
    const said = comanda.complained();
    expect(ended, said).to.equal(1);
    // By its own order, not by the limit that ends a process which is stuck. Which parts are left depends on where each one was
    // at the freeze: a connection whose statement was given up by then is gone, so the pool itself may well close.
    expect(said).to.match(/comanda: stopped after \d+\.\d s; not finished: \w/);
    expect(said).not.to.contain('not stopped within');
    expect(performance.now() - from).to.be.lessThan(PATIENCE_MS);
  });
});
