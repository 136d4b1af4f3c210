import type { Summary } from './report.js';
import { run, type RunOptions } from './run.js';

const TELL_EVERY = 10;

/** Runs seeds one after the other; none is traced, for who wants to know runs the seed again. */
export async function runMany(
  from: number,
  seeds: number,
  progress: (done: number) => void = () => undefined,
  options: RunOptions = {},
): Promise<Summary> {
  const failures: number[] = [];
  let orders = 0;
  let steps = 0;
  const began = process.cpuUsage();
  const stackTraceLimit = Error.stackTraceLimit;
  // faults are errors, and nobody looks where thousands of them came from
  Error.stackTraceLimit = 0;
  try {
    for (let done = 0; done < seeds; done += 1) {
      const outcome = await run(from + done, options);
      if (outcome.failure) failures.push(outcome.seed);
      orders += outcome.orders;
      steps += outcome.steps;
      if ((done + 1) % TELL_EVERY === 0) progress(TELL_EVERY);
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  progress(seeds % TELL_EVERY);
  const { user, system } = process.cpuUsage(began);
  return { failures, orders, steps, cpuMs: (user + system) / 1000 };
}
