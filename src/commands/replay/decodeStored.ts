import * as E from 'fp-ts/lib/Either.js';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import { type DomainEventShape, type EventMeta, MetadataCodec, type Recorded } from '../../domain/kernel/envelope.js';
import type { EventCodec, EventDecodeError } from '../../domain/kernel/eventCodec.js';
import type { StoredEvent } from '../../domain/kernel/storedEvent.js';

/**
 * An event in the log that this program cannot read. Waiting does not heal it, so it is no system fault: it belongs to
 * this stream alone.
 */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
  constructor(
    readonly stream: string,
    readonly revision: number,
    readonly reason: EventDecodeError | { readonly _tag: 'InvalidMetadata'; readonly problems: readonly string[] },
  ) {
    super(`event ${revision} of ${stream} cannot be read: ${JSON.stringify(reason)}`);
  }
}

/** Decodes the envelope of a stored event; throws {@link UnreadableEvent}. */
export function decodeMeta(stored: StoredEvent): EventMeta {
  const meta = MetadataCodec.decode(stored.metadata);
  if (E.isRight(meta)) return meta.right;
  const problems = PathReporter.report(meta);
  throw new UnreadableEvent(stored.stream, stored.revision, { _tag: 'InvalidMetadata', problems });
}

/** Decodes a stored event with its aggregate's codec, older versions too; throws {@link UnreadableEvent}. */
export function decodeStored<Event extends DomainEventShape>(
  codec: EventCodec<Event>,
  stored: StoredEvent,
): Recorded<Event> {
  const meta = decodeMeta(stored);
  const event = codec.decode({ type: stored.type, v: meta.v, data: stored.data });
  if (E.isLeft(event)) throw new UnreadableEvent(stored.stream, stored.revision, event.left);
  const { id, stream, revision, position } = stored;
  return { id, stream, revision, position, event: event.right, meta };
}
