import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDaemon } from './daemon.js';
import { temporaryFolder } from './folders.js';

// a program of its own: a run that starts a server, says where it is, and waits to be killed

const folder = await temporaryFolder('sleeper');
await startDaemon({
  name: 'sleeper',
  url: '',
  folder,
  command: process.execPath,
  args: ['-e', 'setInterval(() => undefined, 60_000)'],
  stopSignal: 'SIGTERM',
  endSignal: 'SIGKILL',
  isReady: () => Promise.resolve(true),
});
process.stdout.write(`${folder}\n${await readFile(join(folder, 'pids'), 'utf8')}`);
setInterval(() => undefined, 60_000);
