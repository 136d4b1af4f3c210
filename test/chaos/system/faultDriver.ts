import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultKind, Victim } from '../plan/faults.js';
import type { Victims } from './victims.js';

/** What was done so far. */
export interface FaultTally {
  /** The faults that were carried out, oldest first, with when they began and ended, in milliseconds of the load. */
  readonly done: readonly (Fault & { readonly beganMs: number; endedMs?: number })[];
  /** Planned, but the victim was still under an earlier fault. */
  readonly skipped: number;
}

/** How often one kind of fault was done, to one victim or to all. */
export const countOf = ({ done }: FaultTally, kind: FaultKind, victim?: Victim): number =>
  done.filter((fault) => fault.kind === kind && (victim === undefined || fault.victim === victim)).length;

export interface FaultDriver {
  readonly tally: FaultTally;
  /** Resolves when the plan is through and all that it hit was let go of. Rejects when a service does not come back. */
  readonly through: Promise<void>;
}

/** Carries out the plan, beginning now, until it is through or the signal aborts. */
export function driveFaults(plan: readonly Fault[], victims: Victims, signal: AbortSignal): FaultDriver {
  const done: (Fault & { beganMs: number; endedMs?: number })[] = [];
  const tally = { done, skipped: 0 };
  const began = performance.now();
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
  const busy = new Map<Victim, Promise<void>>();

  const hit = async (fault: Fault): Promise<void> => {
    const entry: (typeof done)[number] = { ...fault, beganMs: Math.round(performance.now() - began) };
    done.push(entry);
    await victims[fault.victim].hit(fault, pause);
    entry.endedMs = Math.round(performance.now() - began);
  };

  const through = (async () => {
    const hits: Promise<void>[] = [];
    for (const fault of plan) {
      await pause(began + fault.atMs - performance.now());
      if (signal.aborted) break;
      if (busy.has(fault.victim)) {
        tally.skipped += 1;
        continue;
      }
      const hitting = hit(fault).finally(() => busy.delete(fault.victim));
      // a failure is met where all are awaited
      hitting.catch(() => undefined);
      busy.set(fault.victim, hitting);
      hits.push(hitting);
    }
    await Promise.all(hits);
  })();
  return { tally, through };
}
