import { endingsOf } from './invariants/endings.js';
import { INVARIANTS } from './invariants/index.js';
import { restOf } from './invariants/rest.js';
import { Violation } from './invariants/violation.js';
import { replaceGlobals } from './kernel/globals.js';
import { Random } from './kernel/random.js';
import { Trace } from './kernel/trace.js';
import { leavesRefundsBehind } from './workload/books.js';
import { Workload } from './workload/workload.js';
import { Installation, type InstallationOptions } from './world/installation.js';

/** What came of one seed. */
export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  /** Simulated time that passed; milliseconds. */
  readonly milliseconds: number;
  readonly orders: number;
  /** How often each fault happened, and how orders and their money ended. */
  readonly faults: Readonly<Record<string, number>>;
  readonly endings: Readonly<Record<string, number>>;
  /** The first thing that was wrong; undefined: nothing. */
  readonly failure: Error | undefined;
  readonly trace: readonly string[];
}

export interface RunOptions extends Partial<Pick<InstallationOptions, 'sabotage' | 'plan' | 'oddAmounts' | 'astray'>> {
  /** Keep what happened, step by step. */
  readonly traced?: boolean;
}

/** How long everything may take to come to rest once nothing goes wrong any more: a slow payment is looked at each hour; milliseconds. */
const PATIENCE_MS = 90 * 60_000;
const MOST_STEPS = 200_000;
/** It is asked whether everything is at rest whenever nothing happened for so long, and after so many steps at the latest. */
const QUIET_MS = 1_000;
const LOOK_EVERY = 500;
/** What one look does not put right no other will, but where webhooks are worked in between. */
const MOST_LOOKS_AT_BOOKS = 3;

/** Runs one seed from the first start of the processes until everything has come to rest, or something is wrong. */
export async function run(seed: number, options: RunOptions = {}): Promise<Outcome> {
  const trace = new Trace(options.traced ?? false);
  const installation = new Installation({ ...options, seed, trace, invariants: INVARIANTS() });
  const { scheduler, settings } = installation;
  const restore = replaceGlobals({
    scheduler,
    random: new Random(seed, 8),
    gridMs: (settings.timings.runnerTimings?.heartbeatMs ?? 1_000) / 3,
  });
  let failure: Error | undefined;
  const workload = new Workload(installation, seed);
  try {
    await workload.prepare();
    workload.begin();
    await untilRest(installation, workload);
    scheduler.current = undefined;
    for (const { atRest } of installation.invariants) await atRest?.(installation);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  } finally {
    restore();
  }
  const { steps, now } = scheduler;
  return {
    seed,
    steps,
    milliseconds: now,
    orders: workload.acknowledged.length,
    faults: installation.faultsSeen.counts,
    endings: endingsOf(installation),
    failure,
    trace: trace.lines,
  };
}

async function untilRest(installation: Installation, workload: Workload): Promise<void> {
  const { scheduler, plan } = installation;
  let looks = 0;
  for (;;) {
    let before = scheduler.now;
    let steps = 0;
    await installation.run(() => {
      const quiet = scheduler.now >= before + QUIET_MS;
      before = scheduler.now;
      steps += 1;
      return quiet || steps === LOOK_EVERY;
    });
    const unrest = restOf(installation, workload);
    if (unrest === undefined && installation.faults.healed) {
      if (looks === MOST_LOOKS_AT_BOOKS || !leavesRefundsBehind(installation)) return;
      looks += 1;
      installation.faultsSeen.add('refunds that the books had to show');
      workload.lookAtTheBooks();
    }
    // nobody is left whom a fault could meet
    if (unrest === undefined && plan.endsWithWork) installation.faults.heal();
    if (unrest !== undefined && (scheduler.steps > MOST_STEPS || scheduler.now > plan.healedAtMs + PATIENCE_MS)) {
      throw new Violation('everything comes to rest once nothing goes wrong any more', unrest);
    }
  }
}
