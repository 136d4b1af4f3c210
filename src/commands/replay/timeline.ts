import type { Actor } from '../../domain/kernel/envelope.js';
import type { EventStore } from '../ports/eventStore.js';
import { decodeMeta } from './decodeStored.js';

/** One event of a stream as an auditor reads it. */
export interface TimelineItem {
  readonly revision: number;
  readonly type: string;
  /** When it happened: RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly actor: Actor;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** As it was stored, never upcast: an auditor sees what was written. */
  readonly data: unknown;
}

/**
 * The whole history of a stream, oldest first; empty where there is no such stream.
 *
 * @throws StoreUnavailable; UnreadableEvent where an envelope is broken
 */
export async function timeline(eventStore: EventStore, stream: string): Promise<readonly TimelineItem[]> {
  const items: TimelineItem[] = [];
  for await (const stored of eventStore.read(stream)) {
    const { at, actor, commandId, correlationId, causationId } = decodeMeta(stored);
    const { revision, type, data } = stored;
    items.push({ revision, type, at, actor, commandId, correlationId, causationId, data });
  }
  return items;
}
