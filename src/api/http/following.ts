import type { ApiLog } from '../ports/log.js';
import type { WakeUp } from '../ports/wakeUp.js';
import { isSystemFault } from './faults.js';

/** Something that others change, and that somebody wants to see whenever it has changed. */
export interface Followed<T> {
  /** Reads it as it is now; undefined: there is nothing, or it cannot be read just now. */
  readonly read: () => Promise<T | undefined>;
  readonly wakeUp: WakeUp;
  /** Notified when it has changed. */
  readonly topic: string;
  /** How often to look although nobody called: a call can get lost. */
  readonly everyMs: number;
}

/**
 * What it is now, and then again after every call and every so often, changed or not. Whoever takes the next one late gets
 * the newest only: nothing piles up for them. Ends when patience does.
 *
 * Looks that nobody called for fall on the same moments for all who follow, so that their reads can be joined.
 */
export async function* following<T>(
  { read, wakeUp, topic, everyMs }: Followed<T>,
  patience: AbortSignal,
): AsyncGenerator<T> {
  do {
    // registered before it is read, so that nothing that happens from here on is missed
    const woken = wakeUp.wait(topic, Math.ceil(everyMs - (performance.now() % everyMs)), patience);
    const now = await read();
    if (now !== undefined) yield now;
    await woken;
  } while (!patience.aborted);
}

/**
 * Reads for those who rather wait than fail: what cannot be read for the moment is nothing new, and told to the log once.
 * @param what for people: `the kitchen board`
 */
export function steadyReader(log: ApiLog, what: string) {
  let away = false;
  return async <T>(read: () => Promise<T | undefined>): Promise<T | undefined> => {
    try {
      const now = await read();
      away = false;
      return now;
    } catch (error) {
      if (!isSystemFault(error)) throw error;
      if (!away) log.warn(`${what} cannot be read just now: whoever follows waits`, { error });
      away = true;
      return undefined;
    }
  };
}
