import type { Expected, ProposedEvent } from '../log/expected.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/expected.js';
import { BINARY_TYPE, JSON_TYPE } from '../protocol/recorded.js';
import type { StreamIdentifier, UuidMessage, Wide } from '../protocol/shared.js';
import { signed } from '../protocol/shared.js';
import type { ProposedMessage } from '../protocol/streams.js';
import { NIL_UUID, uuidOf } from '../protocol/uuid.js';
import { GrpcError, Status } from '../transport/status.js';
import { handlerFault, invalidArgument } from './errors.js';

const NAMED = { noStream: NO_STREAM, any: ANY, streamExists: STREAM_EXISTS } as const;

/**
 * The expected revision of a request; undefined when the request's number is none (2^63 to 2^64 − 2). 2^64 − 1 means no stream,
 * as with a real server.
 */
export const expectedOf = (
  which: keyof typeof NAMED | 'revision' | 'streamPosition' | undefined,
  revision: Wide,
): Expected | 'missing' | 'outOfRange' => {
  if (which === undefined) return 'missing';
  if (which !== 'revision' && which !== 'streamPosition') return NAMED[which];
  const value = signed(revision);
  return value < -1n ? 'outOfRange' : value;
};

/** The expected revision of a unary request, or the refusal that a real server gives. */
export const requireExpected = (
  message: string,
  which: keyof typeof NAMED | 'revision' | undefined,
  revision: Wide,
): Expected => {
  const expected = expectedOf(which, revision);
  if (expected === 'outOfRange') throw handlerFault();
  if (expected === 'missing') {
    throw invalidArgument(
      `'None' is not a valid EventStore.Client.Streams.${message}+Types+Options+ExpectedStreamRevisionOneofCase`,
    );
  }
  return expected;
};

/** The name of a stream, bytes that are no UTF-8 replaced; undefined without one. */
export const streamNameOf = (identifier: StreamIdentifier | null | undefined): string | undefined => {
  if (!identifier) return undefined;
  const { streamName } = identifier;
  if (streamName.length === 0) return '';
  return Buffer.from(streamName.buffer, streamName.byteOffset, streamName.length).toString('utf8');
};

/** The name of a stream that a request must have; one without, or an empty one, is refused. */
export const requireStreamName = (identifier: StreamIdentifier | null | undefined): string => {
  const name = streamNameOf(identifier);
  if (name === undefined || name === '') throw handlerFault();
  return name;
};

/** Why a proposed event cannot be stored, in a real server's words; BatchAppend tells them, the unary Append does not. */
export class BadEvent extends GrpcError {
  override readonly name = 'BadEvent';
  constructor(readonly reason: string) {
    super(Status.UNKNOWN, 'Exception was thrown by handler.');
  }
}

/** An event as it came, checked. Throws BadEvent. */
export const proposedOf = (message: ProposedMessage): ProposedEvent => {
  const id = requireUuid(message.id);
  if (id === NIL_UUID) throw new BadEvent("Empty eventId provided. (Parameter 'eventId')");
  const { type, 'content-type': contentType } = message.metadata;
  if (type === undefined || contentType === undefined) {
    throw new BadEvent('The given key was not present in the dictionary.');
  }
  if (type === '') throw new BadEvent("Empty eventType provided. (Parameter 'eventType')");
  return {
    id,
    type,
    contentType: contentType === JSON_TYPE ? JSON_TYPE : BINARY_TYPE,
    data: message.data,
    customMetadata: message.customMetadata,
  };
};

/** A uuid that must be there. Throws BadEvent, in the words of the real server's platform. */
export const requireUuid = (message: UuidMessage | null | undefined): string => {
  if (!message) throw new BadEvent("Value cannot be null. (Parameter 'dto')");
  if (message.value === undefined) throw new BadEvent("Invalid argument: None (Parameter 'dto')");
  const uuid = uuidOf(message);
  if (uuid !== undefined) return uuid;
  throw new BadEvent(
    /^[0-9a-f-]{30,}$/i.test(message.string ?? '')
      ? 'Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).'
      : 'Unrecognized Guid format.',
  );
};

/** The refusal of an event whose metadata lacks what every event must have; undefined when nothing is missing. */
export const missingProperty = (message: ProposedMessage): GrpcError | undefined => {
  const missing = ['type', 'content-type'].find((key) => message.metadata[key] === undefined);
  if (missing === undefined) return undefined;
  return new GrpcError(Status.INVALID_ARGUMENT, `Required Metadata Property '${missing}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
};
