import { parentPort, workerData } from 'node:worker_threads';
import type { NodeOptions } from '../node.js';
import { startNode } from '../node.js';
import type { FromWorker, ToWorker } from './messages.js';

// Runs a node in a worker thread: `workerData` is its options, messages are those of messages.ts.
const port = parentPort;
if (!port) throw new Error('this file runs in a worker thread only');
const tell = (message: FromWorker): void => port.postMessage(message);

try {
  const node = await startNode(workerData as NodeOptions, {
    onFault: (fault) => tell({ kind: 'fault', error: asError(fault) }),
    onShutdown: () => tell({ kind: 'shutdown' }),
  });
  port.on('message', (message: ToWorker) => {
    if (message !== 'stop') return;
    node
      .stop()
      .then(() => tell({ kind: 'stopped' }))
      .catch((error: unknown) => tell({ kind: 'failed', error: asError(error) }))
      .finally(() => port.close());
  });
  tell({ kind: 'started', connectionString: node.connectionString, host: node.host, port: node.port });
} catch (error) {
  tell({ kind: 'failed', error: asError(error) });
  port.close();
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
