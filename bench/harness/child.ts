import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface Server {
  readonly pid: number;
  /** What its first line said after `READY`, or the whole line. */
  readonly line: string;
  /** SIGTERM, and SIGKILL ten seconds later. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
// whatever ends this process must not leave others behind
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Options of Node itself, before the script. */
  readonly nodeOptions?: readonly string[];
  /** The first line that says that it serves; default: the very first one. */
  readonly ready?: RegExp;
}

/** What the process under test gets of our own environment: nothing that would configure it. */
const bare = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', NODE_ENV: 'production' };

/**
 * Starts a script with this Node and waits until it says that it serves.
 * @throws when it ends before that; its stderr goes to ours
 */
export async function startServer(
  script: string,
  args: readonly string[],
  { env = {}, cwd, nodeOptions = [], ready = /./ }: StartOptions = {},
): Promise<Server> {
  const child = spawn(process.execPath, [...nodeOptions, ...profiling(script), script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...bare, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  running.add(child);
  const exit = once(child, 'exit').then(() => void running.delete(child));
  const lines = createInterface(child.stdout);
  const line = await new Promise<string>((resolve, reject) => {
    lines.on('line', (text) => {
      if (ready.test(text)) resolve(text);
    });
    void exit.then(() => reject(new Error(`${script} ended before it served (exit code ${String(child.exitCode)})`)));
  });
  return {
    pid: child.pid ?? 0,
    line: line.replace(/^READY /, ''),
    stop: async () => {
      child.kill('SIGTERM');
      const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exit;
      clearTimeout(impatient);
    },
  };
}

/** `BENCH_PROFILE=FOLDER` makes every server write a V8 profile there when it stops. */
const profiling = (script: string): readonly string[] => {
  const folder = process.env['BENCH_PROFILE'];
  if (folder === undefined) return [];
  const name = script.split('/').slice(-2).join('-').replace(/\W+/g, '-');
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`];
};

/** Something that does jobs in a process of its own, one after the other: a load generator that stays warm. */
export interface Worker {
  /** @throws what the job threw, as text */
  do<Answer>(job: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

type Reply = { readonly answer: unknown } | { readonly error: string };

export function startWorker(script: string, args: readonly string[] = []): Worker {
  const child = fork(script, [...args], { env: bare, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  running.add(child);
  const exit = once(child, 'exit').then(() => void running.delete(child));
  return {
    do: async <Answer>(job: unknown) => {
      const reply = once(child, 'message') as Promise<[Reply]>;
      child.send(job as object);
      const settled = await Promise.race([reply, exit.then(() => undefined)]);
      if (!settled) throw new Error(`${script} ended in the middle of a job`);
      const [outcome] = settled;
      if ('error' in outcome) throw new Error(outcome.error);
      return outcome.answer as Answer;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      const impatient = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exit;
      clearTimeout(impatient);
    },
  };
}

/** The other side of {@link startWorker}: answers each job; ends when the parent lets go. */
export function serveJobs<Job, Answer>(work: (job: Job) => Promise<Answer>): void {
  process.on('message', (job: Job) => {
    work(job).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
}
