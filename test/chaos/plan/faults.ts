import { type Random, randomOf } from './random.js';

/** A process or service that can be hit, by its name in the report. */
export const VICTIMS = [
  'api-1',
  'api-2',
  'projections-1',
  'projections-2',
  'processes-1',
  'processes-2',
  'consumers-1',
  'consumers-2',
  'stripe-simulator',
  'event-store',
  'postgres',
  'rabbitmq',
  'redis',
] as const;
export type Victim = (typeof VICTIMS)[number];

export const KINDS = ['kill', 'freeze', 'slow', 'cut', 'lose'] as const;
/**
 * What a fault does: `kill -9`, and a start after a while; `SIGSTOP`, and `SIGCONT` after a while; for a while every byte to
 * and from a service takes longer, every connection to it is reset, or goes dead without a word and stays so.
 */
export type FaultKind = (typeof KINDS)[number];

/** One fault. */
export interface Fault {
  /** After the beginning of the load, in milliseconds. */
  readonly atMs: number;
  readonly victim: Victim;
  readonly kind: FaultKind;
  /** How long it lasts, in milliseconds; a killed one then takes what its start takes. */
  readonly forMs: number;
}

/** Faults follow one another after so long, in milliseconds: often the next comes before the last is over. */
const GAP_MS = [1_500, 6_500] as const;
/** The load runs so long before the first fault, and so long after the last. */
const LEAD_IN_MS = 3_000;
const LEAD_OUT_MS = 5_000;
/** What everything else waits for is hit less often than one of two that can stand in for each other. */
const WEIGHTS: Readonly<Partial<Record<Victim, number>>> = {
  'event-store': 1.5,
  postgres: 1.5,
  rabbitmq: 1,
  redis: 0.5,
  'stripe-simulator': 1.5,
};
const USUAL_WEIGHT = 1;
/** What a supervisor takes before it starts what was killed. */
const DOWN_MS = [100, 4_000] as const;
/** A freeze longer than a lease lets another take over, and the sleeper wake up into somebody else's time. */
const SHORT_FREEZE_MS = [200, 4_000] as const;
const LONG_FREEZE_MS = [6_000, 15_000] as const;
/** The way to a service is hit as often as its process is frozen: it is slow, it cuts, it loses what is on it. */
const WAYLAID: ReadonlySet<Victim> = new Set<Victim>(['event-store', 'postgres', 'rabbitmq', 'redis']);
const WAY_MS: Readonly<Record<'slow' | 'cut' | 'lose', readonly [number, number]>> = {
  slow: [2_000, 15_000],
  cut: [100, 4_000],
  lose: [100, 8_000],
};

/** The faults of a run, oldest first: the same for the same seed and length. */
export function planFaults(seed: string, lengthMs: number): readonly Fault[] {
  const random = randomOf(seed, 'faults');
  const weights = VICTIMS.map((victim) => [victim, WEIGHTS[victim] ?? USUAL_WEIGHT] as const);
  const faults: Fault[] = [];
  for (let atMs = LEAD_IN_MS; atMs < lengthMs - LEAD_OUT_MS; atMs += random.whole(...GAP_MS)) {
    const victim = random.weighted(weights);
    const kind = kindFor(victim, random);
    faults.push({ atMs, victim, kind, forMs: random.whole(...lengthOf(kind, random)) });
  }
  return faults;
}

function kindFor(victim: Victim, random: Random): FaultKind {
  if (!WAYLAID.has(victim)) return random.chance(0.65) ? 'kill' : 'freeze';
  return random.weighted<FaultKind>([
    ['kill', 4],
    ['freeze', 3],
    ['slow', 1],
    ['cut', 1],
    ['lose', 1],
  ]);
}

function lengthOf(kind: FaultKind, random: Random): readonly [number, number] {
  if (kind === 'kill') return DOWN_MS;
  if (kind === 'freeze') return random.chance(0.4) ? LONG_FREEZE_MS : SHORT_FREEZE_MS;
  return WAY_MS[kind];
}
