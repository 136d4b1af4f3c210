import { hostname } from 'node:os';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { BuildFailed } from '../../projections/rebuild/build.js';
import { agrees, type Comparison, isTrue } from '../../projections/rebuild/compare.js';
import { abandon, rebuild, type Rebuildable, type RebuildOptions } from '../../projections/rebuild/rebuild.js';
import { statusOf } from '../../projections/rebuild/readModels.js';
import { RebuildRefused, switchTo } from '../../projections/rebuild/switchTo.js';
import { createFolds } from '../../subscriptions/folds.js';
import { rebuildables } from '../roles/projections.js';
import { StartupError } from '../startupError.js';
import { withInstallation } from './connect.js';
import { counted, table } from './output.js';

/** Nobody but the person at the terminal waits while a build catches up; what serves is locked for two seconds at most. */
const SWITCH_WITHIN_MS = 60_000;

interface RebuildFlags {
  readonly rate?: number;
  readonly park?: boolean;
  readonly restart?: boolean;
}

/** `comanda projections`: read models, made anew beside the ones that serve. */
export function projectionsCommand(): Command {
  const projections = new Command('projections').description(
    'read models: list them, rebuild one while it serves, switch to it and back',
  );
  projections
    .command('list')
    .description('show every read model, which build serves, and what else there is')
    .action(() => withReadModels(list));
  projections
    .command('rebuild')
    .description(
      'make the next build of a read model beside the one that serves, and compare the two; a repeat goes on where it was',
    )
    .argument('<name>', 'a read model, or all')
    .option('--rate <n>', 'events a second at most', positive)
    .option('--park', 'park what cannot be projected, instead of failing')
    .option('--restart', 'drop what an earlier rebuild has made, and begin anew')
    .action((name: string, flags: RebuildFlags) => withReadModels((tools) => rebuildEach(tools, name, flags)));
  projections
    .command('switch')
    .description('let the new build of a read model serve')
    .argument('<name>', 'a read model, or all')
    .option('--accept-differences', 'although it differs from the one that serves')
    .action((name: string, { acceptDifferences = false }: { acceptDifferences?: boolean }) =>
      withReadModels((tools) => change(tools, name, 'next', acceptDifferences)),
    );
  projections
    .command('back')
    .description('let the build serve that served before')
    .argument('<name>', 'a read model, or all')
    .action((name: string) => withReadModels((tools) => change(tools, name, 'previous', true)));
  return projections;
}

interface Tools {
  readonly rebuildables: readonly Rebuildable[];
  readonly optionsFor: (what: Rebuildable, flags?: RebuildFlags) => RebuildOptions;
}

async function withReadModels(work: (tools: Tools) => Promise<void>): Promise<void> {
  await withInstallation(async (installation) => {
    const { feed, history, eventStore } = await installation.store();
    const optionsFor = (what: Rebuildable, { rate, park = false }: RebuildFlags = {}): RebuildOptions => ({
      what,
      database: installation.database.database,
      feed,
      history,
      reader: eventStore,
      owner: `${hostname()}/${process.pid}`,
      park,
      ...(rate === undefined ? {} : { rate }),
      switchWithinMs: SWITCH_WITHIN_MS,
      signal: installation.signal,
    });
    try {
      await work({ rebuildables: rebuildables(createFolds({ reader: eventStore })), optionsFor });
    } catch (error) {
      if (error instanceof RebuildRefused || error instanceof BuildFailed)
        throw new StartupError(error.message, { cause: error });
      throw error;
    }
  });
}

function named({ rebuildables: all }: Tools, name: string): readonly Rebuildable[] {
  if (name === 'all') return all;
  const found = all.filter((what) => what.name === name);
  if (found.length > 0) return found;
  throw new StartupError(`there is no read model ${name}: there are ${all.map((what) => what.name).join(', ')}`);
}

async function list({ rebuildables: all, optionsFor }: Tools): Promise<void> {
  const rows = [];
  for (const what of all) {
    const { name, serving, previous, next, state, position } = await statusOf(optionsFor(what).database, what);
    rows.push([name, serving, next === null ? '' : `${next} (${state})`, previous ?? '', position ?? 'nothing yet']);
  }
  console.log(table(['read model', 'serving build', 'next', 'previous', 'position'], rows));
}

async function rebuildEach(tools: Tools, name: string, flags: RebuildFlags): Promise<void> {
  for (const what of named(tools, name)) {
    const options = tools.optionsFor(what, flags);
    if (flags.restart) await abandon(options.database, what.name);
    const bar = progressBar(what.name);
    const begun = performance.now();
    const route = await rebuild({ ...options, progress: bar.progress }).finally(bar.stop);
    const seconds = (performance.now() - begun) / 1_000;
    console.log(
      `${what.name}: build ${route.next} is ready: ${counted(bar.events(), 'event')} in ${seconds.toFixed(1)} s, ${Math.round(bar.events() / seconds).toLocaleString('en')} a second.`,
    );
    if (route.checked) report(what.name, route.checked);
  }
}

function report(name: string, checked: Comparison): void {
  console.log(
    table(
      ['table', 'rows serving', 'rows built', 'checksum', 'folded anew'],
      checked.tables.map((each) => [
        each.table,
        each.servingRows,
        each.builtRows,
        each.sameChecksum ? 'the same' : `differs: ${each.different.join(', ')}`,
        each.wrong.length === 0 ? `${each.sampled} of ${each.sampled} right` : `wrong: ${each.wrong.join(', ')}`,
      ]),
    ),
  );
  if (checked.parkedStreams > 0)
    console.log(`Left out: ${counted(checked.parkedStreams, 'stream')} with parked events.`);
  if (!isTrue(checked)) console.log('It is not what the log says, and must not serve.');
  else if (agrees(checked)) console.log(`Let it serve with: comanda projections switch ${name}`);
  else
    console.log(`It differs from what serves. If it is right: comanda projections switch ${name} --accept-differences`);
  if (!isTrue(checked) || !agrees(checked)) process.exitCode = 1;
}

async function change(tools: Tools, name: string, which: 'next' | 'previous', accept: boolean): Promise<void> {
  for (const what of named(tools, name)) {
    const { serving, previous } = await switchTo(tools.optionsFor(what), which, accept);
    console.log(`${what.name}: build ${serving} serves; comanda projections back ${what.name} returns to ${previous}.`);
  }
}

function progressBar(name: string) {
  const bar = new SingleBar({
    format: `${name} {bar} {percentage}% | {events} events | {rate}/s | {left} left`,
    hideCursor: true,
    stopOnComplete: false,
    clearOnComplete: true,
    noTTYOutput: false,
  });
  const begun = performance.now();
  let events = 0;
  let started = false;
  return {
    progress: (read: number, position: bigint, upTo: bigint) => {
      events += read;
      const seconds = (performance.now() - begun) / 1_000;
      const share = upTo === 0n ? 1 : Math.min(1, Number(position) / Number(upTo));
      const figures = {
        events: events.toLocaleString('en'),
        rate: Math.round(events / seconds).toLocaleString('en'),
        left: `${Math.ceil(share === 0 ? 0 : (seconds * (1 - share)) / share)} s`,
      };
      if (!started) bar.start(1_000, 0, figures);
      started = true;
      bar.update(Math.floor(share * 1_000), figures);
    },
    events: () => events,
    stop: () => bar.stop(),
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1 on');
  return value;
}
