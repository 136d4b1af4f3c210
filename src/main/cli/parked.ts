import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { Queryable } from '../../subscriptions/ports/database.js';
import {
  type Asked,
  type ParkedEvent,
  type ParkedEvents,
  parkedEvents,
} from '../../subscriptions/parking/parkedEvents.js';
import { StartupError } from '../startupError.js';
import { type Installation, withInstallation } from './connect.js';
import { confirmLoss, counted, short, table } from './output.js';

const LIST_LIMIT = 200;
const REASON_WIDTH = 70;
/** The owner of a runner looks once a second; a lease that was left over takes five to run out. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 200;

/** `comanda parked`: events that a projection or a process could not handle, and what waits behind them. */
export function parkedCommand(): Command {
  const parked = new Command('parked').description(
    'events that a runner could not handle, and those that wait behind them',
  );
  parked
    .command('list')
    .description('show parked events in the order of their streams')
    .option('--runner <name>', 'of one runner')
    .action(({ runner }: { runner?: string }) => withParked(({ events }) => list(events, runner)));
  parked
    .command('show')
    .description('show one parked event, with its data from the log')
    .argument('<id>', 'RUNNER@POSITION, from the list')
    .action((id: string) => withParked((tools) => show(tools, id)));
  parked
    .command('retry')
    .description(
      "replay the event's stream in order, from its first parked event on, through the runner's own handling",
    )
    .argument('[id]', 'RUNNER@POSITION, from the list')
    .option('--all', 'everything that is parked')
    .action((id: string | undefined, { all }: { all?: boolean }) => withParked((tools) => retry(tools, id, all)));
  parked
    .command('discard')
    .description('drop a parked event: its runner goes on without it')
    .argument('<id>', 'RUNNER@POSITION, from the list')
    .option('--following', 'with every later one of its stream')
    .option('--yes', 'do not ask')
    .action((id: string, options: { following?: boolean; yes?: boolean }) =>
      withParked((tools) => discard(tools, id, options)),
    );
  return parked;
}

interface Tools {
  readonly installation: Installation;
  readonly database: Queryable;
  readonly events: ParkedEvents;
}

const withParked = (work: (tools: Tools) => Promise<void>): Promise<void> =>
  withInstallation(async (installation) => {
    const { database } = installation.database;
    await work({ installation, database, events: parkedEvents(database) });
  });

async function list(events: ParkedEvents, runner: string | undefined): Promise<void> {
  const counts = await events.counts(runner);
  if (counts.length === 0) return console.log(`Nothing is parked${runner === undefined ? '' : ` by ${runner}`}.`);
  for (const count of counts) {
    const shown = await events.list({ runner: count.runner, limit: LIST_LIMIT });
    const more = count.events > shown.length ? `, the first ${shown.length}` : '';
    console.log(
      `${count.runner}: ${counted(count.events, 'event')} of ${counted(count.streams, 'stream')} parked${more}`,
    );
    console.log(
      table(
        ['id', 'event', 'stream', 'revision', 'parked at', 'reason'],
        shown.map((event) => [
          event.id,
          event.type,
          event.stream,
          event.revision,
          event.parkedAt,
          short(event.asked === 'retry' ? `(retry asked) ${event.reason}` : event.reason, REASON_WIDTH),
        ]),
      ),
    );
  }
}

async function show({ installation, events }: Tools, id: string): Promise<void> {
  const event = await found(events, id);
  for (const [name, value] of Object.entries(event)) if (value !== null) console.log(`${name.padEnd(9)} ${value}`);
  const { eventStore } = await installation.store();
  for await (const stored of eventStore.read(event.stream, { fromRevision: event.revision, maxCount: 1 })) {
    console.log(`metadata  ${JSON.stringify(stored.metadata, undefined, 2)}`);
    console.log(`data      ${JSON.stringify(stored.data, undefined, 2)}`);
  }
}

async function retry(tools: Tools, id: string | undefined, all: boolean | undefined): Promise<void> {
  if ((id === undefined) === (all === undefined)) throw new StartupError('name one id, or say --all');
  const { events } = tools;
  const wanted = id === undefined ? await events.retryAll() : agreed(await events.retry(id), id);
  if (wanted.length === 0) return console.log('Nothing is parked.');
  if (!(await settled(tools, wanted))) return;
  const left = (await Promise.all(wanted.map((one) => events.find(one.id)))).flatMap((event) => event ?? []);
  console.log(`Replayed ${counted(wanted.length - left.length, 'event')}.`);
  if (left.length === 0) return;
  console.log(`${counted(left.length, 'event')} stayed parked:`);
  console.log(
    table(
      ['id', 'event', 'reason'],
      left.map((event) => [event.id, event.type, short(event.reason, 100)]),
    ),
  );
  process.exitCode = 1;
}

async function discard(
  tools: Tools,
  id: string,
  { following = false, yes }: { readonly following?: boolean; readonly yes?: boolean },
): Promise<void> {
  const asked = await tools.events.discard(id, following, (event, behind) => confirmLoss(lossOf(event, behind), yes));
  const dropped = agreed(asked, id);
  if (await settled(tools, dropped)) console.log(`Discarded ${counted(dropped.length, 'event')}.`);
}

function lossOf({ runner, type, stream, revision }: ParkedEvent, behind: readonly ParkedEvent[]): string {
  const others = behind.length > 0 ? ` nor ${counted(behind.length, 'event')} parked behind it` : '';
  return (
    `${runner} will not handle ${type} of ${stream} (revision ${revision})${others}. ` +
    'A read model then lacks it, and the later events of its stream, until it is rebuilt; a process does what the event asks for only if the reconciliation finds a quarter of an hour later that it can by then, and else somebody gets a task, as for what a publisher never published. The log keeps the event.'
  );
}

/** Waits until the runner's owner has done it; false, with a word about it, when nobody runs the runner. */
async function settled({ installation, database, events }: Tools, asked: readonly ParkedEvent[]): Promise<boolean> {
  const ids = asked.map(({ id }) => id);
  const runners = [...new Set(asked.map(({ runner }) => runner))];
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    if ((await events.undone(ids)) === 0) return true;
    const owned = installation.alone ? 0 : await owners(database, runners);
    if (installation.signal.aborted || installation.alone || (owned === 0 && performance.now() > deadline)) {
      console.log(
        `Asked for ${counted(asked.length, 'event')}. Nobody runs ${runners.join(', ')} at this moment: it is done as soon as a Comanda starts.`,
      );
      return false;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function owners(database: Queryable, runners: readonly string[]): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    'SELECT count(*) AS count FROM checkpoints WHERE name = ANY ($1) AND lease_until > now()',
    [runners],
  );
  return rows[0]?.count ?? 0;
}

async function found(events: ParkedEvents, id: string): Promise<ParkedEvent> {
  const event = await events.find(id);
  if (!event) throw noSuchEvent(id);
  return event;
}

function agreed(asked: Asked, id: string): readonly ParkedEvent[] {
  switch (asked._tag) {
    case 'Asked':
      return asked.events;
    case 'NoSuchParkedEvent':
      throw noSuchEvent(id);
    case 'NotTheFirst':
      throw new StartupError(
        `${id} comes after ${asked.first}, which is parked too: begin there, or say --following to drop it with all that follows`,
      );
  }
}

const noSuchEvent = (id: string) => new StartupError(`nothing is parked as ${id}: see comanda parked list`);
