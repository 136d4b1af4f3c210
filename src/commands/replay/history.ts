import * as E from 'fp-ts/lib/Either.js';
import { decodeDomainEvent, type RecordedEvent } from '../../domain/events.js';
import type { EventStore } from '../ports/eventStore.js';
import { decodeMeta, UnreadableEvent } from './decodeStored.js';

/**
 * Every event of a stream as the subscriptions hand it on, the oldest first; empty where there is no such stream.
 *
 * @throws StoreUnavailable, UnreadableEvent
 */
export async function recordedHistory(eventStore: EventStore, stream: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const stored of eventStore.read(stream)) {
    const meta = decodeMeta(stored);
    const { id, revision, position, type, data } = stored;
    const decoded = decodeDomainEvent({ type, v: meta.v, data });
    if (E.isLeft(decoded)) throw new UnreadableEvent(stream, revision, decoded.left);
    events.push({ id, stream, revision, position, event: decoded.right, meta });
  }
  return events;
}
