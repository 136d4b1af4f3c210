import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresFailed } from './errors.js';

const run = promisify(execFile);

export const USER = 'comanda';

/** How to reach the server; kept beside the cluster, readable for its owner alone. */
const accessCodec = t.readonly(t.type({ port: t.number, password: t.string }));
export type Access = t.TypeOf<typeof accessCodec>;

export const clusterFolderIn = (dataFolder: string): string => join(dataFolder, 'cluster');

const accessFile = (dataFolder: string): string => join(dataFolder, 'access.json');

/**
 * The cluster's folder as its own processes name it. As root the server runs as somebody who may not be allowed to pass
 * through the folders above (a home of mode 0700), so it is started inside the folder and told to look where it stands.
 */
export const dataDirectoryArgument = (clusterFolder: string, account: Account | undefined): string =>
  account !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : clusterFolder;

/** A port of the loopback interface that nobody listens on at this moment. */
export const freePort = async (): Promise<number> =>
  await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });

export const saveAccess = async (dataFolder: string, access: Access): Promise<void> => {
  const draft = `${accessFile(dataFolder)}.new`;
  await writeFile(draft, JSON.stringify(access), { mode: 0o600, flush: true });
  await rename(draft, accessFile(dataFolder));
};

/** The stored access, or a new one for a cluster that is yet to be made. */
export const loadAccess = async (dataFolder: string): Promise<Access> => {
  const text = await readFile(accessFile(dataFolder), 'utf8').catch(() => undefined);
  const stored = text === undefined ? undefined : parseAccess(text);
  if (stored !== undefined) return stored;
  if (await exists(clusterFolderIn(dataFolder))) {
    throw new EmbeddedPostgresFailed(
      `${accessFile(dataFolder)} is ${text === undefined ? 'missing' : 'damaged'}, it holds the password of the cluster beside it: put it back from a backup`,
    );
  }
  const access = { port: await freePort(), password: randomBytes(24).toString('base64url') };
  await saveAccess(dataFolder, access);
  return access;
};

const parseAccess = (text: string): Access | undefined => {
  try {
    const decoded = accessCodec.decode(JSON.parse(text));
    return E.isRight(decoded) ? decoded.right : undefined;
  } catch {
    return undefined;
  }
};

const exists = async (path: string): Promise<boolean> =>
  await stat(path).then(
    () => true,
    () => false,
  );

const DRAFT = 'cluster-draft-';

/**
 * Makes the cluster unless it is there. It is made under another name and renamed when complete, so that a kill in
 * between leaves nothing that looks like a cluster; such leftovers are removed.
 */
export const ensureCluster = async (
  dataFolder: string,
  access: Access,
  binaries: Binaries,
  account: Account | undefined,
): Promise<void> => {
  for (const name of await readdir(dataFolder)) {
    if (name.startsWith(DRAFT)) await rm(join(dataFolder, name), { recursive: true, force: true, maxRetries: 5 });
  }
  if (await exists(clusterFolderIn(dataFolder))) return;
  const draft = await mkdtemp(join(dataFolder, DRAFT));
  const secrets = await mkdtemp(join(tmpdir(), 'comanda-'));
  try {
    const passwordFile = join(secrets, 'password');
    await writeFile(passwordFile, `${access.password}\n`, { mode: 0o600 });
    if (account !== undefined) {
      for (const path of [draft, secrets, passwordFile]) await chown(path, account.uid, account.gid);
    }
    await run(
      binaries.initdb,
      [
        `--pgdata=${dataDirectoryArgument(draft, account)}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // the builtin provider sorts the same on every machine, whatever locales it has
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      { ...account, cwd: draft, env: { LC_ALL: 'C', PATH: process.env['PATH'], TZ: 'UTC' } },
    );
    await rename(draft, clusterFolderIn(dataFolder));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const detail = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new EmbeddedPostgresFailed(`PostgreSQL could not make its files in ${dataFolder}: ${detail}`, {
      cause: error,
    });
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
};

/** Makes the folder that holds all of it, or says in one line why it cannot be. */
export const ensureDataFolder = async (dataFolder: string): Promise<void> => {
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new EmbeddedPostgresFailed(
      `cannot write to ${dataFolder} (${error instanceof Error ? error.message : String(error)}): choose another folder with COMANDA_DATA`,
      { cause: error },
    );
  }
};
