import { supportedMethods } from '../protocol/cluster.js';
import { unary } from '../transport/handlers.js';
import type { Registry } from '../transport/registry.js';

/** The server version whose behaviour this node has. */
export const SERVER_VERSION = '23.10.6';

const SERVICES = {
  redaction: 'event_store.client.redaction.Redaction',
  persistent: 'event_store.client.persistent_subscriptions.PersistentSubscriptions',
  users: 'event_store.client.users.Users',
  streams: 'event_store.client.streams.Streams',
  operations: 'event_store.client.operations.Operations',
  gossip: 'event_store.client.gossip.Gossip',
  monitoring: 'event_store.client.monitoring.Monitoring',
  features: 'event_store.client.server_features.ServerFeatures',
  projections: 'event_store.client.projections.Projections',
} as const;

const PERSISTENT = ['stream', 'all'];

/** What a real server tells of itself, in its order: service, methods, features of the methods. */
const METHODS: readonly (readonly [service: string, methods: readonly string[], features?: readonly string[]])[] = [
  [SERVICES.redaction, ['GetEventPositions', 'SwitchChunks']],
  [
    SERVICES.persistent,
    ['Create', 'Update', 'Delete', 'Read', 'GetInfo', 'ReplayParked', 'List', 'RestartSubsystem'],
    PERSISTENT,
  ],
  [SERVICES.users, ['Create', 'Update', 'Delete', 'Disable', 'Enable', 'Details', 'ChangePassword', 'ResetPassword']],
  [SERVICES.streams, ['Read'], ['position', 'events']],
  [SERVICES.streams, ['Append', 'Delete', 'Tombstone']],
  [SERVICES.streams, ['BatchAppend'], ['deadline_duration']],
  [
    SERVICES.operations,
    [
      'StartScavenge',
      'StopScavenge',
      'Shutdown',
      'MergeIndexes',
      'ResignNode',
      'SetNodePriority',
      'RestartPersistentSubscriptions',
    ],
  ],
  [SERVICES.gossip, ['Read']],
  [SERVICES.monitoring, ['Stats']],
  [SERVICES.features, ['GetSupportedMethods']],
  [
    SERVICES.projections,
    ['Create', 'Update', 'Delete', 'Statistics', 'Disable', 'Enable', 'Reset', 'State', 'Result', 'RestartSubsystem'],
  ],
];

/** ServerFeatures: the clients ask it once a connection what they may use. It names what is registered, nothing else. */
export const registerFeatures = (registry: Registry): void =>
  registry.add(SERVICES.features, {
    GetSupportedMethods: unary(() => {
      const methods = METHODS.flatMap(([service, names, features = []]) =>
        names
          .filter((name) => registry.find(`/${service}/${name}`))
          .map((name) => ({ methodName: name.toLowerCase(), serviceName: service.toLowerCase(), features })),
      );
      return supportedMethods.encode({ methods, eventStoreServerVersion: SERVER_VERSION });
    }),
  });
