import type { Host } from './host.js';
import type { Random } from './random.js';
import type { Scheduler } from './scheduler.js';

/** When the simulated world begins; a summer morning. */
export const EPOCH = Date.parse('2026-06-01T08:00:00.000Z');

/** What code reaches without asking a port: time, timers and chance. */
const REPLACED = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'Date',
] as const;

/** From here a timer is only ever for waiting, and may be late. */
const LONG_MS = 400;

export interface GlobalsOptions {
  readonly scheduler: Scheduler;
  /** For `Math.random`. */
  readonly random: Random;
  /** Long timers fire at multiples of this, as on a machine that sleeps: idle time costs few steps. Others fire at whole milliseconds. */
  readonly gridMs: number;
}

const onGrid = (at: number, gridMs: number): number => Math.ceil(at / gridMs) * gridMs;

/** The wall clock of a host; of the world without one. */
export const wallClock = (scheduler: Scheduler, host: Host | undefined): number =>
  Math.floor(EPOCH + scheduler.now + (host?.skewMs ?? 0));

/** Puts timers, clocks and chance of the whole program under the scheduler. @returns how to take that back */
export function replaceGlobals({ scheduler, random, gridMs }: GlobalsOptions): () => void {
  const real = Object.fromEntries(REPLACED.map((name) => [name, globalThis[name]]));
  const realAny = AbortSignal.any.bind(AbortSignal);
  const realNow = performance.now.bind(performance);
  const realRandom = Math.random;
  const now = (): number => wallClock(scheduler, scheduler.current);

  const rings = new Map<string, FakeTimer[]>();
  /** Timers of one life of a process that are due at the same moment go off together, as they do in Node's own loop. */
  const together = (host: Host | undefined, at: number, timer: FakeTimer): void => {
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
  };
  const later = (run: () => void, ms: number): FakeTimer => {
    const host = scheduler.current;
    const timer = new FakeTimer(run);
    if (ms > 0) together(host, onGrid(scheduler.now + ms, ms >= LONG_MS ? gridMs : 1), timer);
    else scheduler.schedule(host, 0, 'immediate', timer.ring);
    return timer;
  };
  const cancel = (timer: unknown): void => {
    if (timer instanceof FakeTimer) timer.cancelled = true;
  };
  const RealDate = Date;
  class SimulatedDate extends RealDate {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(now());
      else super(given[0]);
    }
    static override now(): number {
      return now();
    }
  }
  Object.assign(globalThis, {
    setTimeout: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      later(() => run(...args), Math.max(1, ms)),
    clearTimeout: cancel,
    setInterval: () => {
      throw new Error('nothing that is simulated uses intervals');
    },
    clearInterval: cancel,
    setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) => later(() => run(...args), 0),
    clearImmediate: cancel,
    Date: SimulatedDate,
  });
  AbortSignal.any = anyOf;
  performance.now = () => scheduler.now;
  Math.random = () => random.fraction();
  return () => {
    Object.assign(globalThis, real);
    AbortSignal.any = realAny;
    performance.now = realNow;
    Math.random = realRandom;
  };
}

/**
 * As `AbortSignal.any`. Node keeps a signal of its own kind, with all that listens to it, until it aborts; of a process that
 * crashed none ever does, and thousands of runs would fill the memory.
 */
function anyOf(signals: Iterable<AbortSignal>): AbortSignal {
  const either = new AbortController();
  for (const signal of signals) {
    const end = (): void => either.abort(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  }
  return either.signal;
}

/** As Node's timers are: libraries unref them. */
class FakeTimer {
  cancelled = false;
  constructor(private readonly run: () => void) {}
  ring = (): void => {
    if (!this.cancelled) this.run();
  };
  ref = (): this => this;
  unref = (): this => this;
  hasRef = (): boolean => true;
}
