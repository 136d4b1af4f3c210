import type { Expected } from '../log/expected.js';
import { GrpcError, Status, handlerFault } from '../transport/status.js';

/** The answers of a real server that the clients turn into errors by their trailers. */
export const streamDeleted = (stream: string): GrpcError =>
  new GrpcError(Status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const wrongExpectedVersion = (what: string, stream: string, expected: Expected, actual: number): GrpcError =>
  new GrpcError(
    Status.FAILED_PRECONDITION,
    `${what} failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(expected),
      'actual-version': String(actual),
    },
  );

export const maximumAppendSizeExceeded = (limit: number): GrpcError =>
  new GrpcError(Status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });

export const accessDenied = (): GrpcError =>
  new GrpcError(Status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export { handlerFault };

export const invalidArgument = (details: string): GrpcError => new GrpcError(Status.INVALID_ARGUMENT, details);
