/** Resolves after so many milliseconds, or as soon as the signal aborts; never rejects. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });

/** Resolves when the signal aborts; never rejects. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Tells everybody who waits that something changed. Waiting is registered at once, so "look, then wait" misses nothing in one turn. */
export class Changes {
  private readonly waiting = new Set<() => void>();

  announce(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves at the next change, after `timeoutMs` if that is given, or when the signal aborts; never rejects. */
  next(signal?: AbortSignal, timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      const wake = (): void => {
        this.waiting.delete(wake);
        if (timer !== undefined) clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      if (timeoutMs !== undefined) timer = setTimeout(wake, timeoutMs);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}
