import { memberList } from '../protocol/cluster.js';
import { wide } from '../protocol/shared.js';
import { unary } from '../transport/handlers.js';
import type { Registry } from '../transport/registry.js';
import { handlerFault } from '../transport/status.js';
import type { Access } from './access.js';
import type { NodeIdentity } from './gossip.js';
import { memberOf } from './gossip.js';

const ELECTIONS = [
  'ViewChange',
  'ViewChangeProof',
  'Prepare',
  'PrepareOk',
  'Proposal',
  'Accept',
  'LeaderIsResigning',
  'LeaderIsResigningOk',
] as const;

/**
 * What nodes of a cluster say to each other. This node is alone: it tells of itself, and takes part in no election.
 * @param end where the next event goes
 */
export const registerCluster = (
  registry: Registry,
  identity: NodeIdentity,
  access: Access,
  end: () => number,
): void => {
  const tell = unary((_request, { user }) => {
    access.require(user, 'node');
    const position = wide(end());
    const checkpoints = { lastCommitPosition: position, writerCheckpoint: position, chaserCheckpoint: position };
    return memberList.encode({
      members: [{ ...memberOf(identity), ...checkpoints, nodePriority: identity.priority }],
    });
  });
  registry.add('event_store.cluster.Gossip', { Read: tell, Update: tell });
  const abstain = unary((_request, { user }) => {
    access.require(user, 'node');
    throw handlerFault();
  });
  registry.add('event_store.cluster.Elections', Object.fromEntries(ELECTIONS.map((name) => [name, abstain])));
};
