import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { appendFile, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'comanda-test-';
const PIDS = 'pids';

/** A folder of this run, named after its process so that a later run can tell whether that still lives. */
export const temporaryFolder = async (purpose: string): Promise<string> => {
  sweepOnce();
  return await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-${purpose}-`));
};

/** Writes down which process belongs to a folder, for the run that cleans up after a killed one. */
export const notePid = async (folder: string, pid: number): Promise<void> => {
  await appendFile(join(folder, PIDS), `${pid}\n`);
};

/** A loopback port that nobody listens on at this moment. */
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

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

let swept = false;

/** A run that was killed could not stop its services: those that still stand in its folders are ended here. */
const sweepOnce = (): void => {
  if (swept) return;
  swept = true;
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!Number.isInteger(owner) || isAlive(owner)) continue;
    const folder = join(tmpdir(), name);
    for (const pid of recordedPids(folder)) {
      // a number may have gone to another process since: only what stands in the folder is ours
      if (workingDirectory(pid)?.startsWith(folder)) endGroup(pid, 'SIGKILL');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

const recordedPids = (folder: string): readonly number[] => {
  try {
    return readFileSync(join(folder, PIDS), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

const workingDirectory = (pid: number): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
};

/** Signals a process that we started as the leader of a group, with all that it started. */
export const endGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // it is gone already
  }
};
