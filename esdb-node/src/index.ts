export { startNode } from './node.js';
export type { NodeHooks, RunningNode } from './node.js';
export type { NodeOptions } from './nodeOptions.js';
export type { Disturbable, Failure, FailureStatus, Mishap, PlannedFailure } from './disturb/failure.js';
export { startNodeInWorker } from './worker/startNodeInWorker.js';
export { DataFolderError } from './storage/dataFolder.js';
