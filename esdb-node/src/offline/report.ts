/** What a check of a log found. */
export interface Report {
  readonly events: number;
  readonly streams: number;
  /** What is wrong, in words; empty when nothing is. */
  readonly problems: readonly string[];
  /** Problems beyond those that are listed. */
  readonly more: number;
}

/** Problems that are told one by one. */
const LISTED = 100;

/** Gathers problems; of very many it only counts the rest. */
export class Problems {
  readonly listed: string[] = [];
  more = 0;

  add(problem: string): void {
    if (this.listed.length < LISTED) this.listed.push(problem);
    else this.more += 1;
  }
}

/** A report that says one thing: the log could not be looked at any further. */
export const onlyProblem = (problem: string): Report => ({ events: 0, streams: 0, problems: [problem], more: 0 });
