import protobuf from 'protobufjs/minimal.js';
import type { StoredEvent } from '../../domain/kernel/storedEvent.js';
import { RecordedEvent } from './recordedEvent.js';
import { readFields, readInner } from './wire.js';

/** One answer of the Read call, as far as anybody here wants to know. */
export type ReadMessage =
  /** Without an event: the server told of a link only. */
  | { readonly kind: 'event'; readonly event: StoredEvent | undefined }
  | { readonly kind: 'confirmation' | 'caughtUp' | 'streamNotFound' | 'other' };

// the field numbers of ReadResp, in EventStoreDB's protocol (package event_store.client.streams)
const ANSWER = { event: 1, confirmation: 2, streamNotFound: 4, caughtUp: 8 } as const;
const READ_EVENT = { event: 1 } as const;

/**
 * Reads an answer from its bytes. The client's own way builds a message object for each part and parses all JSON at once.
 * @throws RangeError for bytes that are no such message, Error for an event without id
 */
export function readMessage(bytes: Buffer): ReadMessage {
  const reader = protobuf.Reader.create(bytes);
  let message: ReadMessage = { kind: 'other' };
  readFields(reader, reader.len, (field) => {
    switch (field) {
      case ANSWER.event:
        message = { kind: 'event', event: readEvent(reader, bytes) };
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

function readEvent(reader: protobuf.Reader, bytes: Buffer): StoredEvent | undefined {
  let event: StoredEvent | undefined;
  readInner(reader, (field) => {
    if (field !== READ_EVENT.event) return false;
    event = new RecordedEvent(reader, bytes);
    return true;
  });
  return event;
}
