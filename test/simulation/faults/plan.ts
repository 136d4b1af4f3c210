import type { Service } from '../kernel/network.js';
import { Random } from '../kernel/random.js';

/** Something that happens to a process when it has taken so many steps. */
export interface ProcessFault {
  readonly kind: 'crash' | 'freeze' | 'clock';
  /** Which process, by number. */
  readonly process: number;
  /** Counted in steps of that process, over all its lives. */
  readonly atStep: number;
  /** How long it is away; milliseconds. */
  readonly forMs: number;
  /** How far a clock jumps; milliseconds. */
  readonly byMs: number;
}

export interface Outage {
  readonly service: Service;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Everything that goes wrong in a run; drawn from the seed before it begins. */
export interface FaultPlan {
  /** How likely each is for a single call. */
  readonly refused: number;
  readonly lost: number;
  readonly late: number;
  /** How likely a call or a message is slow. */
  readonly slowness: number;
  /** How likely a delivery of the broker, the feed or a webhook is disturbed. */
  readonly redelivered: number;
  readonly reordered: number;
  readonly feedCut: number;
  readonly feedSilent: number;
  readonly outages: readonly Outage[];
  readonly processFaults: readonly ProcessFault[];
  /** From then on nothing goes wrong any more, and everything must come to rest; milliseconds. */
  readonly healedAtMs: number;
  /** That is also so as soon as nobody has anything left to do: there is nothing more that a fault could meet. */
  readonly endsWithWork: boolean;
}

export const NO_FAULTS: FaultPlan = {
  refused: 0,
  lost: 0,
  late: 0,
  slowness: 0,
  redelivered: 0,
  reordered: 0,
  feedCut: 0,
  feedSilent: 0,
  outages: [],
  processFaults: [],
  healedAtMs: 0,
  endsWithWork: true,
};

const SERVICES: readonly Service[] = ['store', 'database', 'broker', 'provider'];
const HEALED_AT_MS = 90_000;

/** Draws what goes wrong. One seed in ten is spared, so that the usual way is walked as well. */
export function drawPlan(seed: number, processes: number): FaultPlan {
  const random = new Random(seed, 1);
  if (random.chance(0.1)) return NO_FAULTS;
  const some = (most: number): number => (random.chance(0.6) ? random.fraction() * most : 0);
  const outages = Array.from({ length: random.between(0, 2) }, (): Outage => {
    const fromMs = random.fraction() * HEALED_AT_MS * 0.8;
    const service = random.pick(SERVICES) ?? 'store';
    return { service, fromMs, untilMs: Math.min(HEALED_AT_MS, fromMs + random.fraction() * 30_000) };
  });
  const processFaults = Array.from({ length: random.between(0, 4) }, (): ProcessFault => {
    const kind = random.pick(['crash', 'crash', 'crash', 'freeze', 'freeze', 'clock'] as const) ?? 'crash';
    return {
      kind,
      process: random.between(0, processes - 1),
      atStep: random.between(1, 450),
      forMs: kind === 'freeze' ? 500 + random.fraction() * 120_000 : 100 + random.fraction() * 15_000,
      byMs: (random.fraction() - 0.5) * 2 * (random.chance(0.2) ? 1_200_000 : 20_000),
    };
  });
  return {
    refused: some(0.05),
    lost: some(0.06),
    late: some(0.04),
    slowness: some(0.1),
    redelivered: some(0.15),
    reordered: some(0.3),
    feedCut: some(0.05),
    feedSilent: some(0.02),
    outages,
    processFaults: processFaults.sort((a, b) => a.atStep - b.atStep),
    healedAtMs: HEALED_AT_MS,
    endsWithWork: random.chance(0.85),
  };
}
