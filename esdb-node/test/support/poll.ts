import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until the answer will do; throws the last answer when it never does. */
export const until = async <T>(ask: () => Promise<T>, enough: (answer: T) => boolean, ms = 10_000): Promise<T> => {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(answer)} after ${ms} ms`);
    await delay(20);
  }
};
