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
}

const LEADER = 8;
/** 100 ns from the year 1 to 1970, the clock that gossip uses. */
const TICKS_TO_1970 = 621_355_968_000_000_000n;

/** Gossip: a cluster of one, which leads. */
export const registerGossip = (registry: Registry, identity: NodeIdentity): void =>
  registry.add('event_store.client.gossip.Gossip', {
    Read: unary(() =>
      clusterInfo.encode({
        members: [
          {
            instanceId: structuredUuid(identity.instanceId),
            timeStamp: wide(BigInt(Date.now()) * 10_000n + TICKS_TO_1970),
            state: LEADER,
            isAlive: true,
            httpEndPoint: { address: identity.host, port: identity.port },
          },
        ],
      }),
    ),
  });
