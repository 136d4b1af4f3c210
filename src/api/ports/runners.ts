/** How far a runner is behind the log, whichever process runs it. */
export interface RunnerLag {
  readonly name: string;
  readonly position: bigint | null;
  /** The process that runs it; null: nobody does at this moment. */
  readonly owner: string | null;
  /** Whole milliseconds since it had handled everything; null: it never had. */
  readonly lagMs: number | null;
  /** How many events wait for it; null: more than this process can count. */
  readonly lagEvents: number | null;
  /** Where not all of them can be counted: at least so many wait, if any are known of. */
  readonly lagEventsAtLeast: number | null;
}

/** What the API may know of the subscriptions. */
export interface Runners {
  /** Every runner of the installation. Throws a system fault when the checkpoints cannot be read. */
  lag(): Promise<readonly RunnerLag[]>;
}
