import { createHash, randomBytes } from 'node:crypto';
import { access, constants, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { StartupError } from './startupError.js';

/** A data folder that this process alone uses until `release`. */
export interface DataFolder {
  readonly path: string;
  release(): Promise<void>;
}

/** Another Comanda uses the folder at this moment. */
export class DataFolderTaken extends StartupError {
  constructor(
    /** The folder, with every link resolved. */
    readonly path: string,
    options: { readonly cause: unknown },
  ) {
    super(`COMANDA_DATA: another Comanda is using ${path}: stop it, or name another folder`, options);
  }
}

/**
 * Makes the data folder where it is missing, and claims it for this process.
 * The claim is a listening local socket, so it ends with the process however that ends: no lock file goes stale.
 * @throws StartupError when the folder cannot be made or written; DataFolderTaken when another Comanda runs on it
 */
export async function claimDataFolder(folder: string): Promise<DataFolder> {
  const wanted = resolve(folder);
  try {
    await makeFolder(wanted);
    await access(wanted, constants.R_OK | constants.W_OK | constants.X_OK);
    const probe = join(wanted, `.probe-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    throw new StartupError(
      `COMANDA_DATA: the folder ${wanted} cannot be written (${reason(cause)}): name another, or mend its permissions`,
      {
        cause,
      },
    );
  }
  const path = await realpath(wanted);
  const server = await claim(path);
  return { path, release: () => new Promise((done) => server.close(() => done())) };
}

/** As `mkdir -p`. Not by mkdir's own `recursive`, which never comes back where nothing can be made at all, as under /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const there = await stat(folder).catch(() => undefined);
    if (there?.isDirectory()) return;
    const above = dirname(folder);
    if (code !== 'ENOENT' || (await stat(above).catch(() => undefined)) !== undefined) throw error;
    await makeFolder(above);
    await mkdir(folder);
  }
}

async function claim(path: string): Promise<Server> {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 32);
  // Linux has names that live in no file and vanish with the process; elsewhere a socket file may outlive it.
  const name = process.platform === 'linux' ? `\0comanda-${hash}` : join(tmpdir(), `comanda-${hash}.sock`);
  try {
    return await listen(name);
  } catch (cause) {
    if (process.platform !== 'linux' && !(await answers(name))) {
      await rm(name, { force: true });
      return listen(name);
    }
    throw new DataFolderTaken(path, { cause });
  }
}

function listen(name: string): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', fail);
    server.listen(name, () => done(server));
    server.unref();
  });
}

function answers(name: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(name);
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

/** The secret kept in the data folder (mode 0600), made at random on the first start. */
export async function keptSecret(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'secret');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new StartupError(`COMANDA_DATA: ${file} cannot be read (${reason(error)}): mend its permissions`, {
      cause: error,
    });
  });
  if (kept.trim().length >= 32) return kept.trim();
  const secret = randomBytes(32).toString('hex');
  await writeFile(`${file}.new`, `${secret}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return secret;
}

const reason = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause);
