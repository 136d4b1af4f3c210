import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** Faults of systems pass: no event may be held back for one. */
export function nothingIsParked(): Invariant {
  const name = 'no event is parked';
  return {
    name,
    atRest: ({ database }: Installation) => {
      const [parked] = database.committed('parked');
      if (parked)
        throw new Violation(name, `${String(parked.runner)} parked ${String(parked.stream)}: ${String(parked.reason)}`);
    },
  };
}
