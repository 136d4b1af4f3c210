import type { ServiceControl } from '../../support/services/index.js';
import type { Way } from '../../support/services/way.js';
import type { Fault, Victim } from '../plan/faults.js';
import type { Supervised } from './supervised.js';

/** What can be hit, and comes back by itself. */
export interface Hittable {
  /** Hits it; resolves when it is over and the victim is up again, or at least on its way. */
  hit(fault: Fault, pause: (ms: number) => Promise<void>): Promise<void>;
  /** Whether it is up and answers. */
  ready(): boolean;
}

export type Victims = Readonly<Record<Victim, Hittable>>;

/** How slow a slow way is, in either direction. */
const SLOW_MS = 250;

/** Hits the way to a victim instead of the victim; false where the fault is none of the way. */
async function waylay(way: Way | undefined, { kind, forMs }: Fault, pause: (ms: number) => Promise<void>) {
  if (kind === 'kill' || kind === 'freeze') return false;
  if (way === undefined) throw new Error('there is no way to hit');
  if (kind === 'slow') way.slow(SLOW_MS);
  else if (kind === 'cut') way.cut();
  else way.lose();
  await pause(forMs);
  way.mend();
  return true;
}

/** A supervised process as a victim, with the way that leads to it where there is one. */
export const processVictim = (process: Supervised, way?: Way): Hittable => ({
  hit: async (fault, pause) => {
    if (await waylay(way, fault, pause)) return;
    if (fault.kind === 'kill') {
      process.kill(fault.forMs);
      return;
    }
    process.freeze();
    await pause(fault.forMs);
    process.thaw();
  },
  ready: () => process.ready(),
});

/** A service as a victim, started again by whoever hit it. */
export function serviceVictim(service: ServiceControl, way: Way): Hittable {
  let busy = false;
  return {
    hit: async (fault, pause) => {
      busy = true;
      try {
        if (await waylay(way, fault, pause)) return;
        if (fault.kind === 'freeze') {
          await service.freeze();
          await pause(fault.forMs);
          await service.thaw();
          return;
        }
        await service.kill();
        await pause(fault.forMs);
        await service.start();
      } finally {
        busy = false;
      }
    },
    ready: () => !busy,
  };
}
