import { pause } from '../wait.js';

/** A look at each heartbeat for what operators asked of parked events. */
export interface Look {
  /** Aborts when something was asked, and when looking ends. */
  signal(): AbortSignal;
  /** What was asked is done: look for more. */
  again(): void;
}

export interface LookOptions {
  /** Whether anything was asked. */
  readonly waiting: () => Promise<boolean>;
  readonly everyMs: number;
  /** Look at once: something is parked already, and may be asked for. */
  readonly atOnce: boolean;
}

/** Looks every so many milliseconds until `ending` aborts. A look that fails is made good by the next. */
export function lookForWishes({ waiting, everyMs, atOnce }: LookOptions, ending: AbortSignal): Look {
  let asked = new AbortController();
  const look = async (): Promise<void> => {
    if (!atOnce) await pause(everyMs, ending);
    while (!ending.aborted) {
      if (!asked.signal.aborted && (await waiting().catch(() => false))) asked.abort();
      await pause(everyMs, ending);
    }
  };
  ending.addEventListener('abort', () => asked.abort(), { once: true });
  void look();
  return {
    signal: () => asked.signal,
    again: () => {
      if (!ending.aborted) asked = new AbortController();
    },
  };
}
