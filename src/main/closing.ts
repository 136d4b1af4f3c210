import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../infrastructure/telemetry/logger.js';

/** What is closed one after the other: `queues` are those in the database. Within one of them nothing hangs on anything else. */
const STAGES = ['work', 'queues', 'connections', 'claims'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * For how long something may close, in milliseconds: `work` a little longer than requests under way may take, everything else
 * as long as it takes to say goodbye. Together they bound a stop, whatever is frozen.
 */
const WITHIN_MS: Readonly<Record<Stage, number>> = { work: 11_000, queues: 2_000, connections: 3_000, claims: 1_000 };

/** What looks into a table again and again loses nothing where it is left in the middle of a look. */
export const POLLING_GRACE_MS = 5_000;

/** A component of our own writes down what it holds before it ends, which may take it some seconds; undefined: as usual. */
export const embeddedGrace = (url: string | undefined): number | undefined => (url === undefined ? 6_000 : undefined);

interface Step {
  readonly name: string;
  readonly close: () => Promise<void> | void;
  readonly withinMs: number;
}

/**
 * What was opened, closed stage by stage, side by side within a stage. What fails to close, or does not in its time, keeps
 * nothing else from being closed.
 */
export class Closing {
  readonly #steps = new Map<Stage, Step[]>();

  constructor(private readonly log: Logger) {}

  /** Remembers how to close something that was just opened; `withinMs` where it may take longer or shorter than others. */
  add(stage: Stage, name: string, close: Step['close'], withinMs = WITHIN_MS[stage]): void {
    const steps = this.#steps.get(stage);
    if (steps) steps.push({ name, close, withinMs });
    else this.#steps.set(stage, [{ name, close, withinMs }]);
  }

  /**
   * Closes everything that was added. Never rejects: failures go to the log.
   * @returns the names of what did not close, or not in its time
   */
  async run(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const stage of STAGES) {
      const steps = this.#steps.get(stage) ?? [];
      this.#steps.delete(stage);
      const closed = await Promise.all(steps.map((step) => this.#close(step)));
      left.push(...steps.filter((_, index) => !closed[index]).map(({ name }) => name));
    }
    return left;
  }

  async #close({ name, close, withinMs }: Step): Promise<boolean> {
    const enough = new AbortController();
    const late = sleep(withinMs, 'late' as const, { signal: enough.signal }).catch(() => 'late' as const);
    this.log.debug(`closing: ${name}`);
    try {
      const outcome = await Promise.race([Promise.resolve().then(close), late]);
      if (outcome === 'late') this.log.warn(`${name} did not close within ${withinMs / 1_000} s and is left as it is`);
      return outcome !== 'late';
    } catch (error) {
      this.log.warn(`${name} did not close cleanly`, { error });
      return false;
    } finally {
      enough.abort();
    }
  }
}
