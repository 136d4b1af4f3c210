const { reporters, Runner } = require('mocha');

/** Mocha's `spec` report, and as its very last line the sum of the run: `N passed, N failed`. */
module.exports = class ClosingLine extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      process.once('exit', () => process.stdout.write(`${passes} passed, ${failures} failed\n`));
    });
  }
};
