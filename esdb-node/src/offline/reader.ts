import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DataFolderError } from '../storage/dataFolder.js';
import type { Report } from './report.js';

/** What is to be done with a log: check it, copy it as it is, or copy it without the space that is free in it. */
export type Task = 'verify' | 'backup' | 'compact';

/** What the reading process says. */
export type Answer = { readonly report?: Report } | { readonly error: string };

/** The compiled entry, also when this file runs from its source. */
const entry = new URL(import.meta.url.endsWith('.ts') ? '../../dist/offline/entry.js' : './entry.js', import.meta.url);

/**
 * Reads a log in a process of its own.
 * @throws DataFolderError when it cannot be read, also when reading it ended the process: LMDB does not survive every damage
 */
export const readLog = (
  task: Task,
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly report?: Report }> =>
  new Promise((resolve, reject) => {
    const options = { maxBuffer: 16 * 1024 * 1024, ...(signal && { signal }) };
    execFile(process.execPath, [fileURLToPath(entry), task, ...folders], options, (failure, said) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const end = failure?.signal ?? failure?.code;
      if (failure && said === '') {
        const message = `the data folder ${folders[0]} is damaged: reading it ended the reader (${end})`;
        return reject(new DataFolderError(message));
      }
      const answer = JSON.parse(said) as Answer;
      if ('error' in answer) reject(new DataFolderError(answer.error));
      else resolve(answer);
    });
  });
