import {
  AccessDeniedError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import {
  AppendOutcomeUnknown,
  AppendRefused,
  type ExpectedRevision,
  StoreUnavailable,
  WrongExpectedRevision,
} from '../../commands/ports/eventStore.js';

/**
 * What a failed append means: for the errors that the client raises, and for those of its table of server answers.
 * Whatever is not certain counts as unknown: the executor then repeats the identical append, which is always safe.
 */
export function appendFault(stream: string, expected: ExpectedRevision, error: unknown): Error {
  if (error instanceof WrongExpectedVersionError) {
    const actual = typeof error.actualVersion === 'bigint' ? Number(error.actualVersion) : 'no_stream';
    return new WrongExpectedRevision(stream, expected, actual, { cause: error });
  }
  if (error instanceof MaxAppendSizeExceededError) {
    return new AppendRefused(`the events for ${stream} exceed ${error.maxAppendSize} bytes`, { cause: error });
  }
  if (error instanceof StreamDeletedError || error instanceof InvalidArgumentError) {
    return new AppendRefused(`the event store refuses the append to ${stream}: ${textOf(error)}`, { cause: error });
  }
  if (error instanceof AccessDeniedError) {
    return new StoreUnavailable(`the event store denies the append to ${stream}`, { cause: error });
  }
  // a node that does not lead says so before it takes anything
  if (error instanceof NotLeaderError) {
    return new StoreUnavailable('the event store node is not the leader', { cause: error });
  }
  if (error instanceof StoreUnavailable) return error;
  return new AppendOutcomeUnknown(`no certain answer to the append to ${stream}: ${textOf(error)}`, { cause: error });
}

/** What a failed read means. */
export function readFault(what: string, error: unknown): Error {
  if (error instanceof StoreUnavailable) return error;
  return new StoreUnavailable(`cannot read ${what}: ${textOf(error)}`, { cause: error });
}

const textOf = (error: unknown): string =>
  error instanceof Error ? error.message || error.constructor.name : String(error);
