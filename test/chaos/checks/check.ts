/** One thing that must hold at the end of a run. */
export interface Check {
  readonly name: string;
  /** How many things were looked at. */
  readonly looked: number;
  /** What does not hold, each in one line; empty: all is well. */
  readonly differences: readonly string[];
}

/** A check of many things: `differs` says what is wrong with one, undefined when nothing is. */
export function checkEach<T>(name: string, things: Iterable<T>, differs: (thing: T) => string | undefined): Check {
  let looked = 0;
  const differences: string[] = [];
  for (const thing of things) {
    looked += 1;
    const difference = differs(thing);
    if (difference !== undefined) differences.push(difference);
  }
  return { name, looked, differences };
}

/** What appears more than once, with how often. */
export function repeated(keys: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Map([...counts].filter(([, count]) => count > 1));
}
