const SAME_SIGNAL_MS = 1000;

/**
 * Calls `stop` once on SIGINT or SIGTERM, and `force` when a person asks again later: npm forwards Ctrl-C, so one press may
 * arrive twice, and what comes within a second of the first counts as the first.
 */
export function onStopSignal(stop: () => void, force: () => void): void {
  let first: number | undefined;
  const handle = () => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      stop();
    } else if (now - first > SAME_SIGNAL_MS) {
      force();
    }
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
}
