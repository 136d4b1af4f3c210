import { randomUUID } from 'node:crypto';
import { makeFirstUsers } from './access/firstUsers.js';
import { SecuredAccess } from './access/securedAccess.js';
import { UserStore } from './access/userStore.js';
import { Disturbances } from './disturb/disturbances.js';
import type { Disturbable } from './disturb/failure.js';
import { EventLog } from './log/eventLog.js';
import { Scavenger } from './log/scavenger.js';
import type { NodeOptions } from './nodeOptions.js';
import { checkOptions } from './nodeOptions.js';
import { registerPersistent } from './persistent/service.js';
import { PersistentSubscriptions } from './persistent/subsystem.js';
import { Projections } from './projections/projections.js';
import type { Access } from './services/access.js';
import { openAccess } from './services/access.js';
import { registerCluster } from './services/cluster.js';
import { registerFeatures } from './services/features.js';
import type { NodeIdentity } from './services/gossip.js';
import { registerGossip } from './services/gossip.js';
import { registerMonitoring } from './services/monitoring.js';
import { registerOperations } from './services/operations.js';
import { registerProjections } from './services/projections.js';
import { registerNoUsers, registerUsers } from './services/users.js';
import { openLmdb } from './storage/lmdb.js';
import { MemoryStorage } from './storage/memory.js';
import type { Storage } from './storage/storage.js';
import { registerStreams } from './streams/service.js';
import { Listener } from './transport/listener.js';
import { Registry } from './transport/registry.js';

/** A real server's own. */
const KEEP_ALIVE_INTERVAL = 10_000;

/** What whoever starts a node wants to hear of it. */
export interface NodeHooks {
  /** An error that is the node's own fault: its caller got UNKNOWN, the details are told here. */
  readonly onFault?: (fault: unknown) => void;
  /** The node was told by a caller (Operations, Shutdown) to stop, and has. */
  readonly onShutdown?: () => void;
}

/** A node that runs; tests can make it misbehave. */
export interface RunningNode extends Disturbable {
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
  /** Who there is; undefined on a node without users. */
  readonly users: UserStore | undefined;
  /** Undefined where they are off. */
  readonly projections: Projections | undefined;
  readonly persistent: PersistentSubscriptions;
  readonly scavenger: Scavenger;
  /** What tests do to the node. */
  readonly disturbances: Disturbances;
  /** Ends the node. */
  readonly shutdown: () => void;
}

const openStorage = async (options: NodeOptions): Promise<Storage> =>
  options.storage === 'memory' ? new MemoryStorage() : openLmdb(options.data);

/** Registers every service of the node. */
const registerServices = (parts: NodeParts): void => {
  const { log, registry, access, identity, users, persistent, projections } = parts;
  const end = (): number => log.reader.end();
  registerStreams(registry, log, access, parts.disturbances);
  if (users) registerUsers(registry, access, users);
  else registerNoUsers(registry);
  registerOperations(registry, access, { ...parts, restartPersistentSubscriptions: () => persistent.restart() });
  registerPersistent(registry, { subscriptions: persistent, access, hasUsers: users !== undefined, end });
  registerMonitoring(registry, { end });
  if (projections) registerProjections(registry, access, projections);
  registerFeatures(registry);
  registerGossip(registry, identity);
  registerCluster(registry, identity, access, end);
};

/** Puts a node together on a log and opens its port; what was begun is ended again when that fails. */
const serve = async (options: NodeOptions, hooks: NodeHooks, storage: Storage): Promise<RunningNode> => {
  const { host = '127.0.0.1', port = 0, tls, users: withUsers = tls !== undefined } = options;
  const { onFault = () => undefined, onShutdown = () => undefined } = hooks;
  const log = new EventLog(storage);
  const registry = new Registry();
  const identity: NodeIdentity = { instanceId: randomUUID(), host, port, priority: 0 };
  const users = withUsers ? new UserStore(log) : undefined;
  const access = users ? new SecuredAccess(log, users) : openAccess;
  const projections = options.projections === 'off' ? undefined : new Projections(log, onFault);
  const persistent = new PersistentSubscriptions(log, onFault);
  const scavenger = new Scavenger(log, storage, onFault);
  const facts = {
    authentication: () => (users ? 'internal' : 'insecure'),
    projections: () => projections !== undefined,
    end: () => log.reader.end(),
  };
  const disturbances = new Disturbances((method) => registry.has(method));
  const listener = new Listener({
    ...{ host, port, registry, access, facts, onFault, disturbances },
    ...(tls && { tls }),
    keepAliveInterval: options.keepAliveInterval ?? KEEP_ALIVE_INTERVAL,
  });
  let stopping: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await listener.close();
    await Promise.all([scavenger.close(), persistent.close(), projections?.close()]);
    await log.close();
  };
  const stop = (): Promise<void> => (stopping ??= close());
  const shutdown = (): void => void stop().then(onShutdown).catch(onFault);
  registerServices({
    log,
    registry,
    access,
    identity,
    users,
    persistent,
    projections,
    scavenger,
    disturbances,
    shutdown,
  });
  try {
    if (users) await makeFirstUsers(users);
    persistent.begin();
    identity.port = await listener.listen();
    projections?.begin();
  } catch (cause) {
    await stop();
    throw cause;
  }
  return {
    connectionString: `esdb://${host.includes(':') ? `[${host}]` : host}:${identity.port}?tls=${tls !== undefined}`,
    host,
    port: identity.port,
    stop,
    failNext: async (failure) => Promise.resolve(disturbances.plan(failure)),
    pause: () => Promise.resolve(disturbances.gate.close()),
    resume: () => Promise.resolve(disturbances.gate.open()),
    cut: () => Promise.resolve(listener.cut()),
  };
};

/**
 * Starts a node in this thread.
 * @throws when an option makes no sense, the port is taken, the certificate cannot be used, or the data folder is in use, damaged
 * or of a newer format; the folder is free again then
 */
export const startNode = async (options: NodeOptions, hooks: NodeHooks = {}): Promise<RunningNode> => {
  checkOptions(options);
  return serve(options, hooks, await openStorage(options));
};
