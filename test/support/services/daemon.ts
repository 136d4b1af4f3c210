import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, notePid } from './folders.js';
import { ServiceUnavailable } from './types.js';
import type { RunningService } from './types.js';

export interface DaemonOptions {
  readonly name: string;
  readonly url: string;
  /** Of this run alone; removed at the end. */
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** How it is asked to end in good order. */
  readonly stopSignal: NodeJS.Signals;
  /** How it is ended when nothing of it is needed any more. */
  readonly endSignal: NodeJS.Signals;
  readonly isReady: () => Promise<boolean>;
  readonly patienceMs?: number;
}

const living = new Set<{ pid: number; folder: string; endSignal: NodeJS.Signals }>();

/** The last resort when the run ends in a way that skips the hooks. */
const endAll = (): void => {
  for (const { pid, folder } of living) {
    endGroup(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  living.clear();
};
process.once('exit', endAll);
for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    endAll();
    process.kill(process.pid, signal);
  });
}

/** A private server in a process group of its own, which is killed, frozen and restarted with real signals. */
export const startDaemon = async (options: DaemonOptions): Promise<RunningService> => {
  const logFile = join(options.folder, `${options.name}.log`);
  let child: ChildProcess | undefined;
  let entry: { pid: number; folder: string; endSignal: NodeJS.Signals } | undefined;

  const start = async (): Promise<void> => {
    const output = openSync(logFile, 'a');
    const started = spawn(options.command, options.args, {
      ...options.account,
      cwd: options.cwd ?? options.folder,
      env: options.env ?? { PATH: process.env['PATH'] },
      detached: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    started.unref();
    let failed: string | undefined;
    started.once('error', (error) => (failed = error.message));
    started.once('exit', (code, signal) => (failed ??= `ended with ${signal ?? code}`));
    if (started.pid !== undefined) {
      child = started;
      entry = { pid: started.pid, folder: options.folder, endSignal: options.endSignal };
      living.add(entry);
      await notePid(options.folder, started.pid);
    }
    const end = performance.now() + (options.patienceMs ?? 180_000);
    while (!(await options.isReady())) {
      if (failed !== undefined || performance.now() > end) {
        const said = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-5).join(' / ');
        throw new ServiceUnavailable(`${options.name} did not start: ${failed ?? 'no answer'}: ${said}`);
      }
      await sleep(25);
    }
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    if (ending?.pid === undefined || entry === undefined) return;
    // whoever waits for its end must not end before it
    ending.ref();
    const gone = ending.exitCode !== null || ending.signalCode !== null;
    const exited = gone ? Promise.resolve() : new Promise<void>((resolve) => ending.once('exit', () => resolve()));
    endGroup(ending.pid, signal);
    // a frozen process hears nothing but SIGKILL until it goes on
    endGroup(ending.pid, 'SIGCONT');
    const patience = new AbortController();
    await Promise.race([
      exited,
      sleep(10_000, undefined, { signal: patience.signal, ref: false }).then(
        () => {
          if (ending.pid !== undefined) endGroup(ending.pid, 'SIGKILL');
          return exited;
        },
        () => undefined,
      ),
    ]);
    patience.abort();
    // what the leader left behind in its group
    endGroup(ending.pid, 'SIGKILL');
    living.delete(entry);
    child = undefined;
  };

  await start();
  return {
    origin: 'private',
    url: options.url,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end(options.stopSignal),
    restart: async () => {
      await end(options.stopSignal);
      await start();
    },
    freeze: () => {
      if (child?.pid !== undefined) endGroup(child.pid, 'SIGSTOP');
      return Promise.resolve();
    },
    thaw: () => {
      if (child?.pid !== undefined) endGroup(child.pid, 'SIGCONT');
      return Promise.resolve();
    },
    dispose: async () => {
      await end(options.endSignal);
      rmSync(options.folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
