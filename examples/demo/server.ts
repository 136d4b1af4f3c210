import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const READY_WITHIN_MS = 120_000;
const root = join(import.meta.dirname, '../..');

/** A Comanda to run the demo on. */
export interface Server {
  readonly url: string;
  /** Whether it was started here, and so stops it. */
  readonly own: boolean;
  stop(): Promise<void>;
}

/** The Comanda that COMANDA_URL names, or that answers on PORT (8080); else one that is started here, cooking by itself or not. */
export async function findOrStartServer({ kitchenSimulator }: { readonly kitchenSimulator: boolean }): Promise<Server> {
  // an empty variable counts as unset, as it does for Comanda itself
  const named = process.env['COMANDA_URL'] || undefined;
  const url = named ?? `http://127.0.0.1:${process.env['PORT'] || 8080}`;
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new Error(
      `${named === undefined ? 'PORT' : 'COMANDA_URL'}: ${url} is no URL: set it rightly, such as http://127.0.0.1:8080, or unset it`,
    );
  if (await isReady(url)) return { url, own: false, stop: () => Promise.resolve() };
  if (named !== undefined)
    throw new Error(`COMANDA_URL names ${url}, but no Comanda is ready there: start it, or unset COMANDA_URL`);

  console.log(`No Comanda answers at ${url}: starting one.`);
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist/main/comanda.js'), 'start'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      KITCHEN_SIMULATOR: kitchenSimulator ? 'on' : 'off',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
    },
  });
  const exit = once(child, 'exit');
  for (const deadline = Date.now() + READY_WITHIN_MS; !(await isReady(url));) {
    if (child.exitCode !== null) throw new Error('Comanda did not start: see its message above');
    if (Date.now() > deadline) {
      child.kill('SIGINT');
      throw new Error(`Comanda was not ready within ${READY_WITHIN_MS / 1000} s`);
    }
    await Promise.race([exit, new Promise((resume) => setTimeout(resume, 100))]);
  }
  return {
    url,
    own: true,
    stop: async () => {
      child.kill('SIGINT');
      await exit;
    },
  };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.ok,
    () => false,
  );
