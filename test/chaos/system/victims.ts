import type { ServiceControl } from '../../support/services/index.js';
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

/** A supervised process as a victim. */
export const processVictim = (process: Supervised): Hittable => ({
  hit: async ({ kind, forMs }, pause) => {
    if (kind === 'kill') {
      process.kill(forMs);
      return;
    }
    process.freeze();
    await pause(forMs);
    process.thaw();
  },
  ready: () => process.ready(),
});

/** A service as a victim, started again by whoever hit it. */
export function serviceVictim(service: ServiceControl): Hittable {
  let busy = false;
  return {
    hit: async ({ kind, forMs }, pause) => {
      busy = true;
      try {
        if (kind === 'freeze') {
          await service.freeze();
          await pause(forMs);
          await service.thaw();
          return;
        }
        await service.kill();
        await pause(forMs);
        await service.start();
      } finally {
        busy = false;
      }
    },
    ready: () => !busy,
  };
}
