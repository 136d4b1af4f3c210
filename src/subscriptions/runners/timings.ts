/** How runners behave in time; milliseconds. */
export interface RunnerTimings {
  /** How long a lease holds without being renewed. */
  readonly leaseMs: number;
  /** How often a lease is renewed, a checkpoint written, and a lease of somebody else tried. */
  readonly heartbeatMs: number;
  /** A batch is closed after so long, or when it is full. */
  readonly batchMs: number;
  readonly batchSize: number;
  /** First delay before a projection's batch is tried again after a fault of a system. */
  readonly firstBatchRetryMs: number;
  /** The same for reactions, and the longest delay for both. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** For how long a reactor tries again after any other failure, before it parks the event's key. */
  readonly giveUpAfterMs: number;
  /** How long stopping waits for reactions under way. */
  readonly drainMs: number;
}

export const RUNNER_TIMINGS: RunnerTimings = {
  // with a try each heartbeat, whoever dies is followed within five seconds
  leaseMs: 3_500,
  heartbeatMs: 1_000,
  batchMs: 5,
  batchSize: 1_000,
  firstBatchRetryMs: 100,
  firstRetryMs: 1_000,
  maxRetryMs: 60_000,
  giveUpAfterMs: 300_000,
  drainMs: 5_000,
};
