import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';

/** Streams whose name does not begin with `$`; a filter by event type would let through what stands in `$` streams. */
export const OUTSIDE_SYSTEM_STREAMS = '^[^$]';

const BACKWARDS = 1;

/**
 * The newest event of `$all` that is in no `$` stream, as one read. The client's `readAll` takes no filter, and
 * walking back without one costs a read of every statistics event that a real server wrote meanwhile.
 */
export function headRequest(): ReadReq {
  const everything = new messages.ReadReq.Options.AllOptions();
  everything.setEnd(new shared.Empty());
  const expression = new messages.ReadReq.Options.FilterOptions.Expression();
  expression.setRegex(OUTSIDE_SYSTEM_STREAMS);
  const filter = new messages.ReadReq.Options.FilterOptions();
  filter.setStreamIdentifier(expression);
  filter.setCount(new shared.Empty());
  filter.setCheckpointintervalmultiplier(1);
  const ids = new messages.ReadReq.Options.UUIDOption();
  ids.setString(new shared.Empty());
  const options = new messages.ReadReq.Options();
  options.setAll(everything);
  options.setReadDirection(BACKWARDS);
  options.setCount('1');
  options.setFilter(filter);
  options.setUuidOption(ids);
  const request = new messages.ReadReq();
  request.setOptions(options);
  return request;
}
