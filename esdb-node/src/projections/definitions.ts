import { isMetastream, isSoftDeleted, originalOf, parseMetadata } from '../log/metadata.js';
import type { RecordedEvent } from '../protocol/recorded.js';
import { TOMBSTONE } from '../protocol/recorded.js';
import { LINK_TYPE } from '../streams/resolve.js';

/** An event that a projection writes because of another one. */
export interface Emission {
  readonly stream: string;
  readonly type: string;
  readonly data: string;
  /** Besides what tells the place of the cause. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A projection that every node has: what it writes for an event, nothing for most. */
export interface Definition {
  readonly name: string;
  /** Its number in the versions of what it writes. */
  readonly id: number;
  /** Whether it writes to the stream. */
  readonly owns: (stream: string) => boolean;
  readonly emit: (event: RecordedEvent) => Emission | undefined;
}

/** The type of an event that names a stream. */
const STREAM_REFERENCE = '$@';

const revisionText = (revision: number): string => (revision === TOMBSTONE ? '9223372036854775807' : String(revision));
const linkTo = ({ revision, stream }: RecordedEvent, named = stream): string => `${revisionText(revision)}@${named}`;

/** What stands before a stream's first dash; system streams have no category. */
export const categoryOf = (stream: string): string | undefined => {
  const dash = stream.startsWith('$') ? -1 : stream.indexOf('-');
  return dash > 0 ? stream.slice(0, dash) : undefined;
};

/** The stream that the event deletes, softly or for ever. */
const deletedBy = (event: RecordedEvent): string | undefined => {
  if (event.revision === TOMBSTONE) return event.stream;
  const soft = isMetastream(event.stream) && event.type === '$metadata' && isSoftDeleted(parseMetadata(event));
  return soft ? originalOf(event.stream) : undefined;
};

const byCategory = (event: RecordedEvent): Emission | undefined => {
  const category = categoryOf(deletedBy(event) ?? event.stream);
  if (category === undefined) return undefined;
  // a link in a stream of the category is not linked once more, its target is
  const data = event.type === LINK_TYPE ? Buffer.from(event.data).toString('utf8') : linkTo(event);
  return {
    stream: `$ce-${category}`,
    type: LINK_TYPE,
    data,
    metadata: { $o: event.stream, $causedBy: event.id },
  };
};

const byEventType = (event: RecordedEvent): Emission | undefined => {
  if (event.type === LINK_TYPE) return undefined;
  const deleted = deletedBy(event);
  const type = deleted === undefined ? event.type : '$deleted';
  const metadata = { ...(deleted !== undefined && { $deleted: -1 }), $causedBy: event.id };
  return { stream: `$et-${type}`, type: LINK_TYPE, data: linkTo(event, deleted), metadata };
};

const streams = (event: RecordedEvent): Emission | undefined =>
  event.revision === 0 && event.type !== LINK_TYPE && event.type !== STREAM_REFERENCE
    ? { stream: '$streams', type: LINK_TYPE, data: linkTo(event), metadata: { $causedBy: event.id } }
    : undefined;

const streamByCategory = (event: RecordedEvent): Emission | undefined => {
  const category = event.revision === 0 ? categoryOf(event.stream) : undefined;
  if (category === undefined) return undefined;
  const metadata = { $causedBy: event.id };
  return { stream: `$category-${category}`, type: STREAM_REFERENCE, data: event.stream, metadata };
};

const correlationOf = (metadata: Uint8Array): string | undefined => {
  if (metadata.length === 0) return undefined;
  try {
    const fields = JSON.parse(Buffer.from(metadata).toString('utf8')) as { $correlationId?: unknown } | null;
    const id = fields?.$correlationId;
    return typeof id === 'string' && id !== '' ? id : undefined;
  } catch {
    // metadata is the writer's own; it need not be JSON
    return undefined;
  }
};

const byCorrelationId = (event: RecordedEvent): Emission | undefined => {
  if (event.type === LINK_TYPE) return undefined;
  const $correlationId = correlationOf(event.customMetadata);
  if ($correlationId === undefined) return undefined;
  const $eventTimestamp = new Date(event.created).toISOString();
  const metadata = { $causedBy: event.id, $correlationId, $eventTimestamp };
  return { stream: `$bc-${$correlationId}`, type: LINK_TYPE, data: linkTo(event), metadata };
};

const startsWith =
  (prefix: string) =>
  (stream: string): boolean =>
    stream.startsWith(prefix);

/** The system projections, as a real server has them. */
export const DEFINITIONS: readonly Definition[] = [
  { name: '$streams', id: 1, owns: (stream) => stream === '$streams', emit: streams },
  { name: '$stream_by_category', id: 2, owns: startsWith('$category-'), emit: streamByCategory },
  { name: '$by_category', id: 3, owns: startsWith('$ce-'), emit: byCategory },
  { name: '$by_event_type', id: 4, owns: startsWith('$et-'), emit: byEventType },
  { name: '$by_correlation_id', id: 5, owns: startsWith('$bc-'), emit: byCorrelationId },
];
