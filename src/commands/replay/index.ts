export { decodeMeta, decodeStored, UnreadableEvent } from './decodeStored.js';
export { stateAtRevision, stateAtTime } from './fold.js';
export { recordedHistory } from './history.js';
export { timeline, type TimelineItem } from './timeline.js';
