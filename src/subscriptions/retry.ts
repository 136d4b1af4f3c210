import pRetry, { AbortError } from 'p-retry';

export interface RetryOptions {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Ends the tries. A try under way comes to its end first, and its outcome counts. */
  readonly signal: AbortSignal;
  readonly shouldRetry: (error: unknown) => boolean;
  /** Hears of every failure that is followed by another try. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/**
 * Tries until it succeeds or `shouldRetry` says no, with delays that double up to a maximum and are spread at random.
 * Rejects with the very error of the last try.
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

/** After a first failure; what succeeds at once never pays for any of this. */
async function tryAgain<T>(attempt: () => Promise<T>, options: RetryOptions, first: unknown): Promise<T> {
  const { firstDelayMs, maxDelayMs, signal, shouldRetry, onRetry } = options;
  let latest: Promise<T> | undefined;
  const tryOnce = async (number: number): Promise<T> => {
    if (number > 1) latest = attempt();
    try {
      if (!latest) throw first;
      return await latest;
    } catch (error) {
      if (signal.aborted || !shouldRetry(error)) throw new AbortError('given up');
      onRetry?.(error, number);
      // the library takes a TypeError for a bug that needs no second try, and writes into the errors it sees
      throw new Error('failed', { cause: error });
    }
  };
  try {
    return await pRetry(tryOnce, {
      forever: true,
      factor: 2,
      minTimeout: firstDelayMs,
      maxTimeout: maxDelayMs,
      randomize: true,
      signal,
    });
  } catch {
    // the library lets go of a try under way when the signal aborts; what it does may be stored all the same
    if (latest) return await latest;
    throw first;
  }
}
