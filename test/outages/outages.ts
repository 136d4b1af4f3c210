import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command, InvalidArgumentError, Option } from 'commander';
import { stopServices } from '../support/services/index.js';
import type { Outage, Seen } from './outage.js';
import { KINDS, type Kind, type Part, PARTS } from './parts.js';
import { runOutages } from './run.js';

interface Options {
  readonly seconds: readonly number[];
  readonly part: readonly Part[];
  readonly kind: readonly Kind[];
}

const numbers = (text: string): readonly number[] => {
  const found = text.split(',').map(Number);
  if (!found.every((number) => number >= 1 && number <= 3_600))
    throw new InvalidArgumentError('They are numbers from 1 to 3600, separated by commas.');
  return found;
};

const program = new Command('outages')
  .description(
    'Lets everything that Comanda stands on be stopped, killed, frozen, slowed, cut off and lost, one after the other, while people order and pay, and checks what they are answered and that everything catches up by itself.',
  )
  .option('--seconds <list>', 'how long each outage lasts at least; several: each so often', numbers, [5])
  .addOption(new Option('--part <part...>', 'these parts alone').choices(PARTS).default(PARTS, 'all'))
  .addOption(new Option('--kind <kind...>', 'these kinds alone').choices(KINDS).default(KINDS, 'all'))
  .action(outages);

await program.parseAsync();

async function outages({ seconds, part: parts, kind: kinds }: Options): Promise<void> {
  const plan: Outage[] = seconds.flatMap((length) =>
    parts.flatMap((part) => kinds.map((kind) => ({ part, kind, forMs: length * 1_000 }))),
  );
  try {
    let number = 0;
    const { seen, failure, log } = await runOutages(plan, (one) => {
      number += 1;
      console.log(`${number}/${plan.length}  ${one.part} ${one.kind}: caught up after ${inSeconds(one.caughtUpMs)}`);
    });
    console.log(tableOf(seen));
    if (failure === undefined) return console.log('Nothing differs from the log, as comanda verify sees it.');
    const file = join(tmpdir(), `outages-${Date.now()}.log`);
    await writeFile(file, log);
    console.error(`FAILED: ${failure}\nWhat Comanda had to say is in ${file}`);
    process.exitCode = 1;
  } finally {
    await stopServices();
  }
}

function tableOf(seen: readonly Seen[]): string {
  const table = new Table({
    head: ['part', 'outage', 'for', 'commands', '503', 'slowest', 'named after', 'ready after', 'caught up', 'memory'],
    style: { head: [], border: [] },
  });
  for (const one of seen) {
    table.push([
      one.part,
      one.kind,
      inSeconds(one.forMs),
      one.commands,
      one.refused,
      inSeconds(one.slowestMs),
      one.namedMs === undefined ? '' : inSeconds(one.namedMs),
      inSeconds(one.readyMs),
      inSeconds(one.caughtUpMs),
      `${one.memoryMiB} MiB`,
    ]);
  }
  return table.toString();
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
