import { execFile } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { ServiceName } from './types.js';

const run = promisify(execFile);

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (program: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable);

const subfolders = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
};

/** Debian keeps the server's programs off the PATH, one folder a major version; the newest counts. */
const postgresFolder = (): string | undefined => {
  const complete = (folder: string) => isExecutable(join(folder, 'postgres')) && isExecutable(join(folder, 'initdb'));
  const candidates = [
    ...subfolders('/usr/lib/postgresql').map((folder) => join(folder, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return candidates.find(complete);
};

/** The script inside the package; Debian's wrapper on the PATH insists on the system's own user and folders. */
const rabbitScript = (): string | undefined =>
  [
    ...subfolders('/usr/lib/rabbitmq/lib').map((folder) => join(folder, 'sbin', 'rabbitmq-server')),
    ...['/opt/homebrew/sbin', '/usr/local/sbin'].map((folder) => join(folder, 'rabbitmq-server')),
  ].find(isExecutable);

/** The machine's own program for a service (for PostgreSQL the folder of its programs), if it has one. */
export const ownBinary = (service: ServiceName): string | undefined => {
  switch (service) {
    case 'postgres':
      return postgresFolder();
    case 'redis':
      return onPath('redis-server');
    case 'rabbitmq':
      return onPath('epmd') === undefined ? undefined : rabbitScript();
  }
};

export const PACKAGES: Record<ServiceName, string> = {
  postgres: 'postgresql',
  redis: 'redis-server',
  rabbitmq: 'rabbitmq-server',
};

let installing: Promise<void> | undefined;

/** Whether apt can be used at all: root on Debian or Ubuntu. */
export const canInstall = (): boolean => process.getuid?.() === 0 && onPath('apt-get') !== undefined;

const LOCK = join(tmpdir(), 'comanda-test-apt.lock');

/**
 * Installs all that is missing in one go, for apt allows one run at a time: several suites that begin side by side wait for
 * each other, and the later ones find everything there.
 */
export const install = (missing: readonly ServiceName[]): Promise<void> =>
  (installing ??= (async () => {
    // RUNLEVEL=1 keeps the packages' scripts from starting the system's own instances
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const packages = missing.map((name) => PACKAGES[name]).join(' ');
    const script = `apt-get update && apt-get install -y --no-install-recommends ${packages}`;
    await run('flock', [LOCK, 'sh', '-c', script], { env, maxBuffer: 64 * 1024 * 1024 });
  })());
