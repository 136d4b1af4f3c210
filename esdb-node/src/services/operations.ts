import type { Scavenger } from '../log/scavenger.js';
import {
  ScavengeResult,
  scavengeResp,
  setNodePriorityReq,
  startScavengeReq,
  stopScavengeReq,
} from '../protocol/operations.js';
import { EMPTY } from '../protocol/shared.js';
import { serverStream, unary } from '../transport/handlers.js';
import type { Handler, Registry } from '../transport/registry.js';
import { GrpcError, Status, handlerFault } from '../transport/status.js';
import type { Access } from './access.js';
import type { NodeIdentity } from './gossip.js';

/** What operators can have a node do. */
export interface Operated {
  readonly scavenger: Scavenger;
  readonly identity: NodeIdentity;
  /** Ends the node after the answer. */
  readonly shutdown: () => void;
  /** Drops all consumers of persistent subscriptions and starts the groups anew. */
  readonly restartPersistentSubscriptions: () => Promise<void>;
}

const scavengeNotFound = (): GrpcError =>
  new GrpcError(Status.NOT_FOUND, 'Scavenge id was invalid.', { exception: 'scavenge-not-found' });

/** Operations: for `$admins` and `$ops`. */
export const registerOperations = (registry: Registry, access: Access, node: Operated): void => {
  const { scavenger, identity } = node;
  const forOperators = (run: (request: Buffer) => Uint8Array | Promise<Uint8Array>): Handler =>
    unary((request, { user }) => {
      access.require(user, 'operator');
      return run(request);
    });
  registry.add('event_store.client.operations.Operations', {
    StartScavenge: forOperators((request) => {
      const { options } = startScavengeReq.decode(request);
      if (!options) throw handlerFault();
      // a log without chunks is always scavenged from its beginning, by one thread
      if (options.threadCount < 1 || options.startFromChunk < 0) {
        throw new GrpcError(Status.INVALID_ARGUMENT, 'A scavenge needs a thread, and a chunk from 0 to start from.');
      }
      const { id, started } = scavenger.start();
      const scavengeResult = started ? ScavengeResult.STARTED : ScavengeResult.IN_PROGRESS;
      return scavengeResp.encode({ scavengeId: id, scavengeResult });
    }),
    StopScavenge: forOperators(async (request) => {
      const { options } = stopScavengeReq.decode(request);
      if (!options) throw handlerFault();
      if (!(await scavenger.stop(options.scavengeId))) throw scavengeNotFound();
      return scavengeResp.encode({ scavengeId: options.scavengeId, scavengeResult: ScavengeResult.STOPPED });
    }),
    Shutdown: serverStream(async (_request, call) => {
      access.require(call.user, 'operator');
      call.send(EMPTY);
      await call.drained();
      // the answer goes out first, in the turn after that of its last byte
      call.whenClosed(() => setImmediate(node.shutdown));
    }),
    // there are no index files to merge, and nobody to resign for: a cluster of one elects its node again at once
    MergeIndexes: forOperators(() => EMPTY),
    ResignNode: forOperators(() => EMPTY),
    SetNodePriority: forOperators((request) => {
      identity.priority = setNodePriorityReq.decode(request).priority;
      return EMPTY;
    }),
    RestartPersistentSubscriptions: forOperators(async () => {
      await node.restartPersistentSubscriptions();
      return EMPTY;
    }),
  });
};
