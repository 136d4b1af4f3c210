const SAME_SIGNAL_MS = 1000;

/**
 * Calls `stop` once on SIGINT, SIGTERM or SIGHUP (the terminal was closed), and `force` when a person asks again later: npm forwards Ctrl-C, so one press may
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
  process.on('SIGHUP', handle);
  // a terminal that is gone, or `| head`: what cannot be shown must not end the program, least of all in mid-stop
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
