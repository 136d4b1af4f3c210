import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../../commands/ports/eventStore.js';
import type { LogHistory } from '../../../subscriptions/ports/logHistory.js';
import type { StoreConnection } from '../connection.js';
import { answersOf } from './answers.js';
import { type FromThread, type ReadJob, type ToThread, unpack } from './messages.js';
import { eventsOf } from './stretch.js';

/** Reads in the thread of whoever wants to know. */
export const createHistory = (connection: StoreConnection): LogHistory => ({
  read: (stretch, signal) => eventsOf(answersOf(connection, stretch, signal), stretch),
});

/**
 * Reads in a thread of its own with a connection of its own, for whoever reads all of the log and has enough to do with what
 * is in it.
 */
export const createHistoryApart = (url: string): LogHistory => ({
  read: ({ after, upTo, categories }, signal) =>
    eventsOf(portionsOf({ url, stretch: { after, ...(categories ? { categories } : {}) } }, signal), { after, upTo }),
});

/** The compiled entry, also when this file runs from its source: a thread has no loader for TypeScript. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? '../../../../dist/infrastructure/eventstore/history/thread.js' : './thread.js',
  import.meta.url,
);

async function* portionsOf(job: ReadJob, signal: AbortSignal): AsyncGenerator<Iterable<Buffer>, void> {
  if (signal.aborted) return;
  const thread = new Worker(entry, { workerData: job });
  const said: FromThread[] = [];
  let wake: () => void = () => undefined;
  const hear = (message: FromThread): void => {
    said.push(message);
    wake();
  };
  const aborted = (): void => wake();
  thread.on('message', hear);
  thread.on('error', (error) => hear({ kind: 'failed', message: `the reading thread failed: ${error.message}` }));
  thread.on('exit', (code) => hear({ kind: 'failed', message: `the reading thread ended with code ${code}` }));
  signal.addEventListener('abort', aborted, { once: true });
  try {
    while (!signal.aborted) {
      const message = said.shift();
      if (!message) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      if (message.kind === 'end') return;
      if (message.kind === 'failed') throw new StoreUnavailable(message.message);
      yield unpack(message.packed);
      thread.postMessage('more' satisfies ToThread);
    }
  } finally {
    signal.removeEventListener('abort', aborted);
    await thread.terminate();
  }
}
