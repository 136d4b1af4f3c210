import { DataFolderError } from '../storage/dataFolder.js';
import { openTables } from '../storage/tables.js';
import { checkLog } from './checkLog.js';
import type { Answer, Task } from './reader.js';

// Reads a log in a process of its own, because a damaged file can end the process that reads it: `entry.js verify FOLDER`,
// `entry.js backup FOLDER TO`, `entry.js compact FOLDER TO`. Says one Answer as JSON.
const [task, folder, to] = process.argv.slice(2) as [Task, string, string | undefined];
const answer = (value: Answer): void => void process.stdout.write(JSON.stringify(value));

try {
  const tables = await openTables(folder, { readOnly: true });
  if (to === undefined) answer({ report: checkLog(tables) });
  else {
    await tables.root.backup(to, task === 'compact');
    answer({});
  }
  await tables.root.close();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  answer({
    error: error instanceof DataFolderError ? message : `the data folder ${folder} cannot be read: ${message}`,
  });
}
