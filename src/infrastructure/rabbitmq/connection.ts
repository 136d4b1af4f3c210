import { connect } from 'amqplib';
import type { Channel, ConfirmChannel, RecoveringChannelModel } from 'amqplib';
import { BrokerUnavailable } from '../../projections/publishers/ports/messagePublisher.js';
import { atMost } from './atMost.js';

export interface RabbitConnection {
  /** A new channel with publisher confirms; waits for the connection at most `timeoutMs`, then throws BrokerUnavailable. */
  openChannel(timeoutMs: number): Promise<ConfirmChannel>;
  /** Major version of the server that answered last. */
  serverMajor(channel: Channel): number;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly url: string;
  /** Hears of lost connections and failed tries; the connection comes back by itself. */
  readonly log: (line: string) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Without heartbeats a frozen or vanished broker looks like a quiet one. */
const HEARTBEAT_S = 10;
const GOODBYE_MS = 2_000;

/** A connection that re-establishes itself for ever, from 100 ms to 5 s between tries. Resolves at once, connected or not. */
export const openConnection = async ({ url, log }: ConnectionOptions): Promise<RabbitConnection> => {
  const address = new URL(url);
  if (!address.searchParams.has('heartbeat')) address.searchParams.set('heartbeat', String(HEARTBEAT_S));
  const connection: RecoveringChannelModel = await connect(address.href, {
    timeout: CONNECT_TIMEOUT_MS,
    noDelay: true,
    recovery: { initialDelay: 100, maxDelay: 5_000, waitForConnect: false },
  });
  // a listener each, or an emitted error would end the process
  connection.on('error', (error) => {
    log(`RabbitMQ: ${error.message}`);
  });
  connection.on('disconnect', (error) => {
    log(`RabbitMQ: the connection is lost (${error.message}), connecting again`);
  });
  let closed = false;

  return {
    openChannel: async (timeoutMs) => {
      const opening = connection.createConfirmChannel();
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new BrokerUnavailable(`RabbitMQ does not answer within ${timeoutMs} ms`));
        }, timeoutMs);
      });
      try {
        const channel = await Promise.race([opening, tooLate]);
        channel.on('error', (error) => {
          log(`RabbitMQ: a channel was closed: ${error.message}`);
        });
        return channel;
      } catch (error) {
        // a channel that opens after all is of no use to anybody
        opening.then(closeQuietly, () => undefined);
        if (error instanceof BrokerUnavailable) throw error;
        throw new BrokerUnavailable(closed ? 'the connection to RabbitMQ is closed' : messageOf(error), {
          cause: error,
        });
      } finally {
        clearTimeout(timer);
      }
    },
    serverMajor: (channel) => {
      const { version } = channel.connection.serverProperties as { version?: unknown };
      return typeof version === 'string' ? Number.parseInt(version, 10) : 0;
    },
    close: async () => {
      closed = true;
      await atMost(GOODBYE_MS, connection.close());
    },
  };
};

export const messageOf = (error: unknown): string =>
  `RabbitMQ: ${error instanceof Error ? error.message : String(error)}`;

/** Closing a channel that the broker or a broken connection has closed already throws; that is as good. */
export const closeQuietly = async (channel: Channel): Promise<void> => {
  try {
    await channel.close();
  } catch {
    // closed already
  }
};
