import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and an event store, so that a test can make the network fail. */
export interface CutProxy {
  /** Connection string of the store by way of the proxy. */
  readonly url: string;
  /** Resets every connection; new ones are accepted. */
  cut(): void;
  /** Takes what clients send and lets no answer through, on open and on new connections, until `thaw`. */
  swallowAnswers(): void;
  /** Lets nothing through in either direction until `thaw`. */
  freeze(): void;
  /** Ends what `swallowAnswers` and `freeze` began. The connections that they robbed of bytes are cut. */
  thaw(): void;
  /** Keeps answers back until `deliverLate`, which lets them go, however late. */
  delayAnswers(): void;
  deliverLate(): void;
  /** Cuts every connection and refuses new ones until `accept`, as a store that is down does. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /** Connections made so far. */
  readonly connections: number;
  stop(): Promise<void>;
}

/** @param url connection string with one host */
export async function cutProxy(url: string): Promise<CutProxy> {
  const [, host = '', port = '2113', query = ''] =
    /^esdb:\/\/(?:[^@/]*@)?([^:/?]+)(?::(\d+))?\/?(?:\?(.*))?$/.exec(url) ?? [];
  if (host === '') throw new Error(`a proxy needs a connection string with one host, not ${url}`);
  const pairs = new Set<{ readonly client: Socket; readonly store: Socket }>();
  let connections = 0;
  let answers = true;
  let requests = true;
  let late = false;

  const server = createServer((client) => {
    connections += 1;
    const store = connect({ host, port: Number(port) });
    const pair = { client, store };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      store.destroy();
    };
    for (const socket of [client, store]) socket.setNoDelay(true).on('error', end).on('close', end);
    client.on('data', (bytes) => {
      if (requests) store.write(bytes);
    });
    store.on('data', (bytes) => {
      if (answers) client.write(bytes);
    });
    if (late) store.pause();
  });
  server.unref();
  let ownPort = 0;
  const listen = async (): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(ownPort, '127.0.0.1', resolve);
    });
    ownPort = (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    cut();
    await closed;
  };

  function cut(): void {
    for (const { client, store } of pairs) {
      client.resetAndDestroy();
      store.destroy();
    }
  }
  /** Bytes that were held back are lost, so what went on would be garbage: those connections end. */
  const thaw = (): void => {
    if (!answers || !requests) cut();
    answers = true;
    requests = true;
  };
  await listen();
  return {
    url: `esdb://127.0.0.1:${ownPort}?${query}`,
    cut,
    swallowAnswers: () => void (answers = false),
    freeze: () => {
      answers = false;
      requests = false;
    },
    thaw,
    get connections() {
      return connections;
    },
    delayAnswers: () => {
      late = true;
      for (const { store } of pairs) store.pause();
    },
    deliverLate: () => {
      late = false;
      for (const { store } of pairs) store.resume();
    },
    refuse: close,
    accept: listen,
    stop: close,
  };
}
