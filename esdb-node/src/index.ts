export { startNode } from './node.js';
export type { NodeHooks, NodeOptions, RunningNode } from './node.js';
export { startNodeInWorker } from './worker/startNodeInWorker.js';
export { DataFolderError } from './storage/dataFolder.js';
