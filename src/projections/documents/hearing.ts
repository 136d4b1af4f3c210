import type { RecordedEvent } from '../../domain/events.js';
import type { ReadModel } from './documentTable.js';

/** The same read model, whose commits somebody hears of: who waits to see what they made visible. */
export const hearing = (readModel: ReadModel, heard: (events: readonly RecordedEvent[]) => void): ReadModel => ({
  ...readModel,
  committed: (events) => {
    readModel.committed?.(events);
    heard(events);
  },
});
