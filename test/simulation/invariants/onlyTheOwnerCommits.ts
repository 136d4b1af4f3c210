import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** A lease's epoch only grows, and a checkpoint never goes back, whoever still believes that the runner is theirs. */
export function onlyTheOwnerCommits(): Invariant {
  const name = 'only the owner of a runner moves its checkpoint, and only forwards';
  const known = new Map<string, { epoch: number; position: bigint }>();
  return {
    name,
    watches: new Set(['checkpoints']),
    committed: (_table, row, _histories, by) => {
      const before = known.get(row.name as string);
      const epoch = row.epoch as number;
      const position = (row.position as bigint | null) ?? -1n;
      if (before && (epoch < before.epoch || position < before.position)) {
        throw new Violation(name, `${String(row.name)} stood at ${before.position} and went back to ${position}`);
      }
      if (row.owner !== null && row.owner !== by) {
        throw new Violation(name, `${by} moved ${String(row.name)}, which belongs to ${row.owner as string}`);
      }
      known.set(row.name as string, { epoch, position });
    },
  };
}
