/** How long a component may take to answer, in milliseconds: one that takes longer is silent. */
export const ANSWER_WITHIN_MS = 2_000;

/** Asks one component whether it can serve: resolves if so, else throws or stays silent. */
export interface ReadinessCheck {
  /** As shown to operators: `event store`, `postgres`. */
  readonly name: string;
  /** Orders are accepted without it, and what it delays catches up: its silence is told, and the process stays ready. */
  readonly optional?: boolean;
  check(signal: AbortSignal): Promise<void>;
}
