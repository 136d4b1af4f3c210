import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { stopServices } from '../support/services/index.js';
import { firstDifference, markdown, passed, type Report } from './report.js';
import { forget, lastFaults, type Progress, run } from './run.js';

interface Options {
  readonly minutes: number;
  readonly seed: string;
  readonly rate: number;
  readonly folder?: string;
  readonly report?: string;
}

const SHOWN_FAULTS = 12;

const number = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) {
    throw new InvalidArgumentError(`It is a number from ${least} to ${most}.`);
  }
  return value;
};

const program = new Command('chaos')
  .description(
    'Runs a whole Comanda, two processes a role on real services, under load, kills and freezes what it is made of, and checks at the end that nothing was lost or done twice.',
  )
  .option('--minutes <number>', 'how long customers come and faults happen', number(0.5, 24 * 60), 5)
  .option(
    '--seed <text>',
    'what the plan of faults and customers is derived from',
    String(Math.floor(Date.now() / 1_000)),
  )
  .option('--rate <number>', 'customers a second', number(0.1, 50), 3)
  .option('--folder <path>', 'where logs, messages and the plan are kept; without it they are kept when the run fails')
  .option('--report <file>', 'also write the report there, as markdown')
  .action(chaos);

await program.parseAsync();

async function chaos({ minutes, seed, rate, folder, report: reportFile }: Options): Promise<void> {
  const kept = folder ?? join(tmpdir(), `chaos-${seed.replaceAll(/[^\w-]/g, '_')}-${Date.now()}`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  const bar = progressBar(minutes);
  try {
    const report = await run({
      seed,
      minutes,
      perSecond: rate,
      folder: kept,
      signal: interrupted.signal,
      progress: bar.show,
    });
    bar.stop();
    console.log(`\n${markdown(report)}\n`);
    if (reportFile !== undefined) await writeFile(reportFile, `${markdown(report)}\n`);
    if (!passed(report)) await tellFailure(report);
    else if (folder === undefined) await forget(kept);
  } catch (error) {
    bar.stop();
    console.error(`The run could not be carried out (seed ${seed}, logs in ${kept}):`, error);
    process.exitCode = 1;
  } finally {
    await stopServices();
  }
}

async function tellFailure(report: Report): Promise<void> {
  const { seed, folder, failures, checks } = report;
  const all = [...failures, ...checks.flatMap(({ name, differences }) => differences.map((one) => `${name}: ${one}`))];
  await writeFile(join(folder, 'differences.txt'), `${all.join('\n')}\n`);
  const faults = lastFaults(report, SHOWN_FAULTS).map(
    ({ beganMs, victim, kind, forMs }) => `  ${(beganMs / 1_000).toFixed(1)} s: ${kind} ${victim} for ${forMs} ms`,
  );
  console.error(
    [
      `FAILED with seed ${seed}: ${firstDifference(report)}`,
      `The last faults:`,
      ...faults,
      `Logs, messages, the plan and all ${all.length} differences: ${folder}`,
    ].join('\n'),
  );
  process.exitCode = 1;
}

function progressBar(minutes: number): { show: (progress: Progress) => void; stop: () => void } {
  const total = Math.round(minutes * 60);
  const bar = new SingleBar({
    format: '{bar} {value}/{total} s  {phase}: {customers} customers through, {faults} faults {waitsFor}',
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  bar.start(total, 0, { phase: 'starting', customers: 0, faults: 0, waitsFor: '' });
  return {
    show: ({ elapsedMs, ...rest }) => bar.update(Math.min(total, Math.round(elapsedMs / 1_000)), rest),
    stop: () => bar.stop(),
  };
}
