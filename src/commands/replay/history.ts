import * as E from 'fp-ts/lib/Either.js';
import { decodeDomainEvent, type RecordedEvent } from '../../domain/events.js';
import type { EventStore } from '../ports/eventStore.js';
import { decodeMeta, UnreadableEvent } from './decodeStored.js';

/**
 * The events of a stream as the subscriptions hand them on, the oldest first; empty where there is no such stream.
 *
 * @param part from which revision on, and how many at most; all of them where it is not said
 * @throws StoreUnavailable, UnreadableEvent
 */
export async function recordedHistory(
  eventStore: EventStore,
  stream: string,
  part?: Parameters<EventStore['read']>[1],
): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const stored of eventStore.read(stream, part)) {
    const meta = decodeMeta(stored);
    const { id, revision, position, type, data } = stored;
    const decoded = decodeDomainEvent({ type, v: meta.v, data });
    if (E.isLeft(decoded)) throw new UnreadableEvent(stream, revision, decoded.left);
    events.push({ id, stream, revision, position, event: decoded.right, meta });
  }
  return events;
}
