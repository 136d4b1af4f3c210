import {
  deleteGroupReq,
  getInfoReq,
  getInfoResp,
  listReq,
  listResp,
  replayParkedReq,
  writeReq,
} from '../protocol/persistent.js';
import type { ListOptions } from '../protocol/persistent.js';
import { EMPTY, signed } from '../protocol/shared.js';
import type { Access, Rank } from '../services/access.js';
import { handlerFault } from '../streams/errors.js';
import { forever } from '../streams/wait.js';
import type { CallContext } from '../transport/call.js';
import { unary } from '../transport/handlers.js';
import type { Handler, Registry } from '../transport/registry.js';
import { GrpcError, Status } from '../transport/status.js';
import { readHandler } from './connection.js';
import { groupFailed } from './errors.js';
import { infoOf } from './info.js';
import type { GroupDefinition } from './settings.js';
import { ALL } from './settings.js';
import type { Wanted } from './requests.js';
import { sourceOf, wantedOf } from './requests.js';
import type { PersistentSubscriptions } from './subsystem.js';

/** What the service needs of the node. */
export interface PersistentServices {
  readonly subscriptions: PersistentSubscriptions;
  readonly access: Access;
  /** Whether callers say who they are; without users all are the system, as with a real server. */
  readonly hasUsers: boolean;
  /** Where the next event of the log goes. */
  readonly end: () => number;
}

/** A real server goes two ways for streams and the whole log, and trips where one leads into the other. */
const allByName = (verb: string): GrpcError =>
  new GrpcError(
    Status.UNKNOWN,
    `Envelope callback expected either ${verb}PersistentSubscriptionToAllCompleted or NotHandled, received ${verb}PersistentSubscriptionToStreamCompleted instead`,
  );

/** PersistentSubscriptions: managed by `$ops` and `$admins`, seen by every user, read by whoever may read the source. */
export const registerPersistent = (registry: Registry, services: PersistentServices): void => {
  const { subscriptions, access, hasUsers, end } = services;
  const nameOf = ({ user }: CallContext): string => (hasUsers ? user.name : 'system');
  const guarded = (
    rank: Rank,
    run: (request: Buffer, context: CallContext) => Uint8Array | Promise<Uint8Array>,
  ): Handler =>
    unary((request, context) => {
      access.require(context.user, rank);
      return run(request, context);
    });
  const write = (
    message: 'CreateReq' | 'UpdateReq',
    run: (wanted: GroupDefinition, user: string) => Promise<void>,
  ): Handler =>
    guarded('operator', async (request, context) => {
      const { options } = writeReq.decode(request);
      const wanted: Wanted = wantedOf(message, options, end());
      // a real server does not answer either
      if (wanted === 'nameless') return forever(context.signal).then(() => EMPTY);
      if (wanted.source === ALL && options?.streamOption !== 'all') {
        throw allByName(message === 'CreateReq' ? 'Create' : 'Update');
      }
      await run(wanted, nameOf(context));
      return EMPTY;
    });

  registry.add('event_store.client.persistent_subscriptions.PersistentSubscriptions', {
    Create: write('CreateReq', (wanted, user) => subscriptions.create(wanted, user)),
    Update: write('UpdateReq', ({ source, name, settings }, user) =>
      subscriptions.update(source, name, settings, user),
    ),
    Delete: guarded('operator', async (request, context) => {
      const { options } = deleteGroupReq.decode(request);
      if (!options) throw handlerFault();
      await subscriptions.remove(sourceOf(options), options.groupName, nameOf(context));
      return EMPTY;
    }),
    Read: readHandler(subscriptions, access, nameOf),
    GetInfo: guarded('user', (request) => {
      const { options } = getInfoReq.decode(request);
      if (!options) throw handlerFault();
      const group = subscriptions.find(sourceOf(options), options.groupName);
      return getInfoResp.encode({ subscriptionInfo: infoOf(group) });
    }),
    ReplayParked: guarded('operator', async (request) => {
      const { options } = replayParkedReq.decode(request);
      if (!options) throw handlerFault();
      const source = sourceOf(options);
      if (options.stopAtOption === undefined) throw handlerFault();
      const stopAt = options.stopAtOption === 'stopAt' ? signed(options.stopAt) : undefined;
      if (stopAt !== undefined && stopAt < 0n) {
        const reason = 'Cannot stop replaying parked message at a negative version.';
        throw groupFailed(source, options.groupName, reason);
      }
      await subscriptions.find(source, options.groupName).replay(stopAt);
      return EMPTY;
    }),
    List: guarded('user', (request) => {
      const source = listedSource(listReq.decode(request).options);
      const groups = subscriptions.list(source);
      return listResp.encode({ subscriptions: groups.map(infoOf) });
    }),
    RestartSubsystem: guarded('operator', async () => {
      await subscriptions.restart();
      return EMPTY;
    }),
  });
};

/** The source whose groups are asked for; undefined for those of all. */
const listedSource = (options: ListOptions | null | undefined): string | undefined => {
  if (options?.listOption === 'listAllSubscriptions') return undefined;
  const { streamOption, stream } = options?.listForStream ?? {};
  if (streamOption === undefined) throw handlerFault();
  return sourceOf({
    streamOption: streamOption === 'all' ? 'all' : 'streamIdentifier',
    streamIdentifier: stream ?? null,
  });
};
