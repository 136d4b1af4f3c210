export { startNode } from './node.js';
export type { NodeOptions, RunningNode } from './node.js';
export { startNodeInWorker } from './worker/startNodeInWorker.js';
export { DataFolderError } from './storage/lmdb.js';
