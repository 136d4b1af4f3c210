import { openLmdb } from '../storage/lmdb.js';
import { EventLog } from './eventLog.js';

/**
 * Opens the log in a data folder without a node in front of it, to write much at once or to read it. Whoever opens it closes
 * it; until then no node can use the folder.
 * @throws DataFolderError when it is damaged or in use
 */
export const openLog = async (folder: string): Promise<EventLog> => new EventLog(await openLmdb(folder));
