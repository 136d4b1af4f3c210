/** What the outside may know of a runner. */
export interface RunnerStatus {
  readonly name: string;
  readonly kind: 'projection' | 'reactor' | 'listener';
  /** `waiting`: another process owns it, or it has not begun. */
  readonly state: 'leading' | 'waiting';
  /** Everything up to here is handled; null: nothing yet. */
  readonly position: bigint | null;
  /** Nothing is left to handle, as far as this process knows. */
  readonly atEnd: boolean;
}

/** Something that works its way through the log. */
export interface Runner {
  readonly name: string;
  status(): RunnerStatus;
  /** Resolves at the next progress, after `timeoutMs`, or when the signal aborts. */
  progressed(signal: AbortSignal, timeoutMs: number): Promise<void>;
  /** Works until the signal aborts and everything under way has come to its end. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
}
