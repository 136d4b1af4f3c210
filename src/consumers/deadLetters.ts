import type { DeadLetter, DeadLetters } from './ports/deadLetters.js';

/** Where a page of dead letters ended. */
export interface DeadLetterPlace {
  readonly queue: string;
  readonly id: string;
  readonly deadAt: string;
  /** How many letters of the queue were shown so far. */
  readonly shown: number;
}

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  readonly next: DeadLetterPlace | undefined;
}

/** What operators do with dead letters, on whichever broker. Every method throws BrokerUnavailable. */
export interface DeadLetterTools {
  queues(): Promise<readonly string[]>;
  /** Every queue with how many dead letters it has. */
  counts(): Promise<readonly { readonly queue: string; readonly count: number }[]>;
  /**
   * The letters of these queues, one queue after the other, oldest first. Letters that go while somebody turns pages make
   * nobody miss one; when the very letter where a page ended is gone, others of its millisecond may come twice.
   */
  page(queues: readonly string[], limit: number, after?: DeadLetterPlace): Promise<DeadLetterPage>;
  find(queue: string, id: string): Promise<DeadLetter | undefined>;
  /** Puts one (or all) back on the consumer's own queue as a first attempt; answers how many. */
  retry(queue: string, id?: string): Promise<number>;
  /** Drops one (or all) for good; answers how many. */
  discard(queue: string, id?: string): Promise<number>;
}

/** Where a single letter is looked for. */
const SEARCHED = 100_000;

export const deadLetterTools = (letters: DeadLetters): DeadLetterTools => ({
  queues: () => letters.queues(),
  counts: async () => {
    const queues = await letters.queues();
    return await Promise.all(queues.map(async (queue) => ({ queue, count: await letters.count(queue) })));
  },
  page: async (queues, limit, after) => {
    const items: DeadLetter[] = [];
    let place = after;
    const begin = after ? queues.indexOf(after.queue) : 0;
    for (const queue of begin < 0 ? [] : queues.slice(begin)) {
      const from = queue === place?.queue ? place : undefined;
      const wanted = limit - items.length;
      // one more tells whether there is another page
      const listed = await letters.list(queue, (from?.shown ?? 0) + wanted + 1);
      const passed = from ? behind(listed, from) : 0;
      const taken = listed.slice(passed, passed + wanted);
      items.push(...taken);
      const last = taken.at(-1);
      if (last) place = { queue, id: last.id, deadAt: last.deadAt, shown: passed + taken.length };
      if (listed.length > passed + wanted) return { items, next: place };
    }
    return { items, next: undefined };
  },
  find: async (queue, id) => (await letters.list(queue, SEARCHED)).find((letter) => letter.id === id),
  retry: (queue, id) => letters.retry(queue, id),
  discard: (queue, id) => (id === undefined ? letters.purge(queue) : letters.discard(queue, id)),
});

/** Index of the first letter that was not shown yet. */
function behind(listed: readonly DeadLetter[], { id, deadAt, shown }: DeadLetterPlace): number {
  const last = listed.findLastIndex((letter, index) => index < shown && letter.id === id);
  if (last >= 0) return last + 1;
  const first = listed.findIndex((letter) => letter.deadAt >= deadAt);
  return first < 0 ? listed.length : first;
}
