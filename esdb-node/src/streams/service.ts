import type { EventLog } from '../log/eventLog.js';
import type { Access } from '../services/access.js';
import type { Registry } from '../transport/registry.js';
import { appendHandler } from './append.js';
import { batchAppendHandler } from './batchAppend.js';
import { deleteHandler } from './delete.js';
import { readHandler } from './read.js';

/** The Streams service. */
export const registerStreams = (registry: Registry, log: EventLog, access: Access): void =>
  registry.add('event_store.client.streams.Streams', {
    Append: appendHandler(log, access),
    BatchAppend: batchAppendHandler(log, access),
    Read: readHandler(log, access),
    Delete: deleteHandler(log, access, 'softDelete'),
    Tombstone: deleteHandler(log, access, 'tombstone'),
  });
