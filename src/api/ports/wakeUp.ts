/** The topic of what read models show of a stream; the stream's own name is the topic of what was appended to it. */
export const shownOf = (stream: string): string => `shown/${stream}`;

/** The topic of what the kitchen board shows, whichever ticket it is. No stream has this name: each has a dash in its own. */
export const BOARD_SHOWN = 'shown/ticket';

/**
 * Tells waiting requests that something may have changed, so that they need not poll. It is a hint and no more: a
 * notification can get lost (Redis down), therefore every waiter looks again by itself after its timeout.
 */
export interface WakeUp {
  /** Wakes everybody who waits for `topic` now, in this process and, where a network is between, in others. Never throws. */
  notify(topic: string): void;
  /**
   * Waits for the next `notify(topic)`. The waiter is registered before this call returns its promise, so the sequence
   * "wait, then look, then await" misses nothing: `const woken = wakeUp.wait(…); if (await done()) …; else await woken`.
   * @returns true when woken, false after `timeoutMs`, on `signal`, and when `close` is called. Never rejects.
   */
  wait(topic: string, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /** Ends all waits with false and lets go of connections. */
  close(): Promise<void>;
}
