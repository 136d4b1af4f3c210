import { randomOf } from './random.js';

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

/** One fault: `kill -9` and a start after a while, or `SIGSTOP` and `SIGCONT` after a while. */
export interface Fault {
  /** After the beginning of the load, in milliseconds. */
  readonly atMs: number;
  readonly victim: Victim;
  readonly kind: 'kill' | 'freeze';
  /** How long it is dead or frozen, in milliseconds; a killed one then takes what its start takes. */
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

/** The faults of a run, oldest first: the same for the same seed and length. */
export function planFaults(seed: string, lengthMs: number): readonly Fault[] {
  const random = randomOf(seed, 'faults');
  const weights = VICTIMS.map((victim) => [victim, WEIGHTS[victim] ?? USUAL_WEIGHT] as const);
  const faults: Fault[] = [];
  for (let atMs = LEAD_IN_MS; atMs < lengthMs - LEAD_OUT_MS; atMs += random.whole(...GAP_MS)) {
    const victim = random.weighted(weights);
    const kind = random.chance(0.65) ? 'kill' : 'freeze';
    const long = random.chance(0.4);
    const [least, most] = kind === 'kill' ? DOWN_MS : long ? LONG_FREEZE_MS : SHORT_FREEZE_MS;
    const forMs = random.whole(least, most);
    faults.push({ atMs, victim, kind, forMs });
  }
  return faults;
}
