import type { Reader } from '../log/reader.js';
import type { RecordedEvent } from '../protocol/recorded.js';
import { decodeRecorded, namesOf, withStructuredId } from '../protocol/recorded.js';
import type { Delivery } from '../protocol/persistentEvent.js';
import { atPosition } from '../protocol/persistentEvent.js';
import { LINK_TYPE } from '../streams/resolve.js';
import type { Message } from './message.js';
import { isReplayed } from './message.js';

/** A message with its bytes: the event, or a link and what it points at (nothing when that is gone). */
export interface Loaded {
  readonly event: Buffer | undefined;
  readonly link: Buffer | undefined;
  /** What lies in the group's source, or in the parked stream: its id is the one that consumers answer with. */
  readonly original: Buffer;
}

/** Reads a message; undefined when a scavenge has removed it. Replayed ones are links, and always resolved. */
export const load = (reader: Reader, message: Message, resolveLinks: boolean): Loaded | undefined => {
  const [record] = reader.all(message.position, 1, 'forwards');
  if (record?.position !== message.position) return undefined;
  const original = record.bytes;
  const plain = { event: original, link: undefined, original };
  if (!(resolveLinks || isReplayed(message)) || namesOf(original).type !== LINK_TYPE) return plain;
  const target = reader.linkTarget(decodeRecorded(original).data);
  if (target === 'noLink') return plain;
  return { event: target === 'gone' ? undefined : target, link: original, original };
};

/** What a consumer is sent. A real server gives the target of a link the link's position. */
export const deliveryOf = (loaded: Loaded, { position, retries }: Message, structuredIds: boolean): Delivery => {
  const form = (bytes: Buffer | undefined): Buffer | undefined =>
    bytes && structuredIds ? withStructuredId(bytes) : bytes;
  const { event, link } = loaded;
  return {
    event: form(event && link ? atPosition(event, position) : event),
    link: form(link),
    position,
    retryCount: retries,
  };
};

const textOf = (data: Uint8Array): string => Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');

/** `revision@stream` of the event itself; of a link whose target is gone, what it pointed at. */
export const linkTo = ({ event, original }: Loaded): string => {
  if (!event) return textOf(decodeRecorded(original).data);
  const { stream, revision } = decodeRecorded(event);
  return `${revision}@${stream}`;
};

/** The stream that an event is about: for a link that was not resolved the one that it points to. */
export const subjectOf = (event: RecordedEvent): string => {
  if (event.type !== LINK_TYPE) return event.stream;
  const data = textOf(event.data);
  const at = data.indexOf('@');
  return at < 0 ? event.stream : data.slice(at + 1);
};
