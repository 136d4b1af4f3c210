import { startWorkLoop, type WorkLoop } from '../../subscriptions/workLoop.js';
import type { Engine } from '../engine/engine.js';
import type { TimerReaction } from '../engine/process.js';
import type { Related } from '../engine/related.js';
import type { DueTimer } from './timer.js';
import type { Claimed, TimerTable } from './timerTable.js';

/** Fires one timer: everything that follows from it is done when this resolves. */
export type Fire = (timer: DueTimer, now: string) => Promise<void>;

/** The reaction to a process's timers, bound to what carries it out. */
export const firing =
  <State>(reaction: TimerReaction<State>, engine: Engine, related: Related): Fire =>
  async (timer, now) => {
    const state = await reaction.load(timer, related);
    await engine.run({
      process: reaction.name,
      cause: { id: timer.id, origin: timer.origin },
      first: reaction.react(timer, state, now),
      next: (outcomes) => reaction.settle(timer, state, now, outcomes),
    });
  };

export interface TimerRunnerParts {
  readonly table: TimerTable;
  /** By process. Timers of other processes are left alone. */
  readonly fire: ReadonlyMap<string, Fire>;
  readonly failed: (error: unknown, timerId?: string) => void;
}

/** How long a claim holds: much longer than a reaction takes; should it not be enough, firing twice is harmless. */
const LEASE_MS = 60_000;
/** The longest rest between two looks. Timers that this process sets wake the runner; others may be this late. */
const IDLE_MS = 1_000;
const MAX_IN_FLIGHT = 64;
const LEAST_BACKOFF_MS = 1_000;
const MOST_BACKOFF_MS = 60_000;

/** Fires timers as their time comes, until stopped. */
export function startTimerRunner({ table, fire, failed }: TimerRunnerParts): WorkLoop {
  const processes = [...fire.keys()];

  async function work(claimed: Claimed): Promise<void> {
    try {
      if ('unreadable' in claimed) throw new Error(`timer ${claimed.id} cannot be read: ${claimed.unreadable}`);
      // as it was when it was claimed: this machine's own clock may say that its time has not come, and nobody would come again
      await fire.get(claimed.timer.process)?.(claimed.timer, claimed.claimedAt);
    } catch (error) {
      failed(error, claimed.id);
      // as long again as it is late already: that doubles the pause each time and needs no counter
      const lateMs = Date.parse(claimed.claimedAt) - Date.parse(claimed.dueAt);
      await table.again(claimed.id, Math.min(MOST_BACKOFF_MS, Math.max(LEAST_BACKOFF_MS, lateMs)));
      return;
    }
    await table.fired(claimed.id);
  }

  return startWorkLoop({
    claim: (limit) => table.claimDue(processes, limit, LEASE_MS),
    work,
    untilNextMs: () => table.untilNextMs(processes),
    idleMs: IDLE_MS,
    maxInFlight: MAX_IN_FLIGHT,
    failed,
  });
}
