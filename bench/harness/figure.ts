/** What a figure has to reach. */
export interface Goal {
  /** As people say it: `≥ 50 % of bare Express`. */
  readonly text: string;
  readonly least?: number;
  readonly most?: number;
}

/** A figure set against another one of the same run. */
export interface Comparison {
  /** `what` of the other one. */
  readonly to: string;
  /** Median over the rounds of this value divided by the other's of the same round. */
  readonly ratio: number;
  readonly goal?: Goal;
}

/** One measured figure. */
export interface Figure {
  /** The case that it belongs to; with `what` unique in a run. */
  readonly case: string;
  readonly what: string;
  /** `1/s`, `events/s`, `ms`, `µs`, `MB`, … */
  readonly unit: string;
  /** One value a round. */
  readonly rounds: readonly number[];
  readonly median: number;
  /** Percent up and down: `spread` of the rounds. */
  readonly spread: number;
  /** 99th percentile of the latency in milliseconds, where there is one: the median over the rounds. */
  readonly p99?: number;
  /** Microseconds of processor time for each answer, by the name of the process: what other work on the machine hardly changes. */
  readonly processor?: Readonly<Record<string, number>>;
  readonly comparisons: readonly Comparison[];
  /** Of the figure itself. */
  readonly goal?: Goal;
  /** Anything that belongs beside the figure. */
  readonly note?: string;
}

/** A goal and what was measured. */
export interface Verdict {
  readonly goal: Goal;
  readonly value: number;
  readonly reached: boolean;
}

/** Every goal of a figure, with what was measured for it. */
export const verdicts = ({ goal, median, comparisons }: Figure): readonly Verdict[] =>
  [
    { goal, value: median },
    ...comparisons.map((comparison) => ({ goal: comparison.goal, value: comparison.ratio })),
  ].flatMap(({ goal: wanted, value }) => (wanted ? [{ goal: wanted, value, reached: meets(wanted, value) }] : []));

const meets = ({ least, most }: Goal, value: number): boolean =>
  (least === undefined || value >= least) && (most === undefined || value <= most);
