import { Worker } from 'node:worker_threads';
import type { NodeHooks, RunningNode } from '../node.js';
import type { NodeOptions } from '../nodeOptions.js';
import { disturbWorker } from './disturbWorker.js';
import type { FromWorker, ToWorker } from './messages.js';
import { received } from './sentError.js';

/** The compiled entry, also when this file runs from its source: a worker thread has no loader for TypeScript. */
const entry = new URL(import.meta.url.endsWith('.ts') ? '../../dist/worker/entry.js' : './entry.js', import.meta.url);

/** Waits for what the worker says next that `pick` knows; rejects when the worker fails or ends before. */
const next = <T>(worker: Worker, pick: (message: FromWorker) => T | undefined): Promise<T> =>
  new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      settle();
    };
    const onMessage = (message: FromWorker): void => {
      if (message.kind === 'failed') return done(() => reject(received(message.error)));
      const found = pick(message);
      if (found !== undefined) done(() => resolve(found));
    };
    const onError = (error: Error): void => done(() => reject(error));
    const onExit = (code: number): void => done(() => reject(new Error(`the node's thread ended with code ${code}`)));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });

/**
 * Starts a node in a worker thread, so that it does not wait for the caller's own work.
 * @throws as startNode does
 */
export const startNodeInWorker = async (options: NodeOptions, hooks: NodeHooks = {}): Promise<RunningNode> => {
  const worker = new Worker(entry, { workerData: options });
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'fault') hooks.onFault?.(received(message.error));
    if (message.kind === 'shutdown') hooks.onShutdown?.();
  });
  // without a hook the error of a thread that dies stays uncaught: nobody would know otherwise
  if (hooks.onFault) worker.on('error', hooks.onFault);
  const started = await next(worker, (message) => (message.kind === 'started' ? message : undefined));
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const stopped = next(worker, (message) => (message.kind === 'stopped' ? true : undefined));
    worker.postMessage({ kind: 'stop' } satisfies ToWorker);
    await stopped;
    await worker.terminate();
  };
  const { connectionString, host, port } = started;
  return { connectionString, host, port, stop: () => (stopping ??= stop()), ...disturbWorker(worker) };
};
