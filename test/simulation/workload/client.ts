import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import type { Api } from '../world/process.js';

/** Nobody answered, or in vain; what was asked for may have been done. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const PATIENCE_MS = 15_000;

/**
 * One HTTP request: it goes to some process that serves, and comes back, if it does.
 * @throws NoAnswer
 */
export function ask<T>(
  { processes, scheduler, network }: Installation,
  random: Random,
  label: string,
  work: (api: Api) => Promise<T>,
): Promise<T> {
  const serving = processes.filter(({ serves }) => serves);
  const process = random.pick(serving);
  return new Promise<T>((resolve, reject) => {
    const timeout = scheduler.schedule(undefined, PATIENCE_MS, `no answer to ${label}`, () =>
      reject(new NoAnswer('timeout')),
    );
    const back = (what: string, settle: () => void): void => {
      scheduler.schedule(undefined, network.latency(), what, () => {
        timeout.cancelled = true;
        settle();
      });
    };
    if (!process || process.host.state === 'down')
      return back('connection refused', () => reject(new NoAnswer('down')));
    scheduler.schedule(process.host, network.latency(), `request: ${label}`, () => {
      const { api } = process;
      if (!api) return back('not ready', () => reject(new NoAnswer('not ready')));
      work(api).then(
        (result) => back(`answer to ${label}`, () => resolve(result)),
        (error: unknown) => back(`503 to ${label}`, () => reject(new NoAnswer(String(error), { cause: error }))),
      );
    });
  });
}

/** Asks until there is an answer; the request must be one that may be repeated. */
export async function insist<T>(
  installation: Installation,
  random: Random,
  label: string,
  work: (api: Api) => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await ask(installation, random, label, work);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      await sleep(installation, 500 + random.fraction() * 3_000);
    }
  }
}

/** Resolves after so much time, in the world outside. */
export const sleep = ({ scheduler }: Installation, ms: number): Promise<void> =>
  new Promise((resolve) => scheduler.schedule(undefined, ms, 'somebody waits', resolve));
