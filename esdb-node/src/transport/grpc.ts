import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Disturbances } from '../disturb/disturbances.js';
import type { Access } from '../services/access.js';
import { ServerCall } from './call.js';
import { FrameReader } from './frames.js';
import type { Gate } from './gate.js';
import type { Incoming, Registry } from './registry.js';
import { GRPC_HEADERS, GrpcError, HttpRefusal, Status, encodeStatusMessage, trailersOf } from './status.js';

/** The largest message taken, bytes: what a real server takes, 17 MiB less nothing (an append's own limit is far below). */
const MAX_MESSAGE = 17 * 1024 * 1024;

const CONTENT_TYPE = /^application\/grpc($|[+;])/i;

const refuse = (stream: ServerHttp2Stream, httpStatus: number, code: number, message: string): void => {
  stream.respond(
    { ':status': httpStatus, 'grpc-status': String(code), 'grpc-message': encodeStatusMessage(message) },
    { endStream: true },
  );
};

/** Whether an HTTP/2 request is a gRPC call at all; others are answered by the HTTP pages. */
export const isGrpcCall = (headers: IncomingHttpHeaders, registry: Registry): boolean => {
  if (headers[':method'] !== 'POST') return false;
  const path = headers[':path'] as string;
  return registry.find(path) !== undefined || registry.hasServiceOf(path);
};

/** What every call needs. */
export interface CallServices {
  readonly registry: Registry;
  readonly access: Access;
  readonly onFault: (fault: unknown) => void;
  /** What tests do to the node. */
  readonly disturbances: Disturbances;
}

/** Serves one gRPC call: finds its handler, hands it the messages, ends the call when the handler fails. */
export const serveCall = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { registry, access, onFault, disturbances }: CallServices,
): void => {
  const path = headers[':path'] as string;
  const type = headers['content-type'];
  // a stream that the peer resets emits an error that nobody else waits for
  stream.on('error', () => undefined);
  if (stream.destroyed || stream.closed) return;
  if (type === undefined) return refuse(stream, 415, Status.INTERNAL, 'Content-Type is missing from the request.');
  if (!CONTENT_TYPE.test(type)) {
    return refuse(stream, 415, Status.INTERNAL, `Content-Type '${type}' is not supported.`);
  }
  const encoding = headers['grpc-encoding'] as string | undefined;
  const handler = registry.find(path);
  if (!handler) {
    const trailers = trailersOf(new GrpcError(Status.UNIMPLEMENTED, 'Method is unimplemented.'));
    stream.respond({ ...GRPC_HEADERS, ...trailers }, { endStream: true });
    return;
  }
  const call = new ServerCall(stream, path, headers, onFault, disturbances.gate);
  const listenTo = (): void => {
    try {
      if (!call.over) listen(stream, call, handler(call), { encoding, gate: disturbances.gate });
    } catch (error) {
      call.fail(error);
    }
  };
  const run = (): void => disturbances.begin(call, listenTo);
  try {
    const user = access.authenticate(headers, path);
    if (!(user instanceof Promise)) {
      call.user = user;
      return run();
    }
    user
      .then((known) => {
        call.user = known;
        run();
      })
      .catch((error: unknown) => call.fail(error));
  } catch (error) {
    if (error instanceof HttpRefusal) stream.respond({ ':status': error.httpStatus }, { endStream: true });
    else call.fail(error);
  }
};

const listen = (
  stream: ServerHttp2Stream,
  call: ServerCall,
  incoming: Incoming,
  { encoding, gate }: { readonly encoding: string | undefined; readonly gate: Gate },
): void => {
  const guard = (run: () => void): void => {
    if (call.over) return;
    try {
      run();
    } catch (error) {
      call.fail(error);
    }
  };
  const reader = new FrameReader(MAX_MESSAGE, encoding, (message) => incoming.message(message));
  const take = (chunk: Buffer): void => {
    guard(() => reader.push(chunk));
    // who does not take answers gets no further requests in
    if (!stream.writableNeedDrain) return;
    stream.pause();
    void call.drained().then(() => stream.resume());
  };
  const end = (): void =>
    guard(() => {
      if (reader.incomplete) throw new GrpcError(Status.INTERNAL, 'Incomplete message.');
      incoming.end();
    });
  stream.on('data', (chunk: Buffer) => gate.pass(() => take(chunk)));
  stream.on('end', () => gate.pass(end));
};
