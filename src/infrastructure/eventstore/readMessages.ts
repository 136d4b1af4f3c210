import protobuf from 'protobufjs/minimal.js';
import type { StoredEvent } from '../../domain/kernel/storedEvent.js';
import { readFields, readInner, readTextIn, readWide } from './wire.js';

/** One answer of the Read call, as far as anybody here wants to know. An event's data and metadata are parsed anew whenever they are asked for. */
export type ReadMessage =
  /** Without an event: the server told of a link only. */
  | { readonly kind: 'event'; readonly event: StoredEvent | undefined }
  | { readonly kind: 'confirmation' | 'caughtUp' | 'streamNotFound' | 'other' };

// the field numbers of ReadResp and what it is made of, in EventStoreDB's protocol (package event_store.client.streams)
const ANSWER = { event: 1, confirmation: 2, streamNotFound: 4, caughtUp: 8 } as const;
const READ_EVENT = { event: 1 } as const;
const RECORDED = { id: 1, stream: 2, revision: 3, commit: 5, properties: 6, metadata: 7, data: 8 } as const;
const UUID = { text: 2 } as const;
const STREAM_IDENTIFIER = { name: 3 } as const;
const ENTRY = { key: 1, value: 2 } as const;

/**
 * Reads an answer from its bytes. The client's own way builds a message object for each part and parses all JSON at once;
 * here an event's data and metadata are parsed when somebody asks for them, since most of a process's feed concerns nobody
 * in it.
 * @throws RangeError for bytes that are no such message, Error for an event without id
 */
export function readMessage(bytes: Buffer): ReadMessage {
  const reader = protobuf.Reader.create(bytes);
  let message: ReadMessage = { kind: 'other' };
  readFields(reader, reader.len, (field) => {
    switch (field) {
      case ANSWER.event:
        message = { kind: 'event', event: readEvent(reader) };
        return true;
      case ANSWER.confirmation:
        message = { kind: 'confirmation' };
        return false;
      case ANSWER.caughtUp:
        message = { kind: 'caughtUp' };
        return false;
      case ANSWER.streamNotFound:
        message = { kind: 'streamNotFound' };
        return false;
      default:
        return false;
    }
  });
  return message;
}

function readEvent(reader: protobuf.Reader): StoredEvent | undefined {
  let event: StoredEvent | undefined;
  readInner(reader, (field) => {
    if (field !== READ_EVENT.event) return false;
    event = readRecorded(reader);
    return true;
  });
  return event;
}

function readRecorded(reader: protobuf.Reader): StoredEvent {
  let id = '';
  let stream = '';
  let revision = 0n;
  let position = 0n;
  let metadata: Uint8Array = NOTHING;
  let data: Uint8Array = NOTHING;
  const properties = new Map<string, string>();
  readInner(reader, (field) => {
    switch (field) {
      case RECORDED.id:
        id = readTextIn(reader, UUID.text);
        return true;
      case RECORDED.stream:
        stream = readTextIn(reader, STREAM_IDENTIFIER.name);
        return true;
      case RECORDED.revision:
        revision = readWide(reader);
        return true;
      case RECORDED.commit:
        position = readWide(reader);
        return true;
      case RECORDED.properties:
        readProperty(reader, properties);
        return true;
      case RECORDED.metadata:
        metadata = reader.bytes();
        return true;
      case RECORDED.data:
        data = reader.bytes();
        return true;
      default:
        return false;
    }
  });
  if (id === '') throw new Error(`an event of ${stream} came without an id`);
  return storedEvent({ id, stream, revision: Number(revision), position, properties, metadata, data });
}

interface Recorded extends Pick<StoredEvent, 'id' | 'stream' | 'revision' | 'position'> {
  readonly properties: ReadonlyMap<string, string>;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

function storedEvent({ id, stream, revision, position, properties, metadata, data }: Recorded): StoredEvent {
  return {
    id,
    type: properties.get('type') ?? '',
    stream,
    revision,
    position,
    get data() {
      return properties.get('content-type') === 'application/json' ? jsonOf(data) : data;
    },
    get metadata() {
      return metadata.length === 0 ? undefined : jsonOf(metadata);
    },
    get createdAt() {
      return new Date(Number((properties.get('created') ?? '').slice(0, -TICK_DIGITS)));
    },
  };
}

/** The server counts in ticks of 100 ns: the last four digits are less than a millisecond. */
const TICK_DIGITS = 4;

const NOTHING = new Uint8Array();

/** What is no JSON although it says so is handed on as text: whoever decodes it refuses it then. */
function jsonOf(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readProperty(reader: protobuf.Reader, properties: Map<string, string>): void {
  let key = '';
  let value = '';
  readInner(reader, (field) => {
    if (field === ENTRY.key) key = reader.string();
    else if (field === ENTRY.value) value = reader.string();
    else return false;
    return true;
  });
  properties.set(key, value);
}
