import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { run } from './run.js';
import { describeCoverage, describeFailure } from './report.js';
import { runSpread } from './workers.js';

const whole = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError('It must be a whole number from 0 up.');
  return number;
};

const program = new Command('simulate')
  .description('Runs Comanda on simulated ports under faults that a seed decides, and checks that everything holds.')
  .option('--seed <number>', 'replays one seed, step by step', whole)
  .option('--seeds <number>', 'how many seeds are run', whole, 100)
  .option('--from <number>', 'the first of them', whole, 1)
  .option('--workers <number>', 'over how many processes they are spread', whole, 2)
  .addHelpText('after', '\nA failing run prints its seed; `npm run simulate -- --seed S` shows how it came to that.');
program.parse();
const options = program.opts<{ seed?: number; seeds: number; from: number; workers: number }>();

/** One seed with its whole trace. */
async function replay(seed: number): Promise<boolean> {
  const outcome = await run(seed, { traced: true });
  console.log(outcome.trace.join('\n'));
  const { steps, milliseconds, orders, failure } = outcome;
  console.log(`seed ${seed}: ${steps} steps, ${(milliseconds / 1000).toFixed(1)} s of its time, ${orders} orders`);
  console.log(failure ? `FAILED: ${failure.message}` : 'everything held');
  return failure === undefined;
}

async function many(from: number, seeds: number, workers: number): Promise<boolean> {
  const began = performance.now();
  const bar = new SingleBar({ format: '{bar} {value} of {total} seeds, {eta} s left', noTTYOutput: false });
  bar.start(seeds, 0);
  const summary = await runSpread(from, seeds, workers, (done) => bar.increment(done));
  bar.stop();
  const { failures } = summary;
  console.log(`${seeds} seeds from ${from}, in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  console.log(describeCoverage(summary));
  for (const seed of failures.slice(0, 1)) console.log(await describeFailure(seed));
  console.log(
    failures.length === 0 ? 'everything held' : `${failures.length} failed: ${failures.slice(0, 20).join(', ')}`,
  );
  return failures.length === 0;
}

const held =
  options.seed === undefined ? await many(options.from, options.seeds, options.workers) : await replay(options.seed);
process.exitCode = held ? 0 : 1;
