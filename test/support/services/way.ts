import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server over which a test decides: everything that is said to the server, and every answer, passes here. */
export interface Way {
  /** The given URL, by this way. */
  readonly url: string;
  /** Each byte takes so much longer in either direction. */
  slow(milliseconds: number): void;
  /** Resets every connection, and from now on each new one as soon as it is made. */
  cut(): void;
  /** Every connection goes dead, and never says so: not one byte comes through any more, and no end. New ones are born dead. */
  lose(): void;
  /** New connections are as they should be; those that were lost stay dead. */
  mend(): void;
  close(): Promise<void>;
}

/**
 * Opens a way to the server that a URL names.
 * @param defaultPort for a URL without a port
 */
export const openWay = async (url: string, defaultPort: number): Promise<Way> => {
  const target = new URL(url);
  const host = target.hostname;
  const port = target.port === '' ? defaultPort : Number(target.port);
  const pairs = new Set<Pair>();
  let delayMs = 0;
  let fate: 'serves' | 'cuts' | 'loses' = 'serves';

  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.setNoDelay(true).on('error', () => undefined);
    if (fate === 'cuts') return void client.resetAndDestroy();
    const pair = new Pair(client, host, port, () => delayMs);
    pairs.add(pair);
    client.once('close', () => pairs.delete(pair));
    if (fate === 'loses') pair.lose();
  });
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  target.hostname = '127.0.0.1';
  target.port = String((server.address() as AddressInfo).port);
  const all = (what: 'cut' | 'lose'): void => {
    for (const pair of pairs) pair[what]();
  };
  return {
    url: target.href,
    slow: (milliseconds) => (delayMs = milliseconds),
    cut: () => {
      fate = 'cuts';
      all('cut');
    },
    lose: () => {
      fate = 'loses';
      all('lose');
    },
    mend: () => {
      delayMs = 0;
      fate = 'serves';
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      all('cut');
      await closed;
    },
  };
};

/** One connection of a client, and ours to the server for it. */
class Pair {
  private readonly upstream: Socket;
  private dead = false;

  constructor(
    private readonly client: Socket,
    host: string,
    port: number,
    delay: () => number,
  ) {
    this.upstream = connect({ host, port, allowHalfOpen: true, noDelay: true });
    for (const [from, to] of [
      [client, this.upstream],
      [this.upstream, client],
    ] as const) {
      carry(from, to, delay, () => !this.dead);
      from.on('error', () => undefined);
      from.once('close', () => {
        if (!this.dead) to.destroy();
      });
    }
  }

  cut(): void {
    this.client.resetAndDestroy();
    this.upstream.destroy();
  }

  lose(): void {
    this.dead = true;
    this.upstream.destroy();
  }
}

/** Passes on what one side says, each piece so much later, in order. */
function carry(from: Socket, to: Socket, delay: () => number, alive: () => boolean): void {
  const underWay: { readonly dueAt: number; readonly bytes: Buffer | undefined }[] = [];
  let timer: NodeJS.Timeout | undefined;

  const deliver = (): void => {
    timer = undefined;
    for (let next = underWay[0]; next !== undefined; next = underWay[0]) {
      const leftMs = next.dueAt - performance.now();
      if (leftMs > 0) {
        timer = setTimeout(deliver, leftMs);
        return;
      }
      underWay.shift();
      if (!alive() || to.destroyed) continue;
      if (next.bytes === undefined) to.end();
      else to.write(next.bytes);
    }
  };
  const take = (bytes?: Buffer): void => {
    // what is said later arrives later, also when the way has become faster meanwhile
    const dueAt = Math.max(performance.now() + delay(), underWay.at(-1)?.dueAt ?? 0);
    underWay.push({ dueAt, bytes });
    if (timer === undefined) deliver();
  };
  from.on('data', take);
  from.on('end', () => take());
}
