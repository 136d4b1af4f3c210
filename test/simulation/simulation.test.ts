import { expect } from 'chai';
import { NO_FAULTS } from './faults/plan.js';
import { describeCoverage, describeFailure } from './report.js';
import { run } from './run.js';
import { runSpread } from './workers.js';

/** `SIMULATION_SEEDS` runs more of them, or fewer. */
const SEEDS = Number(process.env.SIMULATION_SEEDS ?? 10_000);
const WORKERS = 2;

describe('Deterministic simulation', function () {
  this.timeout(0);

  it('takes orders to their end where nothing goes wrong', async () => {
    const { failure, orders, faults } = await run(3, { plan: NO_FAULTS });
    expect(failure).to.equal(undefined);
    expect(orders).to.be.greaterThan(0);
    expect(faults).to.deep.equal({});
  });

  it('does the same thing in the same order, byte by byte, when a seed is run again', async () => {
    for (const seed of [1, 7, 12]) {
      const first = await run(seed, { traced: true });
      const second = await run(seed, { traced: true });
      expect(first.trace.length).to.be.greaterThan(100);
      expect(second.trace.join('\n')).to.equal(first.trace.join('\n'));
    }
  });

  it('does different things for different seeds', async () => {
    const traces: string[] = [];
    for (const seed of [1, 2, 3]) traces.push((await run(seed, { traced: true })).trace.join('\n'));
    expect(new Set(traces).size).to.equal(3);
  });

  it(`keeps every promise under the faults of ${SEEDS} seeds`, async () => {
    const summary = await runSpread(1, SEEDS, WORKERS, told(SEEDS));
    const [first] = summary.failures;
    if (first !== undefined)
      expect.fail(`${summary.failures.length} of ${SEEDS} seeds failed\n${await describeFailure(first)}`);
    expect(summary.seeds).to.equal(SEEDS);
    // no toy: whatever can happen has happened somewhere among so many seeds
    if (SEEDS < 100) return;
    const { faults, endings } = summary;
    expect(faults, describeCoverage(summary)).to.include.all.keys(FAULTS);
    expect(endings, describeCoverage(summary)).to.include.all.keys(ENDINGS);
  });
});

/** A line for each tenth of the seeds: a log that says nothing for minutes looks like one that hangs. */
function told(seeds: number): (done: number) => void {
  const began = performance.now();
  let all = 0;
  return (done) => {
    const before = Math.floor((10 * all) / seeds);
    all += done;
    if (Math.floor((10 * all) / seeds) === before) return;
    console.log(`    ${all} of ${seeds} seeds, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  };
}

const FAULTS = [
  'calls refused',
  'answers lost',
  'calls done after they were given up',
  'redeliveries',
  'reorderings',
  'feeds cut',
  'feeds gone silent',
  'outages',
  'crashes',
  'freezes',
  'clock jumps',
];
const ENDINGS = [
  'orders completed',
  'orders cancelled',
  'orders expired',
  'orders rejected',
  'captures',
  'transfers',
  'refunds',
  'refunds that failed',
  'refunds made at the provider',
  'of these failed',
  'holds',
  'lines cancelled',
  'amendments',
  'amendments declined',
  'further payments asked for',
  'items added to tickets',
  'cancellations asked of the kitchen',
  'other amounts paid',
  'articles sold out',
  'of these to be had again',
  'holds of what is sold out',
  'returns',
  'of these put on the shelf again',
  'of these written off',
];
