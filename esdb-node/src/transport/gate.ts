/** Holds back what passes while it is shut, and lets it go on in its order when it opens. Asking an open gate costs one look. */
export class Gate {
  private shut = false;
  private waiting: (() => void)[] = [];

  get closed(): boolean {
    return this.shut;
  }

  close(): void {
    this.shut = true;
  }

  open(): void {
    this.shut = false;
    const { waiting } = this;
    this.waiting = [];
    for (const run of waiting) run();
  }

  /** Runs something now, or when the gate opens. */
  pass(run: () => void): void {
    if (this.shut) this.waiting.push(run);
    else run();
  }

  /** Resolves when the gate is open. */
  opened(): Promise<void> {
    return new Promise((resolve) => this.pass(resolve));
  }
}
