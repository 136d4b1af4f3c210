import { EventStoreDBClient } from '@eventstore/db-client';
import type { StreamsClient as Streams } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { StoreUnavailable } from '../../commands/ports/eventStore.js';

type CallArguments = Required<Parameters<Streams['batchAppend']>>;

/**
 * What the client keeps to itself: its connection with discovery, credentials and reconnection, on which calls that it
 * does not offer can be made. Stable in 6.2.1, which package.json pins.
 */
interface ClientInternals {
  readonly GRPCStreamCreator: <Call>(
    service: typeof streamsGrpc.StreamsClient,
    name: string,
    start: (service: Streams) => Call,
  ) => () => Promise<Call>;
  readonly callArguments: (base: { readonly requiresLeader: boolean }, options: { deadline: number }) => CallArguments;
  readonly getChannel: () => Promise<{ close(): void }>;
}
const internalsOf = (client: EventStoreDBClient): ClientInternals => client as unknown as ClientInternals;

/** One TCP connection to the store (to one node of a cluster at a time), replaced when it seems dead. */
export interface StoreConnection {
  /** The client that now serves. */
  client(): EventStoreDBClient;
  /** Begins a call of the Streams service that the client itself does not offer. It has no deadline. */
  start<Call>(client: EventStoreDBClient, begin: (service: Streams, ...args: CallArguments) => Call): Promise<Call>;
  /** Says that something came over a client's connection. */
  heard(client: EventStoreDBClient): void;
  /**
   * Says that a client's connection is gone, or that a call on it was silent for so many milliseconds: the next call gets a
   * new one at once, without waiting for keep-alive or for the growing pauses of the old one's reconnection. A connection on
   * which others heard something meanwhile stays: it is the call that is slow, and a new connection would end all others.
   */
  suspect(client: EventStoreDBClient, silentForMs?: number): void;
  /** Ends all calls. */
  close(): Promise<void>;
  readonly closed: boolean;
}

/** Connections of different purposes must differ in a setting, or grpc-js makes them one. */
export const PURPOSES = { appends: 0, reads: 1, feed: 2 } as const;
const GENERATIONS = 1_000;
/** A new connection at most this often, in milliseconds: a store that is down must not cost a socket for each try. */
const REPLACE_EVERY = 250;

/**
 * @param connectionString `esdb://…`; what it sets is heeded
 * @param purpose keeps what must not wait apart: a server carries 100 calls on a connection, and the next one waits
 * @throws Error where the connection string cannot be read; it says where
 */
export function connect(connectionString: string, purpose: keyof typeof PURPOSES): StoreConnection {
  let generation = 0;
  let replacedAt = -Infinity;
  let heardAt = -Infinity;
  let closed = false;
  const create = (): EventStoreDBClient =>
    EventStoreDBClient.connectionString(
      apartFromOthers(connectionString, PURPOSES[purpose] * GENERATIONS + (generation % GENERATIONS)),
    );
  let current = create();

  return {
    client: () => current,
    start: async (client, begin) => {
      const internals = internalsOf(client);
      const args = internals.callArguments({ requiresLeader: purpose !== 'feed' }, { deadline: Infinity });
      return internals.GRPCStreamCreator(streamsGrpc.StreamsClient, purpose, (service) => begin(service, ...args))();
    },
    heard: (client) => {
      if (client === current) heardAt = performance.now();
    },
    suspect: (client, silentForMs = 0) => {
      const now = performance.now();
      if (closed || client !== current || now - replacedAt < REPLACE_EVERY) return;
      if (now - heardAt < silentForMs) return;
      replacedAt = now;
      heardAt = -Infinity;
      generation += 1;
      current = create();
      void closeChannel(client);
    },
    close: async () => {
      closed = true;
      await Promise.race([current.dispose(), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
      await closeChannel(current);
    },
    get closed() {
      return closed;
    },
  };
}

/** Lets go of a client's socket once its last call is over. */
async function closeChannel(client: EventStoreDBClient): Promise<void> {
  try {
    (await internalsOf(client).getChannel()).close();
  } catch {
    // it never connected, so there is nothing to let go of
  }
}

/** Makes the settings of a connection its own, by milliseconds of patience that nobody will notice. */
function apartFromOthers(connectionString: string, number: number): string {
  const [address = '', query = ''] = connectionString.split('?');
  const settings = query.split('&').filter((setting) => setting !== '');
  const name = (setting: string): string => (setting.split('=')[0] ?? '').trim().toLowerCase().replaceAll(/[_-]/g, '');
  const given = settings.find((setting) => name(setting) === 'keepalivetimeout')?.split('=')[1];
  const patience = Number.parseInt(given ?? '10000', 10);
  const others = settings.filter((setting) => name(setting) !== 'keepalivetimeout');
  const timeout = (Number.isNaN(patience) || patience < 0 ? 10_000 : patience) + number;
  return `${address}?${[...others, `keepAliveTimeout=${timeout}`].join('&')}`;
}

/** The error for a connection that its owner has closed. */
export const closedError = (): StoreUnavailable => new StoreUnavailable('the connection to the event store is closed');
