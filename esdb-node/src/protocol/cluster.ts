import { root } from './root.js';
import { codecOf, define } from './schema.js';
import './shared.js';

define(root, 'event_store.client.server_features', {
  SupportedMethods: { methods: '1 repeated SupportedMethod', eventStoreServerVersion: '2 string' },
  SupportedMethod: { methodName: '1 string', serviceName: '2 string', features: '3 repeated string' },
});

define(root, 'event_store.client.gossip', {
  ClusterInfo: { members: '1 repeated MemberInfo' },
  EndPoint: { address: '1 string', port: '2 uint32' },
  MemberInfo: {
    instanceId: '1 event_store.client.UUID',
    timeStamp: '2 int64',
    state: '3 int32',
    isAlive: '4 bool',
    httpEndPoint: '5 EndPoint',
  },
});

export const supportedMethods = codecOf<object>(root, 'event_store.client.server_features.SupportedMethods');
export const clusterInfo = codecOf<object>(root, 'event_store.client.gossip.ClusterInfo');

define(root, 'event_store.cluster', {
  ClusterInfo: { members: '1 repeated MemberInfo' },
  EndPoint: { address: '1 string', port: '2 uint32' },
  MemberInfo: {
    instanceId: '1 event_store.client.UUID',
    timeStamp: '2 int64',
    state: '3 int32',
    isAlive: '4 bool',
    httpEndPoint: '5 EndPoint',
    lastCommitPosition: '10 int64',
    writerCheckpoint: '11 int64',
    chaserCheckpoint: '12 int64',
    nodePriority: '16 int32',
  },
});

/** What nodes of a cluster tell each other: more than clients are told. */
export const memberList = codecOf<object>(root, 'event_store.cluster.ClusterInfo');
