import { fork } from 'node:child_process';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { run } from './run.js';
import { describeFailure, type Summary, sum } from './report.js';
import { runMany } from './runMany.js';

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

/** A stretch of seeds in a process of its own, that tells of its progress. */
function worker(from: number, seeds: number, tick: (done: number) => void): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./worker.ts', import.meta.url), [String(from), String(seeds)]);
    let summary: Summary | undefined;
    child.on('message', (message: { done: number } | { summary: Summary }) => {
      if ('done' in message) tick(message.done);
      else summary = message.summary;
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      summary ? resolve(summary) : reject(new Error(`a worker ended with code ${String(code)} before it was done`)),
    );
  });
}

async function many(from: number, seeds: number, workers: number): Promise<boolean> {
  const began = performance.now();
  const bar = new SingleBar({ format: '{bar} {value} of {total} seeds, {eta} s left', noTTYOutput: false });
  bar.start(seeds, 0);
  const share = Math.ceil(seeds / Math.max(1, workers));
  const stretches = Array.from({ length: Math.ceil(seeds / share) }, (_, index) => index * share);
  const summaries =
    workers <= 1
      ? [await runMany(from, seeds, (done) => bar.increment(done))]
      : await Promise.all(
          stretches.map((begin) => worker(from + begin, Math.min(share, seeds - begin), (done) => bar.increment(done))),
        );
  bar.stop();
  const { failures, orders, steps, cpuMs } = sum(summaries);
  const elapsed = ((performance.now() - began) / 1000).toFixed(1);
  const each = seeds === 0 ? 0 : cpuMs / seeds;
  console.log(
    `${seeds} seeds from ${from}: ${orders} orders, ${steps} steps, in ${elapsed} s (${each.toFixed(1)} ms of processor time each)`,
  );
  for (const seed of failures.slice(0, 1)) console.log(await describeFailure(seed));
  console.log(
    failures.length === 0 ? 'everything held' : `${failures.length} failed: ${failures.slice(0, 20).join(', ')}`,
  );
  return failures.length === 0;
}

const held =
  options.seed === undefined ? await many(options.from, options.seeds, options.workers) : await replay(options.seed);
process.exitCode = held ? 0 : 1;
