import { DelegateBackoff, handleWhen, type IRetryContext, retry, type RetryPolicy } from 'cockatiel';
import { StoreUnavailable, WrongExpectedRevision } from '../ports/eventStore.js';

/** How often and how patiently something is tried again. Delays are full jitter: random between 0 and a doubling limit. */
export interface RetryOptions {
  /** Tries after the first one. */
  readonly retries: number;
  /** Limit of the first delay, in milliseconds; it doubles with every try. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/** When others wrote first. */
export const CONFLICT_RETRIES: RetryOptions = { retries: 5, baseMs: 10, maxMs: 500 };
/** When the store did not answer. Each try has the store's own time limit besides. */
export const STORE_RETRIES: RetryOptions = { retries: 2, baseMs: 100, maxMs: 1_000 };

/** Tries again what ended in a {@link WrongExpectedRevision}. */
export const retryConflicts = (options: RetryOptions, random: () => number): RetryPolicy =>
  fullJitter((error) => error instanceof WrongExpectedRevision, options, random);

/** Tries again, unchanged, what ended in a {@link StoreUnavailable}, with or without a known outcome. */
export const retryStore = (options: RetryOptions, random: () => number): RetryPolicy =>
  fullJitter((error) => error instanceof StoreUnavailable, options, random);

const fullJitter = (when: (error: Error) => boolean, options: RetryOptions, random: () => number): RetryPolicy =>
  retry(handleWhen(when), {
    maxAttempts: options.retries,
    backoff: new DelegateBackoff<IRetryContext>(
      ({ attempt }) => random() * Math.min(options.maxMs, options.baseMs * 2 ** (attempt - 1)),
    ),
  });
