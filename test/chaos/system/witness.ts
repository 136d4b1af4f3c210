import { createHash } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { connect, type ConsumeMessage } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { declareExchange, EXCHANGE } from '../../../src/infrastructure/rabbitmq/topology.js';

/** What was published under one message id. */
export interface Witnessed {
  readonly type: string;
  readonly sha256: string;
  /** How often it came, each time with the same bytes. */
  times: number;
}

/** A queue of the run's own that takes every message, and whoever reads it. */
export interface Witness {
  /** By message id. */
  readonly seen: ReadonlyMap<string, Witnessed>;
  /** Messages that came with the id of another but with other bytes. */
  readonly differing: readonly string[];
  stop(): Promise<void>;
}

export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('base64url');

const QUEUE = 'chaos.witness';
const PREFETCH = 200;
const AGAIN_MS = 1_000;

/**
 * Declares the queue before anybody publishes, and reads it until stopped; a broker that is away is waited for.
 * @param file where every message is kept, one a line
 */
export async function startWitness(url: string, file: string): Promise<Witness> {
  const seen = new Map<string, Witnessed>();
  const differing: string[] = [];
  const stopping = new AbortController();

  const note = async ({ properties, content }: ConsumeMessage): Promise<void> => {
    const id = String(properties.messageId);
    const hash = sha256(content);
    const known = seen.get(id);
    if (known === undefined) {
      await appendFile(file, `${content.toString()}\n`);
      seen.set(id, { type: String(properties.type), sha256: hash, times: 1 });
    } else if (known.sha256 === hash) known.times += 1;
    else differing.push(`${id}: ${content.toString()}`);
  };

  /** Reads until the connection or the run ends. */
  async function read(first: boolean): Promise<void> {
    const connection = await connect(withHeartbeat(url), { timeout: 5_000 });
    const closed = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createChannel();
      channel.on('error', () => undefined);
      await declareExchange(channel, EXCHANGE);
      await channel.assertQueue(QUEUE, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      await channel.bindQueue(QUEUE, EXCHANGE, '#');
      if (first) return;
      await channel.prefetch(PREFETCH);
      let noting = Promise.resolve();
      await channel.consume(QUEUE, (message) => {
        if (message === null) return void connection.close().catch(() => undefined);
        noting = noting.then(() => note(message)).then(() => channel.ack(message));
        // a channel that is gone: the message comes again
        noting.catch(() => undefined);
      });
      const aborted = new Promise<void>((resolve) =>
        stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      await Promise.race([closed, aborted]);
    } finally {
      await connection.close().catch(() => undefined);
    }
  }

  await read(true);
  const reading = (async () => {
    while (!stopping.signal.aborted) {
      await read(false).catch(() => undefined);
      await sleep(AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    seen,
    differing,
    stop: async () => {
      stopping.abort();
      await reading;
    },
  };
}

function withHeartbeat(url: string): string {
  const address = new URL(url);
  address.searchParams.set('heartbeat', '5');
  return address.href;
}
