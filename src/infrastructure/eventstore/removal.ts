import { StreamDeletedError, StreamNotFoundError, WrongExpectedVersionError } from '@eventstore/db-client';
import { type EventStore, StoreUnavailable } from '../../commands/ports/eventStore.js';
import type { StreamRemoval } from '../../processes/ports/streamRemoval.js';
import type { StoreConnection } from './connection.js';

/**
 * Soft deletes, each at the revision that was read: the client's other ways of saying what is expected fail or delete what
 * somebody wrote in between.
 */
export const createRemoval = (
  connection: StoreConnection,
  read: EventStore['read'],
  timeoutMs: number,
): StreamRemoval => ({
  remove: async (stream) => {
    let last = -1;
    for await (const { revision } of read(stream)) last = revision;
    if (last < 0) return 'nothing';
    try {
      await connection.client().deleteStream(stream, { expectedRevision: BigInt(last), deadline: timeoutMs });
      return 'removed';
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return 'moved';
      if (error instanceof StreamDeletedError || error instanceof StreamNotFoundError) return 'nothing';
      throw new StoreUnavailable(`${stream} could not be deleted`, { cause: error });
    }
  },
});
