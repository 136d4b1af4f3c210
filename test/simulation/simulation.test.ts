import { expect } from 'chai';
import { NO_FAULTS } from './faults/plan.js';
import { describeFailure } from './report.js';
import { run } from './run.js';
import { runMany } from './runMany.js';

/** `SIMULATION_SEEDS` runs more of them. */
const SEEDS = Number(process.env.SIMULATION_SEEDS ?? 50);

describe('Deterministic simulation', function () {
  this.timeout(0);

  it('takes orders to their end where nothing goes wrong', async () => {
    const { failure, orders } = await run(3, { plan: NO_FAULTS });
    expect(failure).to.equal(undefined);
    expect(orders).to.be.greaterThan(0);
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
    const traces = await Promise.resolve([1, 2, 3]).then(async (seeds) => {
      const all: string[] = [];
      for (const seed of seeds) all.push((await run(seed, { traced: true })).trace.join('\n'));
      return all;
    });
    expect(new Set(traces).size).to.equal(3);
  });

  it(`keeps every promise under the faults of ${SEEDS} seeds`, async () => {
    const { failures } = await runMany(1, SEEDS);
    const [first] = failures;
    if (first !== undefined)
      expect.fail(`${failures.length} of ${SEEDS} seeds failed\n${await describeFailure(first)}`);
  });
});
