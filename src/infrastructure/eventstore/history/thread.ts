/** Entry of a thread that reads the log for another one: the connection, HTTP/2 and gRPC are its work, and nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../connection.js';
import { answersOf } from './answers.js';
import { type FromThread, pack, PORTIONS_AHEAD, type ReadJob } from './messages.js';

const port = parentPort;
if (!port) throw new Error('this file is the entry of a thread');

const { url, stretch } = workerData as ReadJob;
const connection = connect(url, 'feed');
let room = PORTIONS_AHEAD;
let wake: () => void = () => undefined;
port.on('message', () => {
  room += 1;
  wake();
});
const say = (message: FromThread): void =>
  port.postMessage(message, message.kind === 'portion' ? [message.packed] : []);

try {
  for await (const answers of answersOf(connection, stretch, new AbortController().signal)) {
    while (room === 0) await new Promise<void>((resolve) => (wake = resolve));
    room -= 1;
    say({ kind: 'portion', packed: pack(answers) });
  }
  say({ kind: 'end' });
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
