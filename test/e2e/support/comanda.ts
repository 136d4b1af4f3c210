import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/freePort.js';
import { until } from '../../support/until.js';

const root = join(import.meta.dirname, '../../..');

export type Environment = Readonly<Record<string, string>>;

/** A Comanda in a process of its own, started as a person would start it. */
export interface Comanda {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly printed: () => string;
  readonly complained: () => string;
  /** Ctrl-C; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

/** Folders and ports for one Comanda, kept from start to start. */
export async function place(
  environment: Environment = {},
): Promise<{ environment: Environment; url: string; dispose: () => Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'comanda e2e-')); // a blank in the path, as people have them
  const port = await freePort();
  return {
    url: `http://127.0.0.1:${port}`,
    environment: {
      COMANDA_DATA: data,
      PORT: String(port),
      STRIPE_SIMULATOR_PORT: String(await freePort()),
      LOG_LEVEL: 'warn',
      ...environment,
    },
    dispose: () => rm(data, { recursive: true, force: true }),
  };
}

/** Runs `comanda` with the given environment and nothing of ours but PATH and HOME. */
export function run(
  args: readonly string[],
  environment: Environment,
): Omit<Comanda, 'url'> & { readonly exit: Promise<number | null> } {
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist/main/comanda.js'), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complained = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    child,
    exit,
    printed: () => printed,
    complained: () => complained,
    stop: () => {
      child.kill('SIGINT');
      return exit;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Starts Comanda and waits until it says that it is ready. */
export async function startComanda(
  environment: Environment,
  args: readonly string[] = ['start'],
  withinMs = 240_000,
): Promise<Comanda> {
  const running = run(args, environment);
  await until(
    'Comanda is ready',
    () => {
      if (running.child.exitCode !== null) throw new Error(`Comanda did not start: ${running.complained()}`);
      return running.printed().includes('Comanda is ready.');
    },
    withinMs,
  );
  return { ...running, url: `http://127.0.0.1:${environment['PORT']}` };
}
