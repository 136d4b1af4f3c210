import { randomUUID } from 'node:crypto';
import { EventLog } from './log/eventLog.js';
import type { Access } from './services/access.js';
import { openAccess } from './services/access.js';
import { registerFeatures } from './services/features.js';
import type { NodeIdentity } from './services/gossip.js';
import { registerGossip } from './services/gossip.js';
import { openLmdb } from './storage/lmdb.js';
import { MemoryStorage } from './storage/memory.js';
import type { Storage } from './storage/storage.js';
import { registerStreams } from './streams/service.js';
import { Listener } from './transport/listener.js';
import { Registry } from './transport/registry.js';

interface Listening {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

/** Where a node keeps its log, and where it listens. Plain data: it can be sent to a worker thread. */
export type NodeOptions =
  | (Listening & { readonly storage: 'memory' })
  | (Listening & {
      readonly storage: 'lmdb';
      /** The folder of the log; made if it is not there. */
      readonly data: string;
    });

/** What whoever starts a node wants to hear of it. */
export interface NodeHooks {
  /** An error that is the node's own fault: its caller got UNKNOWN, the details are told here. */
  readonly onFault?: (fault: unknown) => void;
}

/** A node that runs. */
export interface RunningNode {
  /** For `EventStoreDBClient.connectionString`. */
  readonly connectionString: string;
  readonly host: string;
  readonly port: number;
  /** Ends all calls, waits for accepted writes, closes the storage. May be called more than once. */
  stop(): Promise<void>;
}

/** Everything that services are made of; handed to each of them when the node starts. */
export interface NodeParts {
  readonly log: EventLog;
  readonly registry: Registry;
  readonly access: Access;
  readonly identity: NodeIdentity;
}

const openStorage = async (options: NodeOptions): Promise<Storage> =>
  options.storage === 'memory' ? new MemoryStorage() : openLmdb(options.data);

/** Registers every service of the node. */
const registerServices = ({ log, registry, access, identity }: NodeParts): void => {
  registerStreams(registry, log, access);
  registerFeatures(registry);
  registerGossip(registry, identity);
};

/**
 * Starts a node in this thread.
 * @throws when the port is taken, or the data folder is in use, damaged or of a newer format
 */
export const startNode = async (options: NodeOptions, hooks: NodeHooks = {}): Promise<RunningNode> => {
  const { host = '127.0.0.1', port = 0 } = options;
  const storage = await openStorage(options);
  const log = new EventLog(storage);
  const registry = new Registry();
  const access = openAccess;
  const { onFault = () => undefined } = hooks;
  const identity: NodeIdentity = { instanceId: randomUUID(), host, port };
  registerServices({ log, registry, access, identity });
  const facts = { authentication: () => 'insecure', projections: () => false };
  const listener = new Listener({ host, port, registry, access, facts, onFault });
  try {
    identity.port = await listener.listen();
  } catch (cause) {
    await storage.close();
    throw cause;
  }
  let stopping: Promise<void> | undefined;
  return {
    connectionString: `esdb://${host}:${identity.port}?tls=false`,
    host,
    port: identity.port,
    stop: () => (stopping ??= listener.close().then(() => log.close())),
  };
};
