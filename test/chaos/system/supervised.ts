import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, notePid } from '../../support/services/folders.js';
import { until } from '../../support/until.js';

/** A program that is to run all the time. */
export interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** It has said so when it serves. */
  readonly readyWhen: string;
}

export interface Places {
  /** Of this run alone; whoever cleans up after a killed run finds the processes that stand in it. */
  readonly folder: string;
  /** What the programs print is kept here. */
  readonly logs: string;
}

/** A process that somebody sees to, as systemd or a container engine would: whenever it ends, it is started again. */
export interface Supervised {
  readonly name: string;
  readonly pid: number | undefined;
  /** Whether it has said that it serves, in its present life. */
  ready(): boolean;
  /** How often it was started. */
  readonly starts: number;
  /** Lives that ended by themselves after they had served: nobody killed them. */
  readonly ownEnds: readonly string[];
  /** `kill -9`; the next start is `downMs` later. */
  kill(downMs: number): void;
  freeze(): void;
  thaw(): void;
  /** Ends it for good, in good order where that is possible within ten seconds; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** What a supervisor waits before it starts what has ended by itself. */
const RESTART_MS = 500;
const STOP_WITHIN_MS = 12_000;

/** Starts a Node program and keeps it running. */
export function supervise(program: Program, { folder, logs }: Places): Supervised {
  const logFile = join(logs, `${program.name}.log`);
  const ownEnds: string[] = [];
  let child: ChildProcess | undefined;
  let readFrom = 0;
  let serves = false;
  let starts = 0;
  let killed = false;
  let stopping = false;
  let restartMs = RESTART_MS;
  let ended: Promise<number | null> = Promise.resolve(null);

  const said = (): string => readFileSync(logFile, 'utf8').slice(readFrom);

  const start = (): void => {
    const output = openSync(logFile, 'a');
    readFrom = readFileSync(logFile, 'utf8').length;
    const started = spawn(process.execPath, program.args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...program.environment },
      // a group of its own: Ctrl-C in the terminal is for whoever supervises
      detached: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    child = started;
    starts += 1;
    serves = false;
    killed = false;
    if (started.pid !== undefined) void notePid(folder, started.pid);
    ended = new Promise((resolve) => {
      started.once('exit', (code, signal) => {
        const served = serves || said().includes(program.readyWhen);
        if (served && !killed && !stopping) {
          ownEnds.push(`${program.name} ended by itself with ${signal ?? code}: ${said().trim().split('\n').at(-1)}`);
        }
        serves = false;
        child = undefined;
        resolve(code);
        if (stopping) return;
        setTimeout(() => {
          if (!stopping) start();
        }, restartMs);
        restartMs = RESTART_MS;
      });
    });
  };
  start();

  const signal = (which: NodeJS.Signals): void => {
    if (child?.pid !== undefined) endGroup(child.pid, which);
  };
  return {
    name: program.name,
    get pid() {
      return child?.pid;
    },
    ready: () => child !== undefined && (serves ||= said().includes(program.readyWhen)),
    get starts() {
      return starts;
    },
    ownEnds,
    kill: (downMs) => {
      if (child === undefined) return;
      killed = true;
      restartMs = downMs;
      signal('SIGKILL');
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: async () => {
      stopping = true;
      signal('SIGCONT');
      child?.kill('SIGTERM');
      const patience = new AbortController();
      const code = await Promise.race([
        ended,
        sleep(STOP_WITHIN_MS, undefined, { signal: patience.signal }).then(
          () => {
            signal('SIGKILL');
            return ended;
          },
          () => ended,
        ),
      ]);
      patience.abort();
      return code;
    },
  };
}

/** Waits until all of them serve. */
export const serving = (processes: readonly Supervised[], withinMs: number): Promise<void> =>
  until(
    `${processes.map(({ name }) => name).join(', ')} serve`,
    () => processes.every((process) => process.ready()),
    withinMs,
  );
