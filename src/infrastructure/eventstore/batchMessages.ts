import { UnknownError } from '@eventstore/db-client';
import { unpackToCommandError } from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';
import protobuf from 'protobufjs/minimal.js';
import type { Appended, EventToAppend, ExpectedRevision } from '../../commands/ports/eventStore.js';
import { asVarint, readFields, readInner, readWide, withLength } from './wire.js';

// field numbers of BatchAppendReq, BatchAppendResp and what they are made of, in EventStoreDB's protocol
const REQUEST = { correlation: 1, options: 2, proposed: 3, isFinal: 4 } as const;
const OPTIONS = { stream: 1, revision: 2, noStream: 3 } as const;
const STREAM_IDENTIFIER = { name: 3 } as const;
const PROPOSED = { id: 1, properties: 2, metadata: 3, data: 4 } as const;
const ENTRY = { key: 1, value: 2 } as const;
const ANSWER = { correlation: 1, error: 2, success: 3 } as const;
const SUCCESS = { revision: 1, position: 3 } as const;
const POSITION = { commit: 1 } as const;
const UUID = { structured: 1, text: 2 } as const;
const STRUCTURED = { most: 1, least: 2 } as const;

/**
 * The bytes of one whole append as one message, written at once: the message objects of the client cost several times as
 * much. No deadline in it: that would be a time by this machine's clock, and a server whose clock is ahead would turn every
 * append away. The server has its own.
 * @throws TypeError for an event that JSON cannot say
 */
export function batchRequest(
  correlationId: string,
  stream: string,
  events: readonly EventToAppend[],
  expected: ExpectedRevision,
): Buffer {
  const writer = protobuf.Writer.create();
  writeUuid(writer, REQUEST.correlation, correlationId);
  writer.uint32(withLength(REQUEST.options)).fork();
  writer.uint32(withLength(OPTIONS.stream)).fork();
  writer.uint32(withLength(STREAM_IDENTIFIER.name)).string(stream).ldelim();
  if (expected === 'no_stream') writer.uint32(withLength(OPTIONS.noStream)).fork().ldelim();
  else writer.uint32(asVarint(OPTIONS.revision)).uint64(expected);
  writer.ldelim();
  for (const event of events) writeProposed(writer, event);
  writer.uint32(asVarint(REQUEST.isFinal)).bool(true);
  const bytes = writer.finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeProposed(writer: protobuf.Writer, { id, type, data, metadata }: EventToAppend): void {
  writer.uint32(withLength(REQUEST.proposed)).fork();
  writeUuid(writer, PROPOSED.id, id);
  writeProperty(writer, 'type', type);
  writeProperty(writer, 'content-type', 'application/json');
  // bytes and text look the same on the wire
  writer.uint32(withLength(PROPOSED.metadata)).string(JSON.stringify(metadata));
  writer.uint32(withLength(PROPOSED.data)).string(JSON.stringify(data));
  writer.ldelim();
}

function writeUuid(writer: protobuf.Writer, field: number, text: string): void {
  writer.uint32(withLength(field)).fork().uint32(withLength(UUID.text)).string(text).ldelim();
}

function writeProperty(writer: protobuf.Writer, key: string, value: string): void {
  writer.uint32(withLength(PROPOSED.properties)).fork();
  writer.uint32(withLength(ENTRY.key)).string(key).uint32(withLength(ENTRY.value)).string(value).ldelim();
}

/** An answer to an append, as far as it was read. */
export interface BatchAnswer {
  /** Which append it is for. */
  readonly correlationId: string | undefined;
  /** Undefined where it failed. */
  readonly appended: Appended | undefined;
  readonly bytes: Buffer;
}

/** Reads whom an answer is for and what was stored; why it was not is looked up by {@link appendedBy}. */
export function readBatchAnswer(bytes: Buffer): BatchAnswer {
  const reader = protobuf.Reader.create(bytes);
  let correlationId: string | undefined;
  let appended: Appended | undefined;
  readFields(reader, reader.len, (field) => {
    if (field === ANSWER.correlation) correlationId = readUuid(reader);
    else if (field === ANSWER.success) appended = readSuccess(reader);
    else return false;
    return true;
  });
  return { correlationId, appended, bytes };
}

function readSuccess(reader: protobuf.Reader): Appended | undefined {
  let revision = 0n;
  let position: bigint | undefined;
  readInner(reader, (field) => {
    if (field === SUCCESS.revision) revision = readWide(reader);
    else if (field === SUCCESS.position) position = readCommit(reader);
    else return false;
    return true;
  });
  return position === undefined ? undefined : { revision: Number(revision), position };
}

function readCommit(reader: protobuf.Reader): bigint {
  let commit = 0n;
  readInner(reader, (field) => {
    if (field !== POSITION.commit) return false;
    commit = readWide(reader);
    return true;
  });
  return commit;
}

function readUuid(reader: protobuf.Reader): string | undefined {
  let uuid: string | undefined;
  readInner(reader, (field) => {
    if (field === UUID.text) uuid = reader.string();
    else if (field === UUID.structured) uuid = readStructured(reader);
    else return false;
    return true;
  });
  return uuid;
}

function readStructured(reader: protobuf.Reader): string {
  let most = 0n;
  let least = 0n;
  readInner(reader, (field) => {
    if (field === STRUCTURED.most) most = readWide(reader);
    else if (field === STRUCTURED.least) least = readWide(reader);
    else return false;
    return true;
  });
  const digits = ((most << 64n) | least).toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** What an answer says; throws the client's errors, or whatever an answer without details makes of them. */
export function appendedBy(stream: string, { appended, bytes }: BatchAnswer): Appended {
  if (appended) return appended;
  const failure = messages.BatchAppendResp.deserializeBinary(bytes).getError();
  if (!failure) throw new Error('the answer names no revision and position');
  const error = unpackToCommandError(failure, stream);
  // the client drops what the server said of a failure that has no error of its own
  throw error instanceof UnknownError ? new Error(failure.getMessage(), { cause: error }) : error;
}
