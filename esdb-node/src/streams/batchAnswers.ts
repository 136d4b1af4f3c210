import type { WriteOutcome, Expected } from '../log/expected.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/expected.js';
import { root } from '../protocol/root.js';
import { codecOf } from '../protocol/schema.js';
import type { StreamIdentifier, UuidMessage } from '../protocol/shared.js';
import { EMPTY, wide } from '../protocol/shared.js';
import { batchAppendResp } from '../protocol/streams.js';
import type { StatusCode } from '../transport/status.js';
import { Status } from '../transport/status.js';

/** Says which batch an answer belongs to, in the form in which the caller named it. */
export interface Address {
  readonly correlationId: UuidMessage | null | undefined;
  readonly streamIdentifier: StreamIdentifier | null | undefined;
}

const details = codecOf<object>(root, 'event_store.client.WrongExpectedVersion');
const deletedDetails = codecOf<object>(root, 'event_store.client.StreamDeleted');
const sizeDetails = codecOf<object>(root, 'event_store.client.MaximumAppendSizeExceeded');
const badRequestDetails = codecOf<object>(root, 'event_store.client.BadRequest');

const failure = (address: Address, code: number, name: string, value: Uint8Array): Uint8Array =>
  batchAppendResp.encode({
    ...address,
    error: { code, message: name, details: { typeUrl: `type.googleapis.com/event_store.client.${name}`, value } },
  });

export const timedOut = (address: Address): Uint8Array => failure(address, Status.DEADLINE_EXCEEDED, 'Timeout', EMPTY);

export const tooLarge = (address: Address, limit: number): Uint8Array =>
  failure(address, Status.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', sizeDetails.encode({ maxAppendSize: limit }));

export const badRequest = (address: Address, message: string): Uint8Array =>
  failure(address, Status.INVALID_ARGUMENT, 'BadRequest', badRequestDetails.encode({ message }));

export const denied = (address: Address): Uint8Array =>
  failure(address, Status.PERMISSION_DENIED, 'AccessDenied', EMPTY);

export const unavailable = (address: Address): Uint8Array => failure(address, Status.UNKNOWN, 'Unknown', EMPTY);

/** The answer to a batch that was refused with a status; undefined for one that a batch's answer cannot tell. */
export const refused = (address: Address, code: StatusCode): Uint8Array | undefined => {
  if (code === Status.DEADLINE_EXCEEDED) return timedOut(address);
  if (code === Status.PERMISSION_DENIED) return denied(address);
  return code === Status.UNKNOWN ? unavailable(address) : undefined;
};

/** The answer to a batch that was decided on. */
export const decided = (address: Address, expected: Expected, outcome: WriteOutcome): Uint8Array => {
  switch (outcome.kind) {
    case 'deleted':
      return failure(
        address,
        Status.NOT_FOUND,
        'StreamDeleted',
        deletedDetails.encode({ streamIdentifier: address.streamIdentifier }),
      );
    case 'wrongExpectedVersion':
      return failure(address, Status.ALREADY_EXISTS, 'WrongExpectedVersion', conflict(expected, outcome.actual));
    case 'written':
      return batchAppendResp.encode({ ...address, success: success(outcome) });
  }
};

const success = ({ revision, position }: Extract<WriteOutcome, { kind: 'written' }>): object => ({
  ...(revision < 0 ? { noStream: {} } : { currentRevision: wide(revision) }),
  ...(position === undefined
    ? { noPosition: {} }
    : { position: { commitPosition: wide(position), preparePosition: wide(position) } }),
});

const conflict = (expected: Expected, actual: number): Uint8Array =>
  details.encode({
    ...(actual < 0 ? { currentNoStream: {} } : { currentStreamRevision: wide(actual) }),
    ...expectedField(expected),
  });

const expectedField = (expected: Expected): object => {
  switch (expected) {
    case ANY:
      return { expectedAny: {} };
    case STREAM_EXISTS:
      return { expectedStreamExists: {} };
    case NO_STREAM:
      return { expectedNoStream: {} };
    default:
      return { expectedStreamPosition: wide(expected) };
  }
};
