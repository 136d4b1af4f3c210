import type { WakeUp } from '../ports/wakeUp.js';

/** A wait that goes on until something is found, the time is over, or patience ends. */
export interface Waiting {
  /** When to stop waiting, on the clock of `performance.now()`. */
  readonly deadline: number;
  /** How often to look although nobody called: a call can get lost. */
  readonly everyMs: number;
  readonly patience: AbortSignal;
}

/** Begins to listen now, so that nothing that happens from here on is missed; `look` again and again until it finds. */
export interface Waiter {
  /** @returns the first that `look` finds, or undefined when the time is over; looks once at least */
  until<T>(look: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Ends listening. */
  stop(): void;
}

export function startWaiting(wakeUp: WakeUp, topic: string, { deadline, everyMs, patience }: Waiting): Waiter {
  const done = new AbortController();
  const signal = AbortSignal.any([patience, done.signal]);
  const remaining = (): number => deadline - performance.now();
  const listen = (): Promise<boolean> => wakeUp.wait(topic, Math.max(0, Math.min(everyMs, remaining())), signal);
  // registered before whatever the caller does next
  let woken = listen();
  return {
    until: async (look) => {
      try {
        for (;;) {
          const found = await look();
          if (found !== undefined || patience.aborted || remaining() <= 0) return found;
          await woken;
          woken = listen();
        }
      } finally {
        done.abort();
      }
    },
    stop: () => done.abort(),
  };
}
