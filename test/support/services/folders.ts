import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { appendFile, mkdtemp } from 'node:fs/promises';
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

/** Signals a process that we started as the leader of a group, with all that it started, in whichever group they are now. */
export const endGroup = (pid: number, signal: NodeJS.Signals): void => {
  // looked up first: the children of a process that is gone belong to nobody
  for (const target of [-pid, ...descendants(pid)]) {
    try {
      process.kill(target, signal);
    } catch {
      // it is gone already
    }
  }
};

/** PostgreSQL's processes each lead a group of their own, so their parents have to be asked. */
const descendants = (pid: number): readonly number[] => {
  const parents = process.platform === 'linux' ? parentsFromProc() : parentsFromPs();
  const below = (parent: number): number[] =>
    parents.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
};

type Parenthood = readonly [pid: number, parent: number];

const parentsFromProc = (): readonly Parenthood[] =>
  readdirSync('/proc').flatMap((name): Parenthood[] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // the name in brackets may contain anything; the parent is the second field after it
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return [[Number(name), Number(fields[1])]];
    } catch {
      return [];
    }
  });

const parentsFromPs = (): readonly Parenthood[] =>
  execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line): Parenthood => {
      const [pid, parent] = line.trim().split(/\s+/);
      return [Number(pid), Number(parent)];
    });
