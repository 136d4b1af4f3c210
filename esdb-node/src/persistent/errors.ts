import { GrpcError, Status } from '../transport/status.js';

/** What the clients read to raise the right error; an empty name is left out, as a real server has it. */
const trailers = (exception: string, stream: string, group: string, reason?: string): Record<string, string> => ({
  exception,
  'stream-name': stream,
  ...(group !== '' && { 'group-name': group }),
  ...(reason !== undefined && { reason }),
});

export const groupMissing = (stream: string, group: string): GrpcError =>
  new GrpcError(
    Status.NOT_FOUND,
    `Subscription group ${group} on stream ${stream} does not exist.`,
    trailers('persistent-subscription-does-not-exist', stream, group),
  );

export const groupExists = (stream: string, group: string): GrpcError =>
  new GrpcError(
    Status.ALREADY_EXISTS,
    `Subscription group ${group} on stream ${stream} exists.`,
    trailers('persistent-subscription-exists', stream, group),
  );

export const groupFailed = (stream: string, group: string, reason: string): GrpcError =>
  new GrpcError(
    Status.INTERNAL,
    `Subscription group ${group} on stream ${stream} failed: '${reason}'`,
    trailers('persistent-subscription-failed', stream, group, reason),
  );

export const groupDropped = (stream: string, group: string): GrpcError =>
  new GrpcError(
    Status.CANCELLED,
    `Subscription group ${group} on stream ${stream} was dropped.`,
    trailers('persistent-subscription-dropped', stream, group),
  );

export const groupFull = (stream: string, group: string): GrpcError =>
  new GrpcError(
    Status.FAILED_PRECONDITION,
    `Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`,
    trailers('maximum-subscribers-reached', stream, group),
  );
