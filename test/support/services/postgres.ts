import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { serverAccount } from '../../../src/embedded/postgres/account.js';
import { dataDirectoryArgument } from '../../../src/embedded/postgres/cluster.js';
import { startDaemon } from './daemon.js';
import { freePort } from '../freePort.js';
import { temporaryFolder } from './folders.js';
import type { RunningService, Service } from './types.js';

const run = promisify(execFile);

export interface SuiteDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

export interface PostgresService extends Service {
  /** An empty database of the suite's own. */
  createDatabase(): Promise<SuiteDatabase>;
}

/** A private PostgreSQL from the machine's own programs. Nothing of it outlives the run, so it need not sync to disk. */
export const startPostgres = async (programs: string): Promise<RunningService> => {
  const folder = await temporaryFolder('postgres');
  const cluster = join(folder, 'cluster');
  const port = await freePort();
  const account = await serverAccount(cluster);
  await mkdir(cluster);
  if (account !== undefined) for (const path of [folder, cluster]) await chown(path, account.uid, account.gid);
  const dataDirectory = dataDirectoryArgument(cluster, account);
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
  await run(
    join(programs, 'initdb'),
    ['-D', dataDirectory, '-U', 'test', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...account, cwd: cluster, env },
  );
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 300,
    fsync: 'off',
    timezone: 'UTC',
  };
  const url = `postgres://test@127.0.0.1:${port}/postgres`;
  return await startDaemon({
    name: 'postgres',
    url,
    folder,
    command: join(programs, 'postgres'),
    args: ['-D', dataDirectory, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    cwd: cluster,
    env,
    account,
    stopSignal: 'SIGINT',
    endSignal: 'SIGQUIT',
    isReady: () => answers(url),
  });
};

/** On a busy machine a connection takes its time, and another try would take it again. */
const CONNECT_WITHIN_MS = 15_000;

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_WITHIN_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

export const asPostgresService = (service: RunningService): PostgresService => ({
  ...service,
  createDatabase: async () => {
    const name = `suite_${randomUUID().replaceAll('-', '')}`;
    await administer(service.url, `CREATE DATABASE ${name}`);
    const url = new URL(service.url);
    url.pathname = `/${name}`;
    return { url: url.href, drop: () => administer(service.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
  },
});

const administer = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};
