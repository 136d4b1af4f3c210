import * as E from 'fp-ts/lib/Either.js';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import { AGGREGATES } from '../../domain/aggregates.js';
import { type DomainEvent, decodeDomainEvent, type RecordedEvent } from '../../domain/events.js';
import { MetadataCodec } from '../../domain/kernel/envelope.js';
import type { EventDecodeError } from '../../domain/kernel/eventCodec.js';
import type { StoredEvent } from '../../domain/kernel/storedEvent.js';
import { categoryOf } from '../../domain/kernel/streams.js';

/** An event of the feed. It is decoded when the first reader wants it, once for everybody; where that failed, why. */
export interface FeedItem {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly createdAt: Date;
  readonly decoded: E.Either<UndecodedEvent, RecordedEvent>;
}

export interface UndecodedEvent {
  /** Nobody defines the type: written by a newer program, or by somebody else altogether. */
  readonly unknownType: boolean;
  readonly reason: string;
}

/** The item of a stored event. A process that follows only some kinds of streams never decodes the others' events. */
export const feedItem = (stored: StoredEvent): FeedItem => new Item(stored);

/** A class, since an object with getters of its own is several times as dear, and there is one for each event. */
class Item implements FeedItem {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  private readonly stored: StoredEvent;
  private result: FeedItem['decoded'] | undefined;

  constructor(stored: StoredEvent) {
    this.id = stored.id;
    this.type = stored.type;
    this.stream = stored.stream;
    this.revision = stored.revision;
    this.position = stored.position;
    this.stored = stored;
  }

  get createdAt(): Date {
    return this.stored.createdAt;
  }

  get decoded(): FeedItem['decoded'] {
    return (this.result ??= decode(this.stored));
  }
}

function decode(stored: StoredEvent): E.Either<UndecodedEvent, RecordedEvent> {
  const { id, type, stream, revision, position, data } = stored;
  if (!KNOWN_TYPES.has(type)) return E.left({ unknownType: true, reason: `nobody knows the event type ${type}` });
  const meta = MetadataCodec.decode(stored.metadata);
  if (E.isLeft(meta))
    return E.left({ unknownType: false, reason: `metadata: ${PathReporter.report(meta).join('; ')}` });
  // an upcaster that throws must not end the feed for everybody
  const event = E.tryCatch(() => decodeDomainEvent({ type, v: meta.right.v, data }), String);
  if (E.isLeft(event)) return E.left({ unknownType: false, reason: event.left });
  if (E.isLeft(event.right)) return E.left({ unknownType: false, reason: explain(event.right.left) });
  return E.right({ id, stream, revision, position, event: event.right.right, meta: meta.right });
}

/** Why an event could not be decoded, for people. */
export function explain(error: EventDecodeError): string {
  switch (error._tag) {
    case 'UnknownEventType':
      return `nobody knows the event type ${error.type}`;
    case 'UnknownEventVersion':
      return `nobody knows version ${error.v} of ${error.type}`;
    case 'InvalidEventData':
      return `${error.type} v${error.v}: ${error.problems.join('; ')}`;
  }
}

type EventType = DomainEvent['type'];

const TYPES_BY_CATEGORY: ReadonlyMap<string, readonly EventType[]> = new Map(
  AGGREGATES.map(({ category, codec }) => [category, codec.types]),
);
const KNOWN_TYPES: ReadonlySet<string> = new Set([...TYPES_BY_CATEGORY.values()].flat());

/**
 * Whether a runner has to do with an event, whether or not it can be decoded: one of a type that it wants, or one of an unknown
 * type in a category of which it wants anything (`folding`: it folds streams, so no event of them may be left out).
 */
export function concerns(
  item: Pick<FeedItem, 'type' | 'stream'>,
  wants: (type: EventType) => boolean,
  folding: boolean,
): boolean {
  if (KNOWN_TYPES.has(item.type)) return wants(item.type as EventType);
  return folding && (TYPES_BY_CATEGORY.get(categoryOf(item.stream))?.some(wants) ?? false);
}
