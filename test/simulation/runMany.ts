import { NOTHING, type Summary, sum } from './report.js';
import { run, type RunOptions } from './run.js';

const TELL_EVERY = 10;
// the real one, before a run replaces it
const turn = setImmediate;

/** Runs seeds one after the other; none is traced, for who wants to know runs the seed again. */
export async function runMany(
  from: number,
  seeds: number,
  progress: (done: number) => void = () => undefined,
  options: RunOptions = {},
): Promise<Summary> {
  let summary = NOTHING;
  const began = process.cpuUsage();
  const stackTraceLimit = Error.stackTraceLimit;
  // faults are errors, and nobody looks where thousands of them came from
  Error.stackTraceLimit = 0;
  try {
    for (let done = 0; done < seeds; done += 1) {
      const { seed, failure, ...outcome } = await run(from + done, options);
      summary = sum([summary, { ...outcome, seeds: 1, failures: failure ? [seed] : [], cpuMs: 0 }]);
      if ((done + 1) % TELL_EVERY === 0) progress(TELL_EVERY);
      // a run leaves the event loop no turn: what is to be told, and whoever wants to stop it, gets one here
      await new Promise<void>((resolve) => turn(resolve));
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  progress(seeds % TELL_EVERY);
  const { user, system } = process.cpuUsage(began);
  return { ...summary, cpuMs: (user + system) / 1000 };
}
