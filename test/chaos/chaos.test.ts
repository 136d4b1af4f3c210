import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { firstDifference, type Report } from './report.js';
import { forget, run } from './run.js';

const SEED = 'short';
const MINUTES = 0.6;
const PER_SECOND = 3;

describe(`Comanda in two processes a role, killed and frozen together with all that it stands on (seed ${SEED})`, function () {
  this.timeout(600_000);
  let report: Report;

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
    report = await run({ seed: SEED, minutes: MINUTES, perSecond: PER_SECOND, folder });
    if (firstDifference(report) === undefined) await forget(folder);
  });

  it('was hit, and served all the while', () => {
    const { tally, visits } = report;
    expect(tally.done.filter(({ kind }) => kind === 'kill').length).to.be.greaterThan(2);
    expect(tally.done.filter(({ kind }) => kind === 'freeze').length).to.be.greaterThan(0);
    expect(visits.length).to.be.greaterThan(MINUTES * 60 * PER_SECOND * 0.7);
  });

  it('lost nothing, did nothing twice, and shows what its events fold to', () => {
    expect(firstDifference(report), `the logs are in ${report.folder}`).to.equal(undefined);
    expect(report.checks.length).to.be.greaterThan(20);
  });
});
