import { describeFault } from './faults.js';
import type { Log } from './ports/log.js';

/** How often an outage that goes on is told of again, in milliseconds. */
const AGAIN_MS = 60_000;

/**
 * Tells an operator of something that is tried again and again: at its first failure, once a minute while it goes on failing,
 * and when it works again. A line for each try would fill the log for as long as a database is away.
 */
export class Outage {
  private since: number | undefined;
  private toldAt = 0;
  private failures = 0;

  constructor(
    private readonly log: Log,
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** It failed, again or for the first time; `message` says what. */
  failed(message: string, error: unknown): void {
    const now = this.now();
    this.since ??= now;
    this.failures += 1;
    if (this.failures > 1 && now - this.toldAt < AGAIN_MS) return;
    this.toldAt = now;
    this.log.warn(message, {
      ...this.fields,
      reason: describeFault(error),
      ...(this.failures > 1 ? { failures: this.failures } : {}),
    });
  }

  /** It worked; `message` says so if it did not before. */
  over(message: string): void {
    if (this.since === undefined) return;
    this.log.warn(message, { ...this.fields, afterMs: Math.round(this.now() - this.since), failures: this.failures });
    this.since = undefined;
    this.failures = 0;
  }
}
