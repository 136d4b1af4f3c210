/** Keys of one statement at most. */
const MOST_KEYS = 500;

/**
 * Joins reads of single things: those that are asked for in one turn of the event loop, and while an earlier statement is under
 * way, become one statement. A lone read waits for nothing; under load a statement costs each of its reads little.
 *
 * @param load reads several things at once; what it does not find is absent. What it throws, every read of it throws
 */
export function readTogether<Key, Thing>(
  load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Thing>>,
): (key: Key) => Promise<Thing | undefined> {
  let waiting: Read<Key, Thing>[] = [];
  let underWay = false;

  async function work(): Promise<void> {
    underWay = true;
    // whoever asks in the same turn comes along
    await Promise.resolve();
    while (waiting.length > 0) {
      const reads = waiting.slice(0, MOST_KEYS);
      waiting = waiting.slice(MOST_KEYS);
      try {
        const found = await load([...new Set(reads.map(({ key }) => key))]);
        for (const { key, succeed } of reads) succeed(found.get(key));
      } catch (error) {
        for (const { fail } of reads) fail(error);
      }
    }
    underWay = false;
  }

  return (key) =>
    new Promise((succeed, fail) => {
      waiting.push({ key, succeed, fail });
      if (!underWay) void work();
    });
}

interface Read<Key, Thing> {
  readonly key: Key;
  readonly succeed: (thing: Thing | undefined) => void;
  readonly fail: (error: unknown) => void;
}
