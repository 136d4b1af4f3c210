import pRetry, { AbortError } from 'p-retry';

export interface RetryOptions {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Ends the tries: the promise then rejects with the last failure. */
  readonly signal?: AbortSignal;
  readonly shouldRetry: (error: unknown) => boolean;
  /** Hears of every failure that is followed by another try. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/**
 * Tries until it succeeds or `shouldRetry` says no, with delays that double up to a maximum and are spread at random.
 * Rejects with the very error of the last try.
 */
export async function retrying<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { firstDelayMs, maxDelayMs, signal, shouldRetry, onRetry } = options;
  let last: unknown;
  try {
    return await pRetry(
      async (number) => {
        try {
          return await attempt();
        } catch (error) {
          last = error;
          if (signal?.aborted || !shouldRetry(error)) throw new AbortError('given up');
          onRetry?.(error, number);
          // the library takes a TypeError for a bug that needs no second try, and writes into the errors it sees
          throw new Error('failed', { cause: error });
        }
      },
      {
        forever: true,
        factor: 2,
        minTimeout: firstDelayMs,
        maxTimeout: maxDelayMs,
        randomize: true,
        ...(signal ? { signal } : {}),
      },
    );
  } catch (error) {
    throw last ?? error;
  }
}
