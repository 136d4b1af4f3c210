import type { WakeUp } from '../../api/ports/wakeUp.js';

/** Wakes waiters within this process. */
export const inMemoryWakeUp = (): WakeUp => {
  const waiters = new Map<string, Set<(woken: boolean) => void>>();
  let closed = false;

  return {
    notify: (topic) => {
      for (const wake of waiters.get(topic) ?? []) wake(true);
    },
    wait: (topic, timeoutMs, signal) =>
      new Promise((resolve) => {
        if (closed || signal?.aborted === true) {
          resolve(false);
          return;
        }
        const ofTopic = waiters.get(topic) ?? new Set();
        waiters.set(topic, ofTopic);
        const finish = (woken: boolean): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          ofTopic.delete(finish);
          // only if nobody has put a fresh set there since
          if (ofTopic.size === 0 && waiters.get(topic) === ofTopic) waiters.delete(topic);
          resolve(woken);
        };
        const onAbort = (): void => {
          finish(false);
        };
        const timer = setTimeout(onAbort, timeoutMs);
        signal?.addEventListener('abort', onAbort, { once: true });
        ofTopic.add(finish);
      }),
    close: () => {
      closed = true;
      for (const ofTopic of [...waiters.values()]) for (const wake of [...ofTopic]) wake(false);
      return Promise.resolve();
    },
  };
};
