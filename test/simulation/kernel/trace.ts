/** What happened, step by step, for people. Kept only where somebody reads it: ten thousand seeds have no time to write. */
export class Trace {
  readonly lines: string[] = [];

  constructor(readonly kept: boolean) {}

  step(number: number, atMs: number, host: string | undefined, what: string): void {
    if (!this.kept) return;
    this.lines.push(
      `${String(number).padStart(6)} ${(atMs / 1000).toFixed(4).padStart(10)}s  ${(host ?? '-').padEnd(5)} ${what}`,
    );
  }

  /** Something beside the steps: a fault, what a process logs. */
  note(what: string): void {
    if (this.kept) this.lines.push(`${' '.repeat(26)}${what}`);
  }
}
