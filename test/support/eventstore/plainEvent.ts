import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';

/** All that a stored event says, as an object that can be compared: some of it is only made when it is asked for. */
export const plainEvent = (event: StoredEvent): StoredEvent => {
  const { id, type, data, metadata, stream, revision, position, createdAt } = event;
  return { id, type, data, metadata, stream, revision, position, createdAt };
};
