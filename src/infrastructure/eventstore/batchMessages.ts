import { UnknownError } from '@eventstore/db-client';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { unpackToCommandError } from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import { parseUUID } from '@eventstore/db-client/dist/utils/grpcUUID.js';
import type { Appended, EventToAppend, ExpectedRevision } from '../../commands/ports/eventStore.js';

/**
 * One whole append as one message. No deadline in it: that would be a time by this machine's clock, and a server whose
 * clock is ahead would turn every append away. The server has its own.
 */
export function batchRequest(
  correlationId: string,
  stream: string,
  events: readonly EventToAppend[],
  expected: ExpectedRevision,
): BatchAppendReq {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  const options = new messages.BatchAppendReq.Options();
  options.setStreamIdentifier(identifier);
  if (expected === 'no_stream') options.setNoStream(new shared.Empty());
  else options.setStreamPosition(String(expected));
  const request = new messages.BatchAppendReq();
  request.setCorrelationId(uuid(correlationId));
  request.setOptions(options);
  request.setProposedMessagesList(events.map(proposed));
  request.setIsFinal(true);
  return request;
}

function proposed({ id, type, data, metadata }: EventToAppend): BatchAppendReq.ProposedMessage {
  const message = new messages.BatchAppendReq.ProposedMessage();
  message.setId(uuid(id));
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  message.setData(json(data));
  message.setCustomMetadata(json(metadata));
  return message;
}

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');

function uuid(text: string): InstanceType<typeof shared.UUID> {
  const message = new shared.UUID();
  message.setString(text);
  return message;
}

/** Which append an answer is for. */
export const correlationOf = (response: BatchAppendResp): string | undefined => parseUUID(response.getCorrelationId());

/** What an answer says; throws the client's errors, or whatever an answer without details makes of them. */
export function batchAnswer(stream: string, response: BatchAppendResp): Appended {
  const failure = response.getError();
  if (failure) {
    const error = unpackToCommandError(failure, stream);
    // the client drops what the server said of a failure that has no error of its own
    throw error instanceof UnknownError ? new Error(failure.getMessage(), { cause: error }) : error;
  }
  const success = response.getSuccess();
  const position = success?.getPosition()?.getCommitPosition();
  if (!success || position === undefined) throw new Error('the answer names no revision and position');
  return { revision: Number(success.getCurrentRevision()), position: BigInt(position) };
}
