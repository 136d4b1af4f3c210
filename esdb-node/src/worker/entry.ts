import { parentPort, workerData } from 'node:worker_threads';
import type { PlannedFailure } from '../disturb/failure.js';
import type { RunningNode } from '../node.js';
import { startNode } from '../node.js';
import type { NodeOptions } from '../nodeOptions.js';
import type { FromWorker, ToWorker } from './messages.js';
import { toSend } from './sentError.js';

// Runs a node in a worker thread: `workerData` is its options, messages are those of messages.ts.
const port = parentPort;
if (!port) throw new Error('this file runs in a worker thread only');
const tell = (message: FromWorker): void => port.postMessage(message);

const planned = new Map<number, PlannedFailure>();

/** Does what the starting thread asks for. */
const obey = async (node: RunningNode, message: ToWorker): Promise<void> => {
  switch (message.kind) {
    case 'stop':
      await node.stop();
      return tell({ kind: 'stopped' });
    case 'failNext': {
      const plan = await node.failNext(message.failure);
      planned.set(message.id, plan);
      void plan.happened.then(() => {
        planned.delete(message.id);
        tell({ kind: 'happened', id: message.id });
      });
      break;
    }
    case 'cancel':
      await planned.get(message.plan)?.cancel();
      planned.delete(message.plan);
      break;
    case 'pause':
    case 'resume':
    case 'cut':
      await node[message.kind]();
      break;
  }
  tell({ kind: 'disturbed', id: message.id });
};

try {
  const node = await startNode(workerData as NodeOptions, {
    onFault: (fault) => tell({ kind: 'fault', error: toSend(fault) }),
    onShutdown: () => tell({ kind: 'shutdown' }),
  });
  port.on('message', (message: ToWorker) => {
    obey(node, message)
      .catch((error: unknown) =>
        tell(
          message.kind === 'stop'
            ? { kind: 'failed', error: toSend(error) }
            : { kind: 'refused', id: message.id, error: toSend(error) },
        ),
      )
      .finally(() => {
        if (message.kind === 'stop') port.close();
      });
  });
  tell({ kind: 'started', connectionString: node.connectionString, host: node.host, port: node.port });
} catch (error) {
  tell({ kind: 'failed', error: toSend(error) });
  port.close();
}
