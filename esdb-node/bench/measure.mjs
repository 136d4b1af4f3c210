// Pieces of the benchmark: processes under test, and loops that count.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

/** Starts a script in a process of its own; resolves with the first line that it prints, and a way to stop it. */
export const start = async (script, ...args) => {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { line, pid: child.pid, stop };
};

const TICKS_A_SECOND = 100;

/** Microseconds of processor time that a process has used so far; undefined where there is no /proc. */
export const processorTime = (pid) => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1e6;
  } catch {
    return undefined;
  }
};

/** Runs `one` over and over, `inFlight` at a time, for `seconds`; returns operations a second and the 99th percentile in milliseconds. */
const rate = async (one, inFlight, seconds = 3) => {
  const until = performance.now() + seconds * 1000;
  const took = [];
  const begin = performance.now();
  const loop = async () => {
    while (performance.now() < until) {
      const from = performance.now();
      await one();
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  const lasted = (performance.now() - begin) / 1000;
  const perSecond = took.length / lasted;
  took.sort((a, b) => a - b);
  return { perSecond, seconds: lasted, p99: took[Math.floor(took.length * 0.99)] };
};

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Measures several things in turn, round after round, so that whatever else happens on the machine happens to all of them. Each of `cases` is
 * `{ one, inFlight, pid? }`; returns the medians of each, with `pid` also the processor time of that process for each operation. Every round
 * of a case begins with a tenth of its time that does not count.
 */
export const sideBySide = async (cases, { runs = 5, seconds = 2 } = {}) => {
  const found = cases.map(() => ({ rates: [], used: 0, operations: 0 }));
  for (let run = 0; run < runs; run += 1) {
    for (const [k, { one, inFlight, pid }] of cases.entries()) {
      await rate(one, inFlight, seconds / 10);
      const before = processorTime(pid);
      const figures = await rate(one, inFlight, seconds);
      found[k].rates.push(figures);
      found[k].operations += figures.perSecond * figures.seconds;
      if (before !== undefined) found[k].used += processorTime(pid) - before;
    }
  }
  return found.map(({ rates, used, operations }, k) => ({
    perSecond: median(rates.map((x) => x.perSecond)),
    p99: median(rates.map((x) => x.p99)),
    used: cases[k].pid === undefined ? undefined : used / operations,
    ratio: median(rates.map((x, run) => x.perSecond / found[0].rates[run].perSecond)),
  }));
};
