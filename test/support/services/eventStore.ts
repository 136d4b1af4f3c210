import { connect } from 'node:net';
import { join } from 'node:path';
import { startDaemon } from './daemon.js';
import { freePort } from '../freePort.js';
import { temporaryFolder } from './folders.js';
import type { RunningService } from './types.js';

const program = join(import.meta.dirname, '../../../esdb-node/bin/esdb-node.js');

/** An esdb-node on LMDB in a process of its own, which keeps what it has stored from start to start. */
export const startEventStore = async (): Promise<RunningService> => {
  const folder = await temporaryFolder('event-store');
  const port = await freePort();
  return await startDaemon({
    name: 'event-store',
    url: `esdb://127.0.0.1:${port}?tls=false`,
    folder,
    command: process.execPath,
    args: [program, '--port', String(port), '--data', join(folder, 'events'), '--projections', 'off'],
    stopSignal: 'SIGTERM',
    endSignal: 'SIGKILL',
    isReady: () => listens(port),
  });
};

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
