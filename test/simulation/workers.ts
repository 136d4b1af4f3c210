import { fork } from 'node:child_process';
import { compile } from './compile.js';
import { type Summary, sum } from './report.js';

/** How many seeds a worker is given at a time: small enough that none is left with a long rest of them. */
const PORTION = 50;
/**
 * Young objects are many and most die at once: room for those of about one run is enough, and more of it only leaves the
 * processor's own memory (64 MB cost 3 to 6 % more). Helpers of the collector would only take turns with the other worker.
 */
const WORKER_FLAGS = ['--max-semi-space-size=16', '--single-threaded-gc'];

export type FromWorker = { readonly done: number } | { readonly summary: Summary };
export interface ToWorker {
  readonly from: number;
  readonly seeds: number;
}

/** Runs a stretch of seeds, spread over processes of their own that run compiled code. */
export async function runSpread(
  from: number,
  seeds: number,
  workers: number,
  progress: (done: number) => void = () => undefined,
): Promise<Summary> {
  const compiled = compile();
  let next = from;
  const portion = (): ToWorker | undefined => {
    const given = { from: next, seeds: Math.min(PORTION, from + seeds - next) };
    next += given.seeds;
    return given.seeds > 0 ? given : undefined;
  };
  try {
    const all = Array.from({ length: Math.max(1, workers) }, () =>
      worker(compiled.urlOf('test/simulation/worker.ts'), portion, progress),
    );
    return sum(await Promise.all(all));
  } finally {
    compiled.remove();
  }
}

function worker(url: URL, portion: () => ToWorker | undefined, progress: (done: number) => void): Promise<Summary> {
  return new Promise((resolve, reject) => {
    // none of the flags of this process: the hooks that run TypeScript are not wanted there
    const child = fork(url, { execArgv: WORKER_FLAGS });
    const summaries: Summary[] = [];
    let finished = false;
    const give = (): void => {
      const given = portion();
      if (given) child.send(given);
      else {
        finished = true;
        child.disconnect();
      }
    };
    child.on('message', (message: FromWorker) => {
      if ('done' in message) return progress(message.done);
      summaries.push(message.summary);
      give();
    });
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      finished
        ? resolve(sum(summaries))
        : reject(new Error(`a worker ended with ${signal ?? code ?? 'nothing'} before it was done`)),
    );
    give();
  });
}
