import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningEmbeddedEventStore } from '../../embedded/eventstore/start.js';
import { runningEmbeddedPostgres } from '../../embedded/postgres/start.js';
import { createLogger, type Logger } from '../../infrastructure/telemetry/logger.js';
import { isSystemFault } from '../../subscriptions/systemFault.js';
import { Closing, embeddedGrace, type Stage } from '../closing.js';
import { type BrokerComponent, openBroker } from '../components/broker.js';
import { type DatabaseComponent, openDatabase } from '../components/database.js';
import { type EventStoreComponent, openStore } from '../components/eventStore.js';
import { type Config, readConfig } from '../config.js';
import { claimDataFolder, DataFolderTaken } from '../dataFolder.js';
import { READ_MODELS } from '../roles/projections.js';
import { onStopSignal } from '../signals.js';
import { StartupError } from '../startupError.js';

/** What a command of the operator works on: the same components as Comanda itself, whether that runs or not. */
export interface Installation {
  /** With the URLs of embedded components that a running Comanda has started. */
  readonly config: Config;
  readonly log: Logger;
  readonly database: DatabaseComponent;
  /** Opened with the first call. Throws StartupError. */
  readonly store: () => Promise<EventStoreComponent>;
  /** Opened with the first call; it consumes nothing. */
  readonly broker: () => Promise<BrokerComponent>;
  /** Aborts on Ctrl-C and its like: leave what you do in order. */
  readonly signal: AbortSignal;
  /** Whether this command started what is embedded itself, so that no Comanda runs on the data folder while it works. */
  readonly alone: boolean;
  /** Closes something of the command's own before the components are closed. */
  readonly closing: Closing;
}

/** An index over a large table takes its time, and nobody but the person at the terminal waits for it. */
const STATEMENT_TIMEOUT_MS = 600_000;
const STOP_WITHIN_MS = 9_500;
/** A Comanda that is just being started opens its components one after the other. */
const PATIENCE_MS = 30_000;

/**
 * Runs a command on the installation that the environment names, and closes everything behind it. A data folder has one owner:
 * where a Comanda runs on it, the command joins that one's embedded components; where none runs, it claims the folder and
 * starts them itself, as Comanda would, for as long as it takes.
 * @throws StartupError with one line for the person at the terminal, also when a component does not answer
 */
export async function withInstallation<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
  const wanted = readConfig({ ...process.env, LOG_LEVEL: process.env['LOG_LEVEL'] || 'warn' });
  const log = createLogger(wanted.logLevel);
  const closing = new Closing(log);
  const stopping = new AbortController();
  onStopSignal(
    () => {
      stopping.abort();
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    },
    () => process.exit(1),
  );
  try {
    const { config, alone } = await reach(wanted, closing);
    return await work(await open(config, alone, stopping.signal, { log, closing }));
  } catch (error) {
    if (!isSystemFault(error)) throw error;
    throw new StartupError(`a component does not answer: ${(error as Error).message}`, { cause: error });
  } finally {
    await closing.run();
  }
}

async function open(
  config: Config,
  alone: boolean,
  signal: AbortSignal,
  { log, closing }: { readonly log: Logger; readonly closing: Closing },
): Promise<Installation> {
  const database = await openDatabase(config, READ_MODELS, log, STATEMENT_TIMEOUT_MS);
  closing.add('connections', 'database', () => database.stop(), embeddedGrace(config.postgresUrl));
  const once = <C extends { stop(): Promise<void> }>(
    stage: Stage,
    name: string,
    opening: () => Promise<C>,
  ): (() => Promise<C>) => {
    let opened: Promise<C> | undefined;
    return () =>
      (opened ??= opening().then((component) => {
        closing.add(stage, name, () => component.stop(), embeddedGrace(config.eventStoreUrl));
        return component;
      }));
  };
  return {
    config,
    log,
    database,
    store: once('connections', 'event store', () => openStore(config, log)),
    broker: once(config.rabbitmqUrl === undefined ? 'queues' : 'connections', 'broker', () =>
      openBroker(config, database.database, log),
    ),
    signal,
    alone,
    closing,
  };
}

/** Finds out who owns the embedded components, and names those of a running Comanda by their URLs. */
async function reach(config: Config, closing: Closing): Promise<{ readonly config: Config; readonly alone: boolean }> {
  if (config.postgresUrl !== undefined && config.eventStoreUrl !== undefined) return { config, alone: false };
  if (!(await stat(config.dataFolder).catch(() => undefined))) {
    throw new StartupError(
      `COMANDA_DATA: there is no folder ${resolve(config.dataFolder)}: run this where Comanda runs, or name its data folder`,
    );
  }
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const folder = await claimDataFolder(config.dataFolder);
      closing.add('claims', 'data folder', () => folder.release());
      return { config: { ...config, dataFolder: folder.path }, alone: true };
    } catch (error) {
      if (!(error instanceof DataFolderTaken)) throw error;
      const joined = await joinRunning(config, error.path);
      if (joined) return { config: joined, alone: false };
      if (performance.now() > deadline) {
        throw new StartupError(
          `COMANDA_DATA: another Comanda is using ${error.path}, but its embedded components do not answer: stop it, or wait until it has started`,
          { cause: error },
        );
      }
      await sleep(100);
    }
  }
}

async function joinRunning(config: Config, dataFolder: string): Promise<Config | undefined> {
  const [postgresUrl, eventStoreUrl] = await Promise.all([
    config.postgresUrl ?? runningEmbeddedPostgres(join(dataFolder, 'postgres')),
    config.eventStoreUrl ?? runningEmbeddedEventStore(dataFolder),
  ]);
  if (postgresUrl === undefined || eventStoreUrl === undefined) return undefined;
  return { ...config, dataFolder, postgresUrl, eventStoreUrl };
}
