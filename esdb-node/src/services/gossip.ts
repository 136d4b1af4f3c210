import { clusterInfo } from '../protocol/cluster.js';
import { wide } from '../protocol/shared.js';
import { structuredUuid } from '../protocol/uuid.js';
import { unary } from '../transport/handlers.js';
import type { Registry } from '../transport/registry.js';

/** What a node tells others about itself. */
export interface NodeIdentity {
  readonly instanceId: string;
  readonly host: string;
  /** Known once the node listens. */
  port: number;
  /** What an operator set; it decides nothing in a cluster of one. */
  priority: number;
}

const LEADER = 8;
/** 100 ns from the year 1 to 1970, the clock that gossip uses. */
const TICKS_TO_1970 = 621_355_968_000_000_000n;

/** The node as a member of its cluster of one, which it leads. */
export const memberOf = (identity: NodeIdentity): object => ({
  instanceId: structuredUuid(identity.instanceId),
  timeStamp: wide(BigInt(Date.now()) * 10_000n + TICKS_TO_1970),
  state: LEADER,
  isAlive: true,
  httpEndPoint: { address: identity.host, port: identity.port },
});

/** Gossip: a cluster of one, which leads. Open to everybody. */
export const registerGossip = (registry: Registry, identity: NodeIdentity): void =>
  registry.add('event_store.client.gossip.Gossip', {
    Read: unary(() => clusterInfo.encode({ members: [memberOf(identity)] })),
  });
