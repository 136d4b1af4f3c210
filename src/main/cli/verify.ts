import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { PROCESS_NAMES } from '../../processes/index.js';
import { PUBLISHER } from '../../projections/publishers/publisher.js';
import { createFolds } from '../../subscriptions/folds.js';
import { verify } from '../../verification/verify.js';
import { readModels } from '../roles/projections.js';
import { StartupError } from '../startupError.js';
import { withInstallation } from './connect.js';
import { asJson, asText } from './verifyReport.js';

interface Options {
  readonly json?: boolean;
  readonly grace: number;
}

/** A message may be tried again after 5 s, 30 s and 5 min. */
const GRACE_S = 600;
const DIFFERENCES = 1;
const FAULT = 2;

/** `comanda verify`: compares everything that was made of the log with the log. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'read the whole log, fold every stream, and compare read models, stock, timers, payments and tickets with it; ends with 0 when all is as it must be, 1 on any difference, 2 when it could not be found out',
    )
    .option('--json', 'print the result as one JSON document')
    .option(
      '--grace <seconds>',
      'how long a message or a webhook may be on its way before it counts as lost; 0 when the installation is at rest',
      seconds,
      GRACE_S,
    )
    .action(async (options: Options) => {
      process.exitCode = await run(options).catch((error: unknown) => {
        if (!(error instanceof StartupError)) throw error;
        console.error(`comanda verify: ${error.message}`);
        return FAULT;
      });
    });
}

async function run({ json = false, grace }: Options): Promise<number> {
  const verification = await withInstallation(async ({ database, store, signal }) => {
    const { feed, historyApart, eventStore } = await store();
    const progress = progressBar();
    const interrupted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new StartupError('interrupted, nothing was found out')), {
        once: true,
      });
    });
    const verifying = verify({
      feed,
      history: historyApart,
      database: database.database,
      readModels: readModels(createFolds({ reader: eventStore })),
      reactors: [...PROCESS_NAMES, PUBLISHER],
      graceMs: grace * 1_000,
      signal,
      ...progress,
    });
    try {
      return await Promise.race([verifying, interrupted]);
    } finally {
      progress.stop();
    }
  });
  console.log(json ? asJson(verification) : asText(verification));
  return verification.differences.length > 0 ? DIFFERENCES : 0;
}

/** How far the reading is, on a terminal only; positions are the only measure of a log's length. */
function progressBar(): Pick<Parameters<typeof verify>[0], 'starting' | 'progress'> & { readonly stop: () => void } {
  if (!process.stderr.isTTY) return { stop: () => undefined };
  const bar = new SingleBar({
    format: 'Reading the log {bar} {percentage} % | {events} events | {rate}/s | {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
    fps: 5,
  });
  const STEPS = 10_000;
  let end = 1;
  let events = 0;
  let began = 0;
  const shown = () => ({
    events: events.toLocaleString('en'),
    rate: Math.round((events * 1_000) / Math.max(1, performance.now() - began)).toLocaleString('en'),
  });
  return {
    starting: (head) => {
      end = Number(head ?? 1n) || 1;
      began = performance.now();
      bar.start(STEPS, 0, shown());
    },
    progress: (position) => {
      events += 1;
      if (events % 500 === 0) bar.update(Math.floor((Number(position) / end) * STEPS), shown());
    },
    stop: () => bar.stop(),
  };
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number of seconds, 0 or more');
  return value;
}
