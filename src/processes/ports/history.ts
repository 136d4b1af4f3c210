import type { RecordedEvent } from '../../domain/events.js';
import type { StreamName } from '../../domain/kernel/streams.js';

/** Every event of a stream, the oldest first. Throws system faults, and UnreadableEvent. */
export type History = (stream: StreamName) => Promise<readonly RecordedEvent[]>;
