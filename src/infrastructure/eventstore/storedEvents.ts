import type { RecordedEvent } from '@eventstore/db-client';
import type { StoredEvent } from '../../domain/kernel/storedEvent.js';

/** An event as the client gives it, in the house's terms. The server names positions for stream reads since 22.6. */
export function toStored(event: RecordedEvent): StoredEvent {
  const { id, type, data, metadata, streamId, revision, created } = event;
  return {
    id,
    type,
    data,
    metadata,
    stream: streamId,
    revision: Number(revision),
    position: event.position?.commit ?? 0n,
    createdAt: created,
  };
}
