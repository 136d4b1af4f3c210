import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the server says of itself in `postmaster.pid` (PostgreSQL source, `pidfile.h`). */
export interface PidFile {
  readonly pid: number;
  readonly ready: boolean;
}

export const readPidFile = async (clusterFolder: string): Promise<PidFile | undefined> => {
  const text = await readFile(join(clusterFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
};

/**
 * The processes that live in the cluster's folder: the server and its children. A number in `postmaster.pid` proves
 * nothing, for after a crash it may belong to anybody; but every process of a cluster has the cluster as its working
 * directory. Where /proc does not exist, the pid file's number counts if it runs a `postgres`.
 */
export const clusterProcesses = async (clusterFolder: string): Promise<readonly number[]> => {
  if (process.platform !== 'linux') return await recordedServer(clusterFolder);
  const folder = await realpath(clusterFolder).catch(() => undefined);
  if (folder === undefined) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const cwds = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => undefined)));
  // our own shell or this very program may stand in that folder as well
  const ours = pids.filter((_, i) => cwds[i] === folder);
  const names = await Promise.all(ours.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')));
  return ours.filter((_, i) => names[i]?.trim() === 'postgres').map(Number);
};

const recordedServer = async (clusterFolder: string): Promise<readonly number[]> => {
  const recorded = await readPidFile(clusterFolder);
  if (recorded === undefined) return [];
  const command = await run('ps', ['-o', 'command=', '-p', String(recorded.pid)]).catch(() => ({ stdout: '' }));
  return /postgres/.test(command.stdout) ? [recorded.pid] : [];
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // gone in between
  }
};

/** Looks every 20 ms until `condition` holds; answers whether it did within `timeoutMs`. */
export const within = async (timeoutMs: number, condition: () => Promise<boolean>): Promise<boolean> => {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await sleep(20);
  }
  return true;
};

/**
 * Ends whatever still runs in the cluster's folder and resolves when nothing does. First the polite ways (fast shutdown,
 * then immediate, from which the next start recovers), at last by force. See PostgreSQL documentation, "Shutting Down the Server".
 */
export const stopCluster = async (clusterFolder: string): Promise<void> => {
  const gone = async () => (await clusterProcesses(clusterFolder)).length === 0;
  const steps: readonly [NodeJS.Signals, number][] = [
    ['SIGINT', 3_500],
    ['SIGQUIT', 1_000],
    ['SIGKILL', 2_000],
  ];
  for (const [name, patienceMs] of steps) {
    const alive = await clusterProcesses(clusterFolder);
    if (alive.length === 0) return;
    const server = (await readPidFile(clusterFolder))?.pid;
    // the server ends its children itself; orphans of a killed server are told one by one
    const told = server !== undefined && alive.includes(server) && name !== 'SIGKILL' ? [server] : alive;
    for (const pid of told) signal(pid, name);
    if (await within(patienceMs, gone)) return;
  }
};
