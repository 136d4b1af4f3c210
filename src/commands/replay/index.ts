export { decodeMeta, decodeStored, UnreadableEvent } from './decodeStored.js';
export { type PastState, type Replayable, stateAtRevision, stateAtTime } from './fold.js';
export { recordedHistory } from './history.js';
export { timeline, type TimelineItem } from './timeline.js';
