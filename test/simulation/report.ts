import { run, type RunOptions } from './run.js';

/** What came of a stretch of seeds. */
export interface Summary {
  readonly failures: readonly number[];
  readonly orders: number;
  readonly steps: number;
  /** Processor time; milliseconds. */
  readonly cpuMs: number;
}

export const sum = (summaries: readonly Summary[]): Summary => ({
  failures: summaries.flatMap(({ failures }) => failures).sort((a, b) => a - b),
  orders: summaries.reduce((total, { orders }) => total + orders, 0),
  steps: summaries.reduce((total, { steps }) => total + steps, 0),
  cpuMs: summaries.reduce((total, { cpuMs }) => total + cpuMs, 0),
});

const TAIL = 40;

/** Runs a failing seed once more, for the end of its trace: the seed, what was wrong, and what led to it. */
export async function describeFailure(seed: number, options: RunOptions = {}): Promise<string> {
  const { failure, trace, steps } = await run(seed, { ...options, traced: true });
  const what = failure ? `${failure.message}\n${failure.stack ?? ''}` : 'held when it was run again';
  return `seed ${seed} failed after ${steps} steps: ${what}\n${trace.slice(-TAIL).join('\n')}\n`;
}
