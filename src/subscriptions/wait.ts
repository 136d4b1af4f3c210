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
  /** By signal: a listener for each wait would cost more than the wait. */
  private readonly listening = new WeakMap<AbortSignal, Set<() => void>>();

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
      const untilAborted = signal && this.listenersOf(signal);
      const wake = (): void => {
        this.waiting.delete(wake);
        untilAborted?.delete(wake);
        if (timer !== undefined) clearTimeout(timer);
        resolve();
      };
      this.waiting.add(wake);
      untilAborted?.add(wake);
      if (timeoutMs !== undefined) timer = setTimeout(wake, timeoutMs);
    });
  }

  /** Who waits until a signal aborts; woken by one listener, which stays as long as the signal. */
  private listenersOf(signal: AbortSignal): Set<() => void> {
    const known = this.listening.get(signal);
    if (known) return known;
    const wakes = new Set<() => void>();
    this.listening.set(signal, wakes);
    const wakeAll = (): void => {
      for (const wake of [...wakes]) wake();
    };
    signal.addEventListener('abort', wakeAll, { once: true });
    return wakes;
  }
}
