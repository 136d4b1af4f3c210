import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOutside } from '../../api/http/brokenRequests.js';
import { createHttpServer } from '../../api/http/httpServer.js';
import { problem } from '../../api/problems/problem.js';
import type { Config } from '../config.js';
import { StartupError } from '../startupError.js';

export interface HttpComponent {
  /** How this machine reaches the API. */
  readonly url: string;
  /** Whoever asks before this is told to come back in a second. */
  serve(listener: RequestListener): void;
  /** Takes no new connection, and waits for requests under way, `graceMs` at most. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Takes the API's port before anything else is started, so that a taken port costs nobody anything.
 * @throws StartupError when the port or the address cannot be had
 */
export async function listen({ host, port }: Config): Promise<HttpComponent> {
  let listener: RequestListener = (_request, response) => {
    answerOutside(response, problem('unavailable', 'Comanda is starting', { headers: { 'Retry-After': '1' } }));
  };
  const server = createHttpServer((request, response) => listener(request, response));
  await new Promise<void>((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      fail(new StartupError(whyNot(cause.code, host, port), { cause })),
    );
    server.listen(port, host, done);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${reachable(host)}:${taken}`,
    serve: (handler) => (listener = handler),
    stop: (graceMs) =>
      new Promise((done) => {
        const impatient = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(impatient);
          done();
        });
        server.closeIdleConnections();
      }),
  };
}

function whyNot(code: string | undefined, host: string, port: number): string {
  if (code === 'EADDRINUSE') return `PORT: port ${port} on ${host} is taken: stop what uses it, or set PORT to another`;
  if (code === 'EACCES') return `PORT: this user may not listen on port ${port}: set PORT to one above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST: ${host} is no address of this machine: set HOST to one, such as 127.0.0.1`;
  return `HOST, PORT: cannot listen on ${host}:${port} (${code ?? 'unknown reason'}): set others`;
}

/** An address that clients on this machine can use for what the server listens on. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
