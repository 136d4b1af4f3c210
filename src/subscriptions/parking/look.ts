import { pause } from '../wait.js';
import type { Wishes } from './wishes.js';

/** A look at each heartbeat for what operators asked of parked events. */
export interface Look {
  /** Aborts when something was asked, and when looking ends. */
  signal(): AbortSignal;
  /** What was asked is done: look for more. */
  again(): void;
}

/** Looks every so many milliseconds until `ending` aborts. A look that fails is made good by the next. */
export function lookForWishes(wishes: Wishes, everyMs: number, ending: AbortSignal): Look {
  let asked = new AbortController();
  const look = async (): Promise<void> => {
    while (!ending.aborted) {
      if (!asked.signal.aborted && (await wishes.waiting().catch(() => false))) asked.abort();
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
