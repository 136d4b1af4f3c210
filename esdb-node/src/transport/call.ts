import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Principal } from '../services/access.js';
import { NOBODY } from '../services/access.js';
import { frame } from './frames.js';
import { Gate } from './gate.js';
import { GRPC_HEADERS, GrpcError, OK_TRAILERS, Status, trailersOf } from './status.js';

/** What a handler knows about a call besides its messages. */
export interface CallContext {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds since 1970 until which the caller waits, if it said so. */
  readonly deadline: number | undefined;
  /** Who calls; set by the node's access control before the handler runs. */
  readonly user: Principal;
  /** Aborts when the caller cancels, the connection is lost or the deadline passes. */
  readonly signal: AbortSignal;
}

const UNITS: Readonly<Record<string, number>> = { n: 1e-6, u: 1e-3, m: 1, S: 1000, M: 60_000, H: 3_600_000 };

/** `grpc-timeout` in milliseconds; undefined without one or when it is malformed (then the caller keeps time alone). */
const timeoutOf = (header: string | string[] | undefined): number | undefined => {
  if (typeof header !== 'string') return undefined;
  const match = /^(\d{1,8})([numSMH])$/.exec(header);
  return match ? Number(match[1]) * (UNITS[match[2] as string] as number) : undefined;
};

/**
 * One gRPC call on an HTTP/2 stream. Messages go out as soon as they are sent; `drained` says when a slow reader is ready for
 * more. Ends once, with a status; whatever is sent after the end is dropped.
 */
export class ServerCall implements CallContext {
  readonly deadline: number | undefined;
  /** Set before the handler gets the call. */
  user: Principal = NOBODY;
  /** Made when somebody asks for it: most calls are over before. */
  private abort: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;
  private trailers: OutgoingHttpHeaders = OK_TRAILERS;
  /** Set when no answer is to go out any more; called when there would have been the last one. */
  private muted: (() => void) | undefined;

  constructor(
    private readonly stream: ServerHttp2Stream,
    readonly path: string,
    readonly headers: IncomingHttpHeaders,
    /** Told of errors that are the node's own fault. */
    readonly report: (fault: unknown) => void,
    /** Holds back what goes out while it is shut. */
    private readonly gate: Gate = new Gate(),
  ) {
    const timeout = timeoutOf(headers['grpc-timeout']);
    this.deadline = timeout === undefined ? undefined : Date.now() + timeout;
    stream.on('close', () => this.stop());
  }

  get signal(): AbortSignal {
    if (!this.abort) {
      this.abort = new AbortController();
      if (this.ended) this.abort.abort();
    }
    return this.abort.signal;
  }

  get over(): boolean {
    return this.ended;
  }

  /** Runs something when the last answer has gone out, or the caller is gone. */
  whenClosed(run: () => void): void {
    if (this.gone) run();
    else this.stream.once('close', run);
  }

  /** Whether nothing can be sent any more: HTTP/2 throws on a stream that the peer has closed. */
  private get gone(): boolean {
    return this.stream.destroyed || this.stream.closed;
  }

  /** For calls that may last: ends the call with DEADLINE_EXCEEDED when the caller's deadline passes. */
  keepTime(): void {
    if (this.deadline === undefined || this.ended) return;
    const left = Math.min(Math.max(this.deadline - Date.now(), 0), 2 ** 31 - 1);
    this.timer = setTimeout(() => this.fail(new GrpcError(Status.DEADLINE_EXCEEDED, 'Deadline Exceeded')), left);
  }

  /** Sends the headers now, before the first message. */
  start(): void {
    if (this.stream.headersSent || this.gone) return;
    this.stream.respond(GRPC_HEADERS, { waitForTrailers: true });
    this.stream.once('wantTrailers', () => {
      if (!this.gone) this.stream.sendTrailers(this.trailers);
    });
  }

  /** Sends one message; false when the reader lags: wait for `drained` before the next ones. */
  send(message: Uint8Array): boolean {
    return this.sendFrames(frame(message));
  }

  /** Sends messages that stand behind their frame headers already (see frames.ts). */
  sendFrames(frames: Buffer): boolean {
    if (this.ended || this.gone || this.muted) return true;
    if (this.gate.closed) {
      this.gate.pass(() => this.sendFrames(frames));
      return false;
    }
    this.start();
    return this.stream.write(frames);
  }

  /** Resolves when what was sent has gone out, or the call is over. */
  drained(): Promise<void> {
    if (this.gate.closed) return this.gate.opened().then(() => this.drained());
    if (this.ended || this.gone || !this.stream.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.stream.off('drain', done);
        this.stream.off('close', done);
        resolve();
      };
      this.stream.on('drain', done);
      this.stream.on('close', done);
    });
  }

  /** Ends the call with OK, after a last message if there is one. */
  end(last?: Uint8Array): void {
    if (this.ended || this.gone) return;
    if (this.gate.closed) return this.gate.pass(() => this.end(last));
    if (this.muted) return this.silence();
    this.start();
    this.ended = true;
    if (last) this.stream.end(frame(last));
    else this.stream.end();
    this.stop();
  }

  /** Ends the call with an error's status and trailers (anything but a GrpcError is UNKNOWN). */
  fail(error: unknown): void {
    if (!(error instanceof GrpcError)) this.report(error);
    this.refuse(error);
  }

  /** From now on the caller hears nothing more, not even the end. */
  mute(wouldHaveEnded: () => void = () => undefined): void {
    this.muted = wouldHaveEnded;
  }

  private refuse(error: unknown): void {
    if (this.ended || this.gone) return;
    if (this.gate.closed) return this.gate.pass(() => this.refuse(error));
    if (this.muted) return this.silence();
    this.ended = true;
    const trailers = trailersOf(error);
    if (this.stream.headersSent) {
      this.trailers = trailers;
      this.stream.end();
    } else this.stream.respond({ ...GRPC_HEADERS, ...trailers }, { endStream: true });
    this.stop();
  }

  private silence(): void {
    this.stop();
    this.muted?.();
  }

  private stop(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.abort?.abort();
  }
}
