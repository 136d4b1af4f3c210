import type { RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { answerOutside } from '../../api/http/brokenRequests.js';
import { createHttpServer } from '../../api/http/httpServer.js';
import { problem } from '../../api/problems/problem.js';
import type { Config } from '../config.js';
import { StartupError } from '../startupError.js';

export interface HttpComponent {
  /** How this machine reaches it. */
  readonly url: string;
  /** Whoever asks before this is told to come back in a second. */
  serve(listener: RequestListener): void;
  /**
   * Waits for requests under way, `graceMs` at most, and ends. Until then the port stays open, so that whoever asks whether
   * this process is ready hears that it is not.
   */
  stop(graceMs: number): Promise<void>;
}

const LAST_BYTES_MS = 250;

/** Where a process listens, and which setting says so. */
export interface Address {
  readonly setting: 'PORT' | 'PROBE_PORT';
  readonly host: string;
  readonly port: number;
}

/** Of the API, or of the probes in a process without it; undefined: it is to serve neither. */
export function addressOf({ host, port, probePort }: Config, servesApi: boolean): Address | undefined {
  if (servesApi) return { setting: 'PORT', host, port };
  return probePort === undefined ? undefined : { setting: 'PROBE_PORT', host, port: probePort };
}

/**
 * Takes the port before anything else is started, so that a taken port costs nobody anything.
 * @throws StartupError when the port or the address cannot be had
 */
export async function listen(address: Address): Promise<HttpComponent> {
  const { host, port } = address;
  let listener: RequestListener = (_request, response) => {
    answerOutside(response, problem('unavailable', 'Comanda is starting', { headers: { 'Retry-After': '1' } }));
  };
  const underWay = new Set<ServerResponse>();
  let noneLeft: () => void = () => undefined;
  let stopping = false;
  const server = createHttpServer((request, response) => {
    underWay.add(response);
    response.once('close', () => {
      underWay.delete(response);
      if (underWay.size === 0) noneLeft();
    });
    // a connection that is kept open would hold up the end
    if (stopping) response.setHeader('Connection', 'close');
    listener(request, response);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      fail(new StartupError(whyNot(cause.code, address), { cause })),
    );
    server.listen(port, host, done);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${reachable(host)}:${taken}`,
    serve: (handler) => (listener = handler),
    stop: async (graceMs) => {
      stopping = true;
      for (const response of underWay) if (!response.headersSent) response.setHeader('Connection', 'close');
      const enough = new AbortController();
      if (underWay.size > 0 && graceMs > 0) {
        const done = new Promise<void>((resolve) => (noneLeft = resolve));
        await Promise.race([done, sleep(graceMs, undefined, { signal: enough.signal }).catch(() => undefined)]);
        enough.abort();
      }
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // what was answered just now is still on its way out; whoever never sent a request is not waited for
      const impatient = setTimeout(() => server.closeAllConnections(), underWay.size > 0 ? 0 : LAST_BYTES_MS);
      await closed;
      clearTimeout(impatient);
    },
  };
}

function whyNot(code: string | undefined, { setting, host, port }: Address): string {
  if (code === 'EADDRINUSE')
    return `${setting}: port ${port} on ${host} is taken: stop what uses it, or set ${setting} to another`;
  if (code === 'EACCES')
    return `${setting}: this user may not listen on port ${port}: set ${setting} to one above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST: ${host} is no address of this machine: set HOST to one, such as 127.0.0.1`;
  return `HOST, ${setting}: cannot listen on ${host}:${port} (${code ?? 'unknown reason'}): set others`;
}

/** An address that clients on this machine can use for what the server listens on. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
