import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { Bench } from './bench.js';
import { changes } from './harness/compare.js';
import type { Figure } from './harness/figure.js';
import { describeMachine } from './harness/machine.js';
import { writeReadme } from './harness/readme.js';
import { headingOf, type Report, tableOf, type Took } from './harness/report.js';
import { MANY_ORDERS, ORDERS } from './cases/reading.js';
import { CASES } from './suite.js';

const root = new URL('../..', import.meta.url).pathname;

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0');
  return value;
};

interface Options {
  readonly long: boolean;
  readonly list: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly orders: number;
  readonly manyOrders: number;
  readonly logEvents: number;
  readonly soakMinutes: number;
  readonly compare?: string;
  readonly readme: boolean;
  readonly out: string;
}

const program = new Command('bench')
  .description('Measures what Comanda costs, beside what a user would pick instead. See bench/README.md.')
  .argument('[names...]', 'cases to run; none: all of the short table')
  .option('--long', 'the cases that take long', false)
  .option('--list', 'say which cases there are', false)
  .option('--rounds <number>', 'rounds of each contest', positive, 5)
  .option('--seconds <number>', 'seconds of one run of a load', positive, 2)
  .option('--orders <number>', 'orders whose histories are caught up with and read from', positive, ORDERS)
  .option('--many-orders <number>', 'orders whose histories are long to catch up with (--long)', positive, MANY_ORDERS)
  .option('--log-events <number>', 'events of the longest log (--long)', positive, 10_000_000)
  .option('--soak-minutes <number>', 'how long memory is watched (--long)', positive, 10)
  .option('--compare <file>', 'show what changed since the run of that report')
  .option('--readme', 'put the figures into bench/README.md', false)
  .option('--out <folder>', 'where the report goes', join(root, 'reports'));

/** One line that is written over and over on a terminal; lines of their own elsewhere would drown the result. */
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
};

async function measure(names: readonly string[], { long, ...options }: Options): Promise<Report> {
  const unknown = names.filter((name) => !CASES.some((candidate) => candidate.name === name));
  if (unknown.length > 0) throw new Error(`no case is called ${unknown.join(', ')}: see --list`);
  const chosen = CASES.filter((candidate) =>
    names.length > 0 ? names.includes(candidate.name) : (candidate.long ?? false) === long,
  );
  const machine = describeMachine();
  const at = new Date().toISOString();
  const bench = new Bench({ ...options, progress });
  const close = async (): Promise<void> => {
    await bench.close();
    process.exit(1);
  };
  process.once('SIGINT', () => void close());
  process.once('SIGTERM', () => void close());
  const figures: Figure[] = [];
  const took: Took[] = [];
  const failures: { case: string; reason: string }[] = [];
  try {
    for (const { name, summary, run } of chosen) {
      const from = performance.now();
      const preparedBefore = bench.preparedSeconds;
      try {
        const found = await run(bench);
        figures.push(...found);
        const seconds = (performance.now() - from) / 1_000;
        const preparing = bench.preparedSeconds - preparedBefore;
        took.push({ case: name, seconds, preparing });
        progress('');
        console.log(
          `\n${name}: ${summary} (${seconds.toFixed(0)} s, of them ${preparing.toFixed(0)} s preparing)\n${tableOf(found)}`,
        );
      } catch (error) {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        failures.push({ case: name, reason });
        console.error(`\n${name} could not be measured: ${reason}`);
      }
    }
  } finally {
    await bench.close();
  }
  const { rounds, seconds } = options;
  return { at, machine, rounds, seconds, took, figures, failures };
}

const readReport = async (file: string): Promise<Report> => JSON.parse(await readFile(file, 'utf8')) as Report;

program.action(async (names: string[], options: Options) => {
  if (options.list) {
    for (const { name, summary, long } of CASES) console.log(`${name.padEnd(16)} ${summary}${long ? ' (--long)' : ''}`);
    return;
  }
  // read before anything runs: a wrong name should not cost a quarter of an hour
  const before = options.compare === undefined ? undefined : await readReport(options.compare);
  const report = await measure(names, options);
  await mkdir(options.out, { recursive: true });
  const file = join(options.out, `bench-${report.at.replaceAll(':', '-').slice(0, 19)}.json`);
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`\n${headingOf(report)}\nWritten to ${file}`);
  if (before) console.log(`\nSince ${before.at}:\n${changes(before, report)}`);
  if (options.readme) await writeReadme(new URL('../README.md', import.meta.url), report);
  if (report.failures.length > 0) process.exitCode = 1;
});

await program.parseAsync();
