import type { CallContext, ServerCall } from './call.js';
import type { Handler, Incoming } from './registry.js';
import { GrpcError, Status } from './status.js';

/** Reads exactly one request, then runs `answer` with it. */
const single = (call: ServerCall, answer: (request: Buffer) => Promise<void> | void): Incoming => {
  let request: Buffer | undefined;
  return {
    message: (bytes) => {
      if (request) throw new GrpcError(Status.INTERNAL, 'Additional data after the message received.');
      request = bytes;
    },
    end: () => {
      if (!request) throw new GrpcError(Status.INTERNAL, 'Incomplete message.');
      settle(call, () => answer(request as Buffer));
    },
  };
};

/** Runs a handler; whatever it throws or rejects with ends the call. */
const settle = (call: ServerCall, run: () => Promise<void> | void): void => {
  try {
    const result = run();
    if (result) result.catch((error: unknown) => call.fail(error));
  } catch (error) {
    call.fail(error);
  }
};

/** One request, one answer: both as bytes. Throw a GrpcError to refuse. */
export const unary =
  (answer: (request: Buffer, context: CallContext) => Uint8Array | Promise<Uint8Array>): Handler =>
  (call) =>
    single(call, (request) => {
      const result = answer(request, call);
      if (result instanceof Uint8Array) return call.end(result);
      return result.then((message) => call.end(message));
    });

/** One request, many answers: the handler sends on the call until its promise settles; then the call ends. */
export const serverStream =
  (answer: (request: Buffer, call: ServerCall) => Promise<void>): Handler =>
  (call) =>
    single(call, async (request) => {
      call.keepTime();
      await answer(request, call);
      call.end();
    });

/** Many requests, one answer: `collect` makes what gathers the requests of one call and answers at their end. */
export const clientStream =
  (collect: (context: CallContext) => { add(request: Buffer): void; finish(): Promise<Uint8Array> }): Handler =>
  (call) => {
    const collected = collect(call);
    return {
      message: (bytes) => collected.add(bytes),
      end: () => settle(call, async () => call.end(await collected.finish())),
    };
  };

/** Many requests, many answers, both at any time. */
export const duplex = (converse: (call: ServerCall) => Incoming): Handler => converse;
