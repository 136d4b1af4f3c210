// A node in a process of its own that tells of its memory: node --expose-gc node.mjs FOLDER, forked.
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startNode } from '../../dist/index.js';

const faults = [];
const onFault = (fault) => faults.push(String(fault?.stack ?? fault));
const node = await startNode({ storage: 'lmdb', data: process.argv[2], keepAliveInterval: 300 }, { onFault });
process.on('message', async (message) => {
  if (message === 'stop') {
    await node.stop();
    process.exit(0);
  }
  // what a collection finalises is only gone after the next
  for (let k = 0; k < 3; k += 1) {
    globalThis.gc();
    await nextTurn();
  }
  const { heapUsed, external } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  process.send({ memory: heapUsed + external, sockets, faults });
});
process.send({ host: node.host, port: node.port, connectionString: node.connectionString });
