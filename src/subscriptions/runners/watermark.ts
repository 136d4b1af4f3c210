interface Entry {
  readonly position: bigint;
  done: boolean;
}

/** How far a contiguous run of events is done, while later ones may be done already. */
export class Watermark {
  private readonly entries: Entry[] = [];
  private head = 0;
  private open = 0;
  private reached: bigint | null;

  constructor(after: bigint | null) {
    this.reached = after;
  }

  /** Everything up to here is done. */
  get position(): bigint | null {
    return this.reached;
  }

  /** How many events have begun and are not done. */
  get undone(): number {
    return this.open;
  }

  /** How many events are remembered: those that are not done, and those that wait for an earlier one. */
  get length(): number {
    return this.entries.length - this.head;
  }

  /** An event that begins; call the result once, when it is done. Positions come in order. */
  begin(position: bigint): () => void {
    const entry = { position, done: false };
    this.entries.push(entry);
    this.open += 1;
    return () => {
      entry.done = true;
      this.open -= 1;
      this.move();
    };
  }

  /** An event with nothing to do. */
  pass(position: bigint): void {
    if (this.length === 0) this.reached = position;
    else this.entries.push({ position, done: true });
  }

  private move(): void {
    for (let entry = this.entries[this.head]; entry?.done; entry = this.entries[this.head]) {
      this.reached = entry.position;
      this.head += 1;
    }
    if (this.head === this.entries.length || this.head > 4_096) {
      this.entries.splice(0, this.head);
      this.head = 0;
    }
  }
}
