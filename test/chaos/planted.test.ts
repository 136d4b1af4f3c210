import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Fault } from './plan/faults.js';
import { firstDifference } from './report.js';
import { forget, run } from './run.js';

const MINUTES = 0.25;
const KILL_EVERY_MS = 1_000;

/** Nothing but kills of the two consumers, in turn. */
const faults: readonly Fault[] = Array.from({ length: (MINUTES * 60_000) / KILL_EVERY_MS - 1 }, (_, index) => ({
  atMs: (index + 1) * KILL_EVERY_MS,
  victim: index % 2 === 0 ? 'consumers-1' : 'consumers-2',
  kind: 'kill',
  forMs: 100,
}));

describe('A fault that was planted', function () {
  this.timeout(600_000);

  it('is found: a consumer that acknowledges a message before its work is done loses orders', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chaos-planted-'));
    const report = await run({
      seed: 'planted',
      minutes: MINUTES,
      perSecond: 8,
      folder,
      faults,
      preload: { consumers: join(import.meta.dirname, 'planted/ackOnDelivery.cjs') },
      // what is lost never comes: the queues are empty, and the orders wait for a link or a ticket
      patience: { restMs: 20_000, customerMs: 20_000 },
    });
    await forget(folder);
    expect(firstDifference(report)).to.match(/cannot be paid|has no payment link|is confirmed|no session/);
  });
});
