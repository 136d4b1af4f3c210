/** Work that waits in a table until its time comes: how it is claimed and done. */
export interface WorkLoopOptions<Item> {
  /** Claims up to so many items; the claim is committed when this resolves. */
  readonly claim: (limit: number) => Promise<readonly Item[]>;
  /** Does one item and records that it is done, or when to try again. What it throws is only reported. */
  readonly work: (item: Item) => Promise<void>;
  /** Milliseconds until the next item is due; undefined: none is known. */
  readonly untilNextMs: () => Promise<number | undefined>;
  /** The longest rest between two looks, in milliseconds, for what others put there or failed to finish. */
  readonly idleMs: number;
  readonly maxInFlight: number;
  readonly failed: (error: unknown) => void;
}

export interface WorkLoop {
  /** Looks at once: something new is there. */
  wake(): void;
  /** Claims nothing more and resolves when what is being worked is done. Safe to call twice. */
  stop(): Promise<void>;
}

/** The shortest rest, so that a claim that yields nothing although something is due does not spin. */
const LEAST_REST_MS = 20;

/** Starts the loop; it ends with `stop` alone, whatever fails meanwhile. */
export function startWorkLoop<Item>(options: WorkLoopOptions<Item>): WorkLoop {
  const inFlight = new Set<Promise<void>>();
  let stopped = false;
  let woken = false;
  let endRest: () => void = () => undefined;

  const wake = (): void => {
    woken = true;
    endRest();
  };

  const rest = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stopped) return resolve();
      const timeout = setTimeout(resolve, milliseconds);
      endRest = () => {
        clearTimeout(timeout);
        resolve();
      };
    });

  function start(item: Item): void {
    const working = options
      .work(item)
      .catch(options.failed)
      .finally(() => {
        inFlight.delete(working);
        // a place is free
        if (inFlight.size === options.maxInFlight - 1) wake();
      });
    inFlight.add(working);
  }

  /** One look; answers how long to rest before the next. */
  async function look(): Promise<number> {
    const free = options.maxInFlight - inFlight.size;
    if (free <= 0) return options.idleMs;
    const claimed = await options.claim(free);
    claimed.forEach(start);
    if (claimed.length === free) return options.idleMs;
    const next = await options.untilNextMs();
    return Math.min(options.idleMs, Math.max(LEAST_REST_MS, next ?? options.idleMs));
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false;
      let milliseconds = options.idleMs;
      try {
        milliseconds = await look();
      } catch (error) {
        options.failed(error);
      }
      await rest(milliseconds);
    }
    await Promise.allSettled(inFlight);
  }

  const running = run();
  return {
    wake,
    stop: async () => {
      stopped = true;
      endRest();
      await running;
    },
  };
}
