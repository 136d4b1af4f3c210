import { existsSync } from 'node:fs';
import { DataFolderError, inspectFolder } from '../storage/dataFolder.js';
import { lockFolder } from '../storage/lock.js';
import { readLog } from './reader.js';
import type { Report } from './report.js';
import { onlyProblem } from './report.js';

const check = async (folder: string): Promise<Report> => {
  const { report } = await readLog('verify', [folder]);
  if (!report) throw new Error('the reader gave no report');
  return report;
};

/**
 * Checks the log in a folder that no node uses, and changes nothing in it.
 * @throws DataFolderError when there is no log, or it is in use; damage of any kind is in the report
 */
export const verifyFolder = async (folder: string): Promise<Report> => {
  if (!existsSync(folder)) throw new DataFolderError(`there is no folder ${folder}`);
  const unlock = await lockFolder(folder);
  try {
    if (inspectFolder(folder) === 'none') throw new DataFolderError(`there is no log in ${folder}`);
    return await check(folder);
  } catch (error) {
    if (error instanceof DataFolderError && error.message.includes('damaged')) return onlyProblem(error.message);
    throw error;
  } finally {
    await unlock();
  }
};

/**
 * For a folder whose file may have been cut off: reads all of it before LMDB is asked in this process.
 * @throws DataFolderError when anything is wrong with it
 */
export const requireSound = async (folder: string): Promise<void> => {
  const { problems } = await check(folder);
  if (problems[0] !== undefined) throw new DataFolderError(`the data folder ${folder} is damaged: ${problems[0]}`);
};
