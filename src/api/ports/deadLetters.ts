/** A message that a consumer gave up. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: string;
  readonly reason: string;
  /** Attempts made before it was given up. */
  readonly attempts: number;
  /** When it was given up, RFC 3339; empty: nobody knows. */
  readonly deadAt: string;
  /** Absent: its body is no message of ours. */
  readonly message: { readonly type: string; readonly subject: string } | undefined;
  readonly body: string;
}

/** Where a page of dead letters ended. */
export interface DeadLetterPlace {
  readonly queue: string;
  readonly id: string;
  readonly deadAt: string;
  /** How many letters of the queue were shown so far. */
  readonly shown: number;
}

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  readonly next: DeadLetterPlace | undefined;
}

/** What the API may do with dead letters. Every method throws a system fault when the broker does not answer. */
export interface DeadLetters {
  queues(): Promise<readonly string[]>;
  /** Every queue with how many dead letters it has. */
  counts(): Promise<readonly { readonly queue: string; readonly count: number }[]>;
  /** Of these queues, one after the other, oldest first. */
  page(queues: readonly string[], limit: number, after?: DeadLetterPlace): Promise<DeadLetterPage>;
  find(queue: string, id: string): Promise<DeadLetter | undefined>;
  /** Puts one (or all) back on the consumer's own queue; answers how many. */
  retry(queue: string, id?: string): Promise<number>;
  /** Drops one (or all) for good; answers how many. */
  discard(queue: string, id?: string): Promise<number>;
}
