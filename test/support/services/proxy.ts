import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { RunningService } from './types.js';

/**
 * Puts a proxy before a server that is not ours to signal, so that suites can cut it off, freeze it and bring it back:
 * to a client that looks the same as a dead or silent server.
 */
export const behindProxy = async (
  url: string,
  origin: 'external' | 'container',
  defaultPort: number,
  dispose: () => Promise<void> = () => Promise.resolve(),
): Promise<RunningService> => {
  const target = new URL(url);
  const host = target.hostname === '' ? '127.0.0.1' : target.hostname.replace(/^\[|\]$/g, '');
  const port = target.port === '' ? defaultPort : Number(target.port);
  const pairs = new Set<readonly [Socket, Socket]>();
  let frozen = false;
  let server: Server | undefined;
  let ownPort = 0;

  const accept = (client: Socket): void => {
    const upstream = connect({ host, port });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.pipe(upstream);
    upstream.pipe(client);
    if (frozen) hold(pair);
  };
  const hold = (pair: readonly [Socket, Socket]) => {
    for (const socket of pair) socket.unpipe().pause();
  };
  const start = async (): Promise<void> => {
    frozen = false;
    const next = createServer(accept);
    next.unref();
    await new Promise<void>((resolve, reject) => {
      next.once('error', reject);
      next.listen(ownPort, '127.0.0.1', resolve);
    });
    ownPort = (next.address() as AddressInfo).port;
    server = next;
  };
  const kill = async (): Promise<void> => {
    const ending = server;
    server = undefined;
    for (const [client, upstream] of [...pairs]) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    if (ending !== undefined) await new Promise<void>((resolve) => ending.close(() => resolve()));
  };

  await start();
  target.hostname = '127.0.0.1';
  target.port = String(ownPort);
  return {
    origin,
    url: target.href,
    start,
    kill,
    stop: kill,
    restart: async () => {
      await kill();
      await start();
    },
    freeze: () => {
      frozen = true;
      for (const pair of pairs) hold(pair);
      return Promise.resolve();
    },
    thaw: () => {
      frozen = false;
      for (const [client, upstream] of pairs) {
        client.pipe(upstream);
        upstream.pipe(client);
      }
      return Promise.resolve();
    },
    dispose: async () => {
      await kill();
      await dispose();
    },
  };
};
