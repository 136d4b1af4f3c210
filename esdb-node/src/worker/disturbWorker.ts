import type { Worker } from 'node:worker_threads';
import type { Disturbable } from '../disturb/failure.js';
import type { FromWorker, ToWorker } from './messages.js';
import { received } from './sentError.js';

/** Without the `id` that tells questions apart. */
type Question<M = ToWorker> = M extends { readonly id: number } ? Omit<M, 'id'> : never;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Disturbs the node in a worker thread. Rejects when the node has stopped. */
export const disturbWorker = (worker: Worker): Disturbable => {
  const inForce = new Map<number, Waiting>();
  const happening = new Map<number, () => void>();
  let questions = 0;
  let stopped = false;
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'disturbed') {
      inForce.get(message.id)?.resolve();
      inForce.delete(message.id);
    } else if (message.kind === 'refused') {
      inForce.get(message.id)?.reject(received(message.error));
      inForce.delete(message.id);
    } else if (message.kind === 'happened') {
      happening.get(message.id)?.();
      happening.delete(message.id);
    }
  });
  worker.once('exit', () => {
    stopped = true;
    for (const { reject } of inForce.values()) reject(new Error('the node has stopped'));
    inForce.clear();
  });
  const ask = (question: Question, id = (questions += 1)): Promise<void> =>
    new Promise((resolve, reject) => {
      if (stopped) return reject(new Error('the node has stopped'));
      inForce.set(id, { resolve, reject });
      worker.postMessage({ ...question, id });
    });
  return {
    failNext: async (failure) => {
      const id = (questions += 1);
      const happened = new Promise<void>((resolve) => happening.set(id, resolve));
      await ask({ kind: 'failNext', failure }, id).catch((error: unknown) => {
        happening.delete(id);
        throw error;
      });
      return { happened, cancel: () => ask({ kind: 'cancel', plan: id }) };
    },
    pause: () => ask({ kind: 'pause' }),
    resume: () => ask({ kind: 'resume' }),
    cut: () => ask({ kind: 'cut' }),
  };
};
