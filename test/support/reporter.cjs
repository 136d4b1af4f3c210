const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

/** How long whatever is still open may keep a run that is over from ending. */
const LINGER_MS = 30_000;

const { EVENT_RUN_END, EVENT_TEST_FAIL } = Runner.constants;

/**
 * Mocha's `spec` report, and as its very last line the sum of the run: `N passed, N failed`. Where MOCHA_SUM names a file,
 * the sum and what failed go there instead, for a run of several suites to be added up (test/support/everything.mjs).
 */
module.exports = class ClosingLine extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      failed.push({ title: test.fullTitle(), error: error.stack ?? String(error) });
    });
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      const file = process.env.MOCHA_SUM;
      process.once('exit', () => {
        if (file) writeFileSync(file, JSON.stringify({ passes, failures, failed }));
        else process.stdout.write(`${passes} passed, ${failures} failed\n`);
        // all is done and said: what Node clears up after this has gone on for ever (20.20, Environment::CleanupHandles)
        process.exit(Math.min(failures, 255));
      });
      setTimeout(() => {
        process.stdout.write(`Something was left open: ${process.getActiveResourcesInfo().join(', ')}\n`);
        process.exit();
      }, LINGER_MS).unref();
    });
  }
};
