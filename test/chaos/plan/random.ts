import { numbers } from '../../e2e/support/crowd.js';

/** Choices that are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** From `least` up to `most`, both included, whole. */
  whole(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Picks by weight: `[what, weight]`. */
  weighted<T>(from: readonly (readonly [T, number])[]): T;
}

/** A source of its own for every purpose, so that one more choice in one place changes nothing in another. */
export function randomOf(seed: string, purpose: string): Random {
  const next = numbers(`${seed}/${purpose}`);
  const pick = <T>(from: readonly T[]): T => {
    const chosen = from[Math.floor(next() * from.length)];
    if (chosen === undefined) throw new RangeError('nothing to pick from');
    return chosen;
  };
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick,
    weighted: (from) => {
      let left = next() * from.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [what, weight] of from) {
        left -= weight;
        if (left < 0) return what;
      }
      return pick(from)[0];
    },
  };
}
