import { ExponentialBackoff, fullJitterGenerator } from 'cockatiel';
import { pause } from './wait.js';

export interface RetryOptions {
  /** The longest that the first delay may be; it doubles with each try. */
  readonly firstDelayMs: number;
  /** The longest that any delay may be. */
  readonly maxDelayMs: number;
  /** Ends the tries. A try under way comes to its end first, and its outcome counts. */
  readonly signal: AbortSignal;
  readonly shouldRetry: (error: unknown) => boolean;
  /** Hears of every failure that is followed by another try. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/**
 * Tries until it succeeds or `shouldRetry` says no, with delays anywhere between nothing and a bound that doubles up to a
 * maximum: whoever failed at one moment, as all do when a system goes away, must not come back at one moment. Rejects with the
 * very error of the last try.
 */
export async function retrying<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, shouldRetry } = options;
  try {
    return await attempt();
  } catch (error) {
    if (signal.aborted || !shouldRetry(error)) throw error;
    return await tryAgain(attempt, options, error);
  }
}

/**
 * After a first failure; what succeeds at once never pays for any of this. The delays are the library's; its own loop waits a
 * delay out to its end though it was told to stop, which would hold up a process that is to end.
 */
async function tryAgain<T>(attempt: () => Promise<T>, options: RetryOptions, first: unknown): Promise<T> {
  const { firstDelayMs, maxDelayMs, signal, shouldRetry, onRetry } = options;
  const delays = new ExponentialBackoff({
    generator: fullJitterGenerator,
    initialDelay: firstDelayMs,
    maxDelay: maxDelayMs,
  });
  let failure = first;
  for (let number = 1, delay = delays.next(); ; number += 1, delay = delay.next(undefined)) {
    onRetry?.(failure, number);
    await pause(delay.duration, signal);
    if (signal.aborted) throw failure;
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !shouldRetry(error)) throw error;
      failure = error;
    }
  }
}
