import type { RecordedEvent } from '../../domain/events.js';
import type { StreamName } from '../../domain/kernel/streams.js';

/** The events of a stream, or a part of them, the oldest first. Throws system faults, and UnreadableEvent. */
export type History = (
  stream: StreamName,
  part?: { readonly fromRevision: number; readonly maxCount?: number },
) => Promise<readonly RecordedEvent[]>;
