import type { WriteLog } from '../log/eventLog.js';
import type { WriteOutcome } from '../log/expected.js';
import { wide } from '../protocol/shared.js';
import { deleteReq, deleteResp } from '../protocol/streams.js';
import type { Access } from '../services/access.js';
import { unary } from '../transport/handlers.js';
import type { Handler } from '../transport/registry.js';
import { handlerFault, streamDeleted, wrongExpectedVersion } from './errors.js';
import { requireExpected, requireStreamName } from './request.js';

const answer = (outcome: Extract<WriteOutcome, { kind: 'written' }>): Uint8Array => {
  const { position } = outcome;
  if (position === undefined) return deleteResp.encode({ noPosition: {} });
  return deleteResp.encode({ position: { commitPosition: wide(position), preparePosition: wide(position) } });
};

/** Delete (what is there is hidden, the stream may go on) or Tombstone (the stream ends for ever). */
export const deleteHandler = (log: WriteLog, access: Access, how: 'softDelete' | 'tombstone'): Handler => {
  const name = how === 'softDelete' ? 'DeleteReq' : 'TombstoneReq';
  return unary(async (request, context) => {
    const { options } = deleteReq.decode(request);
    if (!options) throw handlerFault();
    const stream = requireStreamName(options.streamIdentifier);
    const expected = requireExpected(name, options.expectedStreamRevision, options.revision);
    access.check(context.user, 'delete', stream);
    const outcome = await log[how](stream, expected);
    if (outcome.kind === 'deleted') throw streamDeleted(stream);
    if (outcome.kind === 'wrongExpectedVersion') {
      throw wrongExpectedVersion('Delete', stream, expected, outcome.actual);
    }
    return answer(outcome);
  });
};
