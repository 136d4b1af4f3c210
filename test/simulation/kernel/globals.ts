import { SimulatedAbortController, SimulatedAbortSignal } from './abort.js';
import type { Host } from './host.js';
import type { Random } from './random.js';
import type { Scheduler } from './scheduler.js';

/** When the simulated world begins; a summer morning. */
const EPOCH = Date.parse('2026-06-01T08:00:00.000Z');

/** From here a timer is only ever for waiting, and may be late. */
const LONG_MS = 400;

export interface GlobalsOptions {
  readonly scheduler: Scheduler;
  /** For `Math.random`. */
  readonly random: Random;
  /** Long timers fire at multiples of this, as on a machine that sleeps: idle time costs few steps. Others fire at whole milliseconds. */
  readonly gridMs: number;
}

interface World extends GlobalsOptions {
  /** Timers that go off together, by whose they are and when. */
  readonly rings: Map<string, FakeTimer[]>;
}

/**
 * Whom time, timers and chance belong to at present. What stands in for the globals is made once for all runs: were it made anew
 * for each, the classes and the calls that the engine remembers would keep every run in memory for a while.
 */
let world: World | undefined;

const present = (): World => {
  if (!world) throw new Error('no simulation is running');
  return world;
};

const onGrid = (at: number, gridMs: number): number => Math.ceil(at / gridMs) * gridMs;

/** The wall clock of a host; of the world without one. */
export const wallClock = (scheduler: Scheduler, host: Host | undefined): number =>
  Math.floor(EPOCH + scheduler.now + (host?.skewMs ?? 0));

const now = (): number => {
  const { scheduler } = present();
  return wallClock(scheduler, scheduler.current);
};

/** Timers of one life of a process that are due at the same moment go off together, as they do in Node's own loop. */
function together({ scheduler, rings }: World, host: Host | undefined, at: number, timer: FakeTimer): void {
  const ring = `${host?.name ?? ''}/${host?.life ?? 0}/${at}`;
  const known = rings.get(ring);
  if (known) {
    known.push(timer);
    return;
  }
  const timers = [timer];
  rings.set(ring, timers);
  scheduler.schedule(host, at - scheduler.now, 'timers', () => {
    rings.delete(ring);
    for (const each of timers) each.ring();
  });
}

function later(run: () => void, ms: number): FakeTimer {
  const current = present();
  const { scheduler, gridMs } = current;
  const timer = new FakeTimer(run);
  if (ms > 0) together(current, scheduler.current, onGrid(scheduler.now + ms, ms >= LONG_MS ? gridMs : 1), timer);
  else scheduler.schedule(scheduler.current, 0, 'immediate', () => timer.ring());
  return timer;
}

const cancel = (timer: unknown): void => {
  if (timer instanceof FakeTimer) timer.cancelled = true;
};

/** As Node's timers are: libraries unref them. */
class FakeTimer {
  cancelled = false;
  constructor(private readonly run: () => void) {}
  ring(): void {
    if (!this.cancelled) this.run();
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

class SimulatedDate extends Date {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(now());
    else super(given[0]);
  }
  static override now(): number {
    return now();
  }
}

const REPLACEMENTS = {
  setTimeout: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    later(args.length === 0 ? run : () => run(...args), Math.max(1, ms)),
  clearTimeout: cancel,
  setInterval: () => {
    throw new Error('nothing that is simulated uses intervals');
  },
  clearInterval: cancel,
  setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) =>
    later(args.length === 0 ? run : () => run(...args), 0),
  clearImmediate: cancel,
  Date: SimulatedDate,
  AbortController: SimulatedAbortController,
  AbortSignal: SimulatedAbortSignal,
};
const REAL = {
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  clearImmediate,
  Date,
  AbortController,
  AbortSignal,
};
const realNow = performance.now.bind(performance);
const realRandom = Math.random;
const simulatedNow = (): number => present().scheduler.now;
const simulatedRandom = (): number => present().random.fraction();

/** Puts timers, clocks and chance of the whole program under the scheduler. @returns how to take that back */
export function replaceGlobals(options: GlobalsOptions): () => void {
  world = { ...options, rings: new Map() };
  Object.assign(globalThis, REPLACEMENTS);
  performance.now = simulatedNow;
  Math.random = simulatedRandom;
  return () => {
    world = undefined;
    Object.assign(globalThis, REAL);
    performance.now = realNow;
    Math.random = realRandom;
  };
}
