import { constants } from 'node:http2';
import type { OutgoingHttpHeaders } from 'node:http2';

/** gRPC status codes (grpc.io, "Status codes and their use in gRPC"). */
export const Status = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;
export type StatusCode = (typeof Status)[keyof typeof Status];

/**
 * An answer that ends a call with a status other than OK. `trailers` carry what the clients read to find the error's kind
 * (`exception`, `stream-name`, …); values may hold any characters, they are made safe when they are sent.
 */
export class GrpcError extends Error {
  override readonly name: string = 'GrpcError';
  constructor(
    readonly code: StatusCode,
    readonly details: string,
    readonly trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
  }
}

/** A call that is refused before gRPC has a say, by an HTTP status alone. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  constructor(readonly httpStatus: number) {
    super(`refused with HTTP status ${httpStatus}`);
  }
}

/** What a real server says of a request that its handler trips over; it says no more. */
export const handlerFault = (): GrpcError => new GrpcError(Status.UNKNOWN, 'Exception was thrown by handler.');

const PLAIN = /^[\x20-\x24\x26-\x7e]*$/;

/** Percent-encodes a status message as gRPC over HTTP/2 asks for (PROTOCOL-HTTP2.md, "Status-Message"). */
export const encodeStatusMessage = (text: string): string => {
  if (PLAIN.test(text)) return text;
  let out = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    out += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
};

const VISIBLE = /^[\x20-\x7e]*$/;

/** A header value may hold visible ASCII only; anything else is sent as the UTF-8 bytes, percent-encoded. */
const headerValue = (text: string): string => (VISIBLE.test(text) ? text : encodeURIComponent(text));

/** What goes into the trailers (or the only headers) of a call that ends with this error. Other errors are UNKNOWN. */
export const trailersOf = (error: unknown): OutgoingHttpHeaders => {
  if (!(error instanceof GrpcError)) {
    return trailersOf(handlerFault());
  }
  const out: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(error.trailers)) out[name] = headerValue(value);
  out['grpc-status'] = String(error.code);
  if (error.details !== '') out['grpc-message'] = encodeStatusMessage(error.details);
  return out;
};

export const OK_TRAILERS: OutgoingHttpHeaders = { 'grpc-status': '0' };
export const GRPC_HEADERS: OutgoingHttpHeaders = {
  [constants.HTTP2_HEADER_STATUS]: 200,
  [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
};
