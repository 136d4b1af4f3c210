import { setMaxListeners } from 'node:events';
import type { Checkpoints, Lease, Mark } from '../checkpoints.js';
import { LeaseLost } from '../faults.js';
import { Outage } from '../outage.js';
import type { Log } from '../ports/log.js';
import { Changes, pause } from '../wait.js';
import type { RunnerTimings } from './timings.js';

export interface LeadershipOptions {
  readonly name: string;
  readonly owner: string;
  /** Take the lease even while somebody else's still runs: for the one process of an installation, after it was killed. */
  readonly takeOver: boolean;
  readonly checkpoints: Checkpoints;
  readonly timings: RunnerTimings;
  readonly log: Log;
}

/** One time of owning a runner. */
export interface Term {
  readonly lease: Lease;
  /** Aborts when the lease is lost and when the runner is to stop. */
  readonly signal: AbortSignal;
  /** Resolves while the lease is known to hold; waits while it could not be renewed. Also resolves when the term ends. */
  holds(): Promise<void>;
  /** Ends the term from within. */
  end(): void;
}

/** Work was left alone because its term had ended. */
export class TermOver extends Error {
  override readonly name = 'TermOver';
}

/**
 * Runs `lead` whenever the lease can be had, until the signal aborts. Renews the lease and flushes the mark each heartbeat.
 * A failure of `lead` itself ends the term and begins another after a pause. `lead` sets the mark back to the lease's position
 * before it does anything else.
 */
export async function leading(
  options: LeadershipOptions,
  signal: AbortSignal,
  mark: () => Mark,
  lead: (term: Term) => Promise<void>,
): Promise<void> {
  const { name, owner, checkpoints, timings, log } = options;
  let takeOver = options.takeOver;
  const outage = new Outage(log, { runner: name });
  while (!signal.aborted) {
    const asked = performance.now();
    const lease = await checkpoints.acquire(name, owner, timings.leaseMs, takeOver).then(
      (answer) => {
        outage.over('leases can be asked for again');
        return answer;
      },
      (error: unknown) => outage.failed('a lease could not be asked for', error),
    );
    if (lease) {
      takeOver = false;
      await serve(options, lease, asked, signal, mark, lead);
    }
    await pause(timings.heartbeatMs, signal);
  }
}

async function serve(
  { name, checkpoints, timings, log }: LeadershipOptions,
  lease: Lease,
  acquiredAt: number,
  stopping: AbortSignal,
  mark: () => Mark,
  lead: (term: Term) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  // every event under way listens to it
  setMaxListeners(0, ending.signal);
  const end = (): void => ending.abort();
  stopping.addEventListener('abort', end, { once: true });
  if (stopping.aborted) end();
  const renewed = new Changes();
  let validUntil = acquiredAt + timings.leaseMs;
  let lost = false;
  const lose = (): void => {
    lost = true;
    end();
  };
  const term: Term = {
    lease,
    signal: ending.signal,
    end,
    holds: async () => {
      while (performance.now() >= validUntil && !ending.signal.aborted) await renewed.next(ending.signal);
    },
  };
  const outage = new Outage(log, { runner: name });
  const beat = async (): Promise<void> => {
    for (;;) {
      await pause(timings.heartbeatMs, ending.signal);
      if (ending.signal.aborted) return;
      const sent = performance.now();
      try {
        if (!(await checkpoints.renew(lease, timings.leaseMs, mark()))) return lose();
        validUntil = sent + timings.leaseMs;
        outage.over('a lease is renewed again');
        renewed.announce();
      } catch (error) {
        outage.failed('a lease could not be renewed', error);
      }
    }
  };
  const beating = beat();
  log.debug('runner started', { runner: name, epoch: lease.epoch, position: String(lease.position) });
  try {
    await lead(term);
  } catch (error) {
    if (error instanceof LeaseLost) lost = true;
    else if (!ending.signal.aborted) log.error('a runner failed and starts again', { runner: name, error });
  } finally {
    stopping.removeEventListener('abort', end);
    end();
    await beating;
  }
  if (lost) log.warn('a lease was lost to another process', { runner: name, epoch: lease.epoch });
  else await checkpoints.release(lease, mark()).catch(() => undefined);
}
