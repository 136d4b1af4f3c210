import { run, type RunOptions } from './run.js';

/** What came of a stretch of seeds. */
export interface Summary {
  readonly seeds: number;
  readonly failures: readonly number[];
  readonly orders: number;
  readonly steps: number;
  /** Simulated time; milliseconds. */
  readonly milliseconds: number;
  /** How often each fault happened, and how orders and their money ended. */
  readonly faults: Readonly<Record<string, number>>;
  readonly endings: Readonly<Record<string, number>>;
  /** Processor time; milliseconds. */
  readonly cpuMs: number;
}

type Counts = Readonly<Record<string, number>>;

export const NOTHING: Summary = {
  seeds: 0,
  failures: [],
  orders: 0,
  steps: 0,
  milliseconds: 0,
  faults: {},
  endings: {},
  cpuMs: 0,
};

const together = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]),
  );

export const sum = (summaries: readonly Summary[]): Summary =>
  summaries.reduce(
    (a, b) => ({
      seeds: a.seeds + b.seeds,
      failures: [...a.failures, ...b.failures].sort((one, other) => one - other),
      orders: a.orders + b.orders,
      steps: a.steps + b.steps,
      milliseconds: a.milliseconds + b.milliseconds,
      faults: together(a.faults, b.faults),
      endings: together(a.endings, b.endings),
      cpuMs: a.cpuMs + b.cpuMs,
    }),
    NOTHING,
  );

const rounded = (number: number): string => (number >= 100 ? number.toFixed(0) : number.toFixed(2));

const listed = (counts: Counts, seeds: number): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([what, count]) => `${rounded(count / seeds)} ${what}`)
    .join(', ');

/** What one seed of these does on average: a simulation that has become a toy is to be seen at a glance. */
export function describeCoverage({ seeds, orders, steps, milliseconds, faults, endings, cpuMs }: Summary): string {
  if (seeds === 0) return 'no seeds';
  const each = (total: number): string => rounded(total / seeds);
  return [
    `a seed on average: ${each(orders)} orders, ${each(steps)} steps, ${each(milliseconds / 1000)} s of its time, ${each(cpuMs)} ms of processor time`,
    `  what came of it: ${listed(endings, seeds)}`,
    `  what went wrong: ${listed(faults, seeds)}`,
  ].join('\n');
}

const TAIL = 40;

/** Runs a failing seed once more, for the end of its trace: the seed, what was wrong, and what led to it. */
export async function describeFailure(seed: number, options: RunOptions = {}): Promise<string> {
  const { failure, trace, steps } = await run(seed, { ...options, traced: true });
  const what = failure ? `${failure.message}\n${failure.stack ?? ''}` : 'held when it was run again';
  const replay = `npm run simulate -- --seed ${seed}`;
  return `seed ${seed} failed after ${steps} steps (all of them: ${replay}): ${what}\n${trace.slice(-TAIL).join('\n')}\n`;
}
