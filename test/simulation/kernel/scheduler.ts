import type { Host } from './host.js';
import type { Random } from './random.js';
import type { Trace } from './trace.js';

/** Something that is going to happen: on a host, or (without one) out in the world. */
export interface Occurrence {
  readonly at: number;
  /** Decides between things that happen at the same time. */
  readonly order: number;
  readonly host: Host | undefined;
  readonly life: number;
  readonly label: string;
  readonly run: () => void;
  cancelled: boolean;
}

const SETTLED = Promise.resolve();

/**
 * Time and order of everything. One occurrence is one step; whatever its promises lead to belongs to the same step and to the
 * same host, for nothing settles a promise of another host but an occurrence of that host.
 */
export class Scheduler {
  /** Milliseconds since the beginning, the same for everybody; only clocks differ. */
  now = 0;
  steps = 0;
  /** Whose code runs. */
  current: Host | undefined;
  /** Whose code ran in the last step. */
  last: Host | undefined;
  /** Latest last. */
  readonly #pending: Occurrence[] = [];

  constructor(
    private readonly random: Random,
    private readonly trace: Trace,
  ) {}

  get pending(): number {
    return this.#pending.length;
  }

  /** On a host: never, if that life of it is over by then; later, if it is frozen. */
  schedule(host: Host | undefined, delayMs: number, label: string, run: () => void): Occurrence {
    const occurrence: Occurrence = {
      at: this.now + Math.max(0, delayMs),
      order: this.random.fraction(),
      host,
      life: host?.life ?? 0,
      label,
      run,
      cancelled: false,
    };
    this.#insert(occurrence);
    return occurrence;
  }

  /** Lets a frozen host go on: what it missed happens now, in its order. */
  thaw(host: Host): void {
    host.state = 'up';
    host.held.splice(0).forEach((missed, index) => {
      this.#insert({ ...missed, at: this.now, order: index / 1e6 });
    });
  }

  /**
   * Takes steps, one after the other, until it is enough or nothing is left to happen.
   * @param enough asked after each step, when everything that the step led to has happened; what it throws ends the run
   */
  run(enough: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      // a tick that is asked for in a promise's turn comes after every promise that can settle has done so, and costs no turn of
      // the event loop
      const whenSettled = (): void => process.nextTick(next);
      const next = (): void => {
        try {
          this.current = undefined;
          if (enough()) resolve();
          else begin();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const begin = (): void => {
        if (this.#step()) void SETTLED.then(whenSettled);
        else resolve();
      };
      begin();
    });
  }

  /** Lets the next thing happen; false when there is none. */
  #step(): boolean {
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      if (next.cancelled) continue;
      const { host } = next;
      if (host !== undefined) {
        if (host.life !== next.life || host.state === 'down') continue;
        if (host.state === 'frozen') {
          host.held.push(next);
          continue;
        }
      }
      this.now = Math.max(this.now, next.at);
      this.steps += 1;
      this.trace.step(this.steps, this.now, host?.name, next.label);
      this.current = host;
      next.run();
      this.last = this.current;
      return true;
    }
    return false;
  }

  #insert(occurrence: Occurrence): void {
    let low = 0;
    let high = this.#pending.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#pending[middle];
      if (other && (other.at > occurrence.at || (other.at === occurrence.at && other.order > occurrence.order))) {
        low = middle + 1;
      } else high = middle;
    }
    this.#pending.splice(low, 0, occurrence);
  }
}
