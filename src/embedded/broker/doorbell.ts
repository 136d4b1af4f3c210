/** Tells a loop that it should look again, also when the ring comes while it is looking. */
export interface Doorbell {
  ring(): void;
  /** Forgets earlier rings; whatever is rung from here on ends the next `wait`. Call it before looking. */
  listen(): void;
  /** Until it is rung, or `timeoutMs` have passed. */
  wait(timeoutMs: number): Promise<void>;
}

export const doorbell = (): Doorbell => {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    listen: () => {
      rung = false;
    },
    wait: (timeoutMs) =>
      new Promise((resolve) => {
        if (rung) {
          resolve();
          return;
        }
        const timer = setTimeout(() => wake?.(), timeoutMs);
        wake = () => {
          clearTimeout(timer);
          wake = undefined;
          resolve();
        };
      }),
  };
};
