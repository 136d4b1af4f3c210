/** Asks one component whether it can serve: resolves if so, else throws or stays silent. */
export interface ReadinessCheck {
  /** As shown to operators: `event store`, `postgres`. */
  readonly name: string;
  check(signal: AbortSignal): Promise<void>;
}
