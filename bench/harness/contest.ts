import type { Figure, Goal } from './figure.js';
import { median, spread } from './statistics.js';

/** What one run of a contender gave. */
export interface Measured {
  readonly value: number;
  /** 99th percentile of the latency, in milliseconds. */
  readonly p99?: number;
  /** Microseconds of processor time for each answer, by the name of the process. */
  readonly processor?: Readonly<Record<string, number>>;
}

/** Somebody whose figure is taken, side by side with the others'. */
export interface Contender {
  readonly what: string;
  readonly run: () => Promise<Measured>;
  /** Makes it warm; default: a run that is not counted. */
  readonly warmUp?: () => Promise<unknown>;
  /** With whom it is compared: the `what` of other contenders. */
  readonly against?: readonly { readonly to: string; readonly goal?: Goal }[];
  readonly goal?: Goal;
}

export interface Contest {
  readonly case: string;
  readonly unit: string;
  readonly rounds: number;
  readonly contenders: readonly Contender[];
  /** Told before each run, for whoever watches. */
  readonly progress: (text: string) => void;
}

/**
 * Lets every contender warm up, then run once a round, each round beginning with another one, so that whatever else the
 * machine does strikes all alike. Ratios are taken within a round.
 */
export async function contest({ case: name, unit, rounds, contenders, progress }: Contest): Promise<Figure[]> {
  const results = new Map<string, Measured[]>(contenders.map(({ what }) => [what, []]));
  for (const { what, run, warmUp = run } of contenders) {
    progress(`${name}: warming up, ${what}`);
    await warmUp();
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (let place = 0; place < contenders.length; place += 1) {
      const contender = contenders[(place + round) % contenders.length];
      if (!contender) continue;
      progress(`${name}: round ${round} of ${rounds}, ${contender.what}`);
      results.get(contender.what)?.push(await contender.run());
    }
  }
  return contenders.map(({ what, against = [], goal }) => {
    const own = results.get(what) ?? [];
    const comparisons = against.map(({ to, goal: wanted }) => {
      const others = results.get(to);
      if (!others) throw new Error(`${name}: nobody is called ${to}`);
      const ratio = median(own.map(({ value }, round) => value / (others[round]?.value ?? Number.NaN)));
      return { to, ratio, ...(wanted ? { goal: wanted } : {}) };
    });
    return {
      ...figure(name, what, unit, own),
      comparisons,
      ...(goal ? { goal } : {}),
    };
  });
}

/** A figure of several runs, compared with nobody. */
export function figure(name: string, what: string, unit: string, runs: readonly Measured[]): Figure {
  const values = runs.map(({ value }) => value);
  const p99s = runs.flatMap(({ p99 }) => (p99 === undefined ? [] : [p99]));
  const processor = Object.keys(runs[0]?.processor ?? {}).map(
    (process) => [process, median(runs.map((run) => run.processor?.[process] ?? Number.NaN))] as const,
  );
  return {
    case: name,
    what,
    unit,
    rounds: values,
    median: median(values),
    spread: spread(values),
    ...(p99s.length > 0 ? { p99: median(p99s) } : {}),
    ...(processor.length > 0 ? { processor: Object.fromEntries(processor) } : {}),
    comparisons: [],
  };
}
