import type { Disturbances } from '../disturb/disturbances.js';
import type { EventLog, WriteLog } from '../log/eventLog.js';
import type { Access } from '../services/access.js';
import type { Registry } from '../transport/registry.js';
import { appendHandler } from './append.js';
import { batchAppendHandler } from './batchAppend.js';
import { deleteHandler } from './delete.js';
import { readHandler } from './read.js';

/** The Streams service; tests may let its calls go wrong. */
export const registerStreams = (
  registry: Registry,
  log: EventLog,
  access: Access,
  disturbances: Disturbances,
): void => {
  const writes: WriteLog = {
    append: (stream, expected, events) =>
      disturbances.write('append', stream, () => log.append(stream, expected, events)),
    softDelete: (stream, expected) => disturbances.write('delete', stream, () => log.softDelete(stream, expected)),
    tombstone: (stream, expected) => disturbances.write('tombstone', stream, () => log.tombstone(stream, expected)),
  };
  registry.add('event_store.client.streams.Streams', {
    Append: appendHandler(writes, access),
    BatchAppend: batchAppendHandler(writes, access),
    Read: readHandler(log, access, disturbances),
    Delete: deleteHandler(writes, access, 'softDelete'),
    Tombstone: deleteHandler(writes, access, 'tombstone'),
  });
};
