import { createServer as createHttp1 } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { Http2Server, Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { createServer as createNet } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import type { CallServices } from './grpc.js';
import { isGrpcCall, serveCall } from './grpc.js';
import { keepAlive } from './keepAlive.js';
import type { NodeFacts, Page, PageRequest } from './pages.js';
import { pageAt } from './pages.js';

export interface ListenerOptions extends CallServices {
  readonly host: string;
  readonly port: number;
  readonly facts: NodeFacts;
  /** A certificate and its key, PEM; without them the port speaks plain text. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Milliseconds after which a connection is asked whether its other side is still there. */
  readonly keepAliveInterval: number;
}

/** The settings of a real server: calls at once on a connection, bytes that a peer may send ahead on one call, bytes of headers. */
const SETTINGS = {
  maxConcurrentStreams: 100,
  initialWindowSize: 768 * 1024,
  maxHeaderListSize: 32 * 1024,
  enableConnectProtocol: true,
};
/** Bytes that a peer may send ahead on a connection. */
const SESSION_WINDOW = 8 * 1024 * 1024;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n');
/** A connection that says nothing is closed after this many milliseconds. */
const FIRST_BYTES_TIMEOUT = 30_000;
/** So is one of HTTP/1.1 on which nothing happens. */
const IDLE_TIMEOUT = 60_000;

/** One port for gRPC over HTTP/2 and for HTTP/1.1. */
export class Listener {
  private readonly sockets = new Set<Socket>();
  private readonly sessions = new Set<Http2Session>();
  private readonly server: Server;

  constructor(private readonly options: ListenerOptions) {
    this.server = options.tls ? this.secure(options.tls) : this.plain();
    this.server.on('connection', (socket: Socket) => {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    });
  }

  /** Resolves with the port once it is open. */
  listen(): Promise<number> {
    const { server } = this;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.options.port, this.options.host, () => {
        server.off('error', reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  /** Closes the port and every connection; calls under way end with an error at the callers'. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const session of this.sessions) session.destroy();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Drops every connection, without a word on any of them. */
  cut(): void {
    // the sockets first: a session that is destroyed still says good-bye on its own
    for (const socket of this.sockets) socket.resetAndDestroy();
    for (const session of this.sessions) session.destroy();
  }

  private plain(): Server {
    const route = this.router();
    return createNet((socket) => tellApart(socket, (isHttp2) => route(socket, isHttp2)));
  }

  private secure(tls: { readonly cert: string; readonly key: string }): Server {
    const route = this.router();
    // who names no protocol speaks HTTP/1.1
    return createTls({ ...tls, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) =>
      route(socket, socket.alpnProtocol === 'h2'),
    );
  }

  private router(): (socket: Socket, isHttp2: boolean) => void {
    const http2 = createHttp2({ settings: SETTINGS });
    const http1 = createHttp1(this.page);
    http1.setTimeout(IDLE_TIMEOUT);
    this.serve(http2);
    return (socket, isHttp2) => (isHttp2 ? http2 : http1).emit('connection', socket);
  }

  private serve(server: Http2Server): void {
    const { registry } = this.options;
    server.on('session', (session) => {
      this.sessions.add(session);
      session.setLocalWindowSize(SESSION_WINDOW);
      keepAlive(session, this.options.keepAliveInterval);
      session.on('close', () => this.sessions.delete(session));
      session.on('error', () => session.destroy());
    });
    server.on('sessionError', () => undefined);
    server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      if (isGrpcCall(headers, registry)) serveCall(stream, headers, this.options);
      else this.pageByHttp2(stream, headers);
    });
  }

  private readonly page: RequestListener = (request, response) => {
    request.resume();
    if (request.method === 'POST' && this.options.registry.find(request.url ?? '')) {
      response.writeHead(426, { 'content-type': 'application/grpc' }).end();
      return;
    }
    const { method = 'GET', url = '/', headers } = request;
    this.answer({ method, url, headers }, ({ status, headers: head, body }) =>
      response.writeHead(status, head).end(body),
    );
  };

  private pageByHttp2(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => undefined);
    if (stream.destroyed || stream.closed) return;
    stream.resume();
    const request = { method: String(headers[':method']), url: String(headers[':path']), headers };
    this.answer(request, ({ status, headers: head, body }) => {
      if (stream.destroyed || stream.closed) return;
      stream.respond({ ':status': status, ...head }, { endStream: body === undefined });
      if (body !== undefined) stream.end(body);
    });
  }

  private answer(request: PageRequest, send: (page: Page) => void): void {
    const { facts, access, onFault, disturbances } = this.options;
    disturbances.gate
      .opened()
      .then(() => pageAt(request, facts, access))
      .catch((fault: unknown): Page => {
        onFault(fault);
        return { status: 500 };
      })
      .then(send)
      .catch(onFault);
  }
}

/** Looks at a connection's first bytes: HTTP/2 begins with a preface of its own. The bytes stay to be read. */
const tellApart = (socket: Socket, decide: (isHttp2: boolean) => void): void => {
  let seen = Buffer.alloc(0);
  socket.setTimeout(FIRST_BYTES_TIMEOUT, () => socket.destroy());
  const look = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const compared = Math.min(seen.length, PREFACE.length);
    const alike = seen.subarray(0, compared).equals(PREFACE.subarray(0, compared));
    if (alike && compared < PREFACE.length) return;
    socket.off('readable', look);
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    socket.unshift(seen);
    decide(alike);
  };
  socket.on('readable', look);
};
