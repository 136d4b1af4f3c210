const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

/**
 * Mocha's `spec` report, and as its very last line the sum of the run: `N passed, N failed`. Where MOCHA_SUM names a file,
 * the sum goes there instead, for a run of several suites to be added up (test/support/everything.mjs).
 */
module.exports = class ClosingLine extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      const file = process.env.MOCHA_SUM;
      process.once('exit', () => {
        if (file) writeFileSync(file, JSON.stringify({ passes, failures }));
        else process.stdout.write(`${passes} passed, ${failures} failed\n`);
      });
    });
  }
};
