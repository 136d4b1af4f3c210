import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';

/** Streams whose name does not begin with `$`; a filter by event type would let through what stands in `$` streams. */
const OUTSIDE_SYSTEM_STREAMS = '^[^$]';
/** A checkpoint of the server's after this many windows of 32 events; nobody keeps it, so it may be rare. */
const CHECKPOINT_INTERVAL = 100;

const FORWARDS = 0;
const BACKWARDS = 1;

/**
 * The newest event of `$all` that is in no `$` stream, as one read. The client's `readAll` takes no filter, and
 * walking back without one costs a read of every statistics event that a real server wrote meanwhile.
 */
export function headRequest(): ReadReq {
  const everything = new messages.ReadReq.Options.AllOptions();
  everything.setEnd(new shared.Empty());
  const options = optionsOf(BACKWARDS);
  options.setAll(everything);
  options.setCount('1');
  options.setFilter(outsideSystemStreams(1));
  return requestOf(options);
}

/** A subscription to `$all` without `$` streams, after a position (null: from the start). */
export function feedRequest(after: bigint | null): ReadReq {
  const options = optionsOf(FORWARDS);
  options.setAll(everythingFrom(after));
  options.setSubscription(new messages.ReadReq.Options.SubscriptionOptions());
  options.setFilter(outsideSystemStreams(CHECKPOINT_INTERVAL));
  return requestOf(options);
}

/**
 * All that `$all` holds from a position on (null: from the start), the event at the position included, without `$` streams
 * or of some categories alone, as one read.
 */
export function historyRequest(from: bigint | null, categories?: ReadonlySet<string>): ReadReq {
  const options = optionsOf(FORWARDS);
  options.setAll(everythingFrom(from));
  options.setCount(String(Number.MAX_SAFE_INTEGER));
  // names of categories are letters alone
  const streams = categories ? `^(${[...categories].join('|')})-` : OUTSIDE_SYSTEM_STREAMS;
  options.setFilter(streamsLike(streams, CHECKPOINT_INTERVAL));
  return requestOf(options);
}

/** At most so many events of a stream, from a revision on. */
export function pageRequest(stream: string, from: number, count: number): ReadReq {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  const one = new messages.ReadReq.Options.StreamOptions();
  one.setStreamIdentifier(identifier);
  one.setRevision(String(from));
  const options = optionsOf(FORWARDS);
  options.setStream(one);
  options.setCount(String(count));
  options.setNoFilter(new shared.Empty());
  return requestOf(options);
}

function optionsOf(direction: 0 | 1): InstanceType<typeof messages.ReadReq.Options> {
  const ids = new messages.ReadReq.Options.UUIDOption();
  ids.setString(new shared.Empty());
  const options = new messages.ReadReq.Options();
  options.setReadDirection(direction);
  options.setResolveLinks(false);
  options.setUuidOption(ids);
  return options;
}

function everythingFrom(position: bigint | null): InstanceType<typeof messages.ReadReq.Options.AllOptions> {
  const everything = new messages.ReadReq.Options.AllOptions();
  if (position === null) {
    everything.setStart(new shared.Empty());
    return everything;
  }
  const place = new messages.ReadReq.Options.Position();
  place.setCommitPosition(String(position));
  place.setPreparePosition(String(position));
  everything.setPosition(place);
  return everything;
}

const outsideSystemStreams = (
  checkpointInterval: number,
): InstanceType<typeof messages.ReadReq.Options.FilterOptions> =>
  streamsLike(OUTSIDE_SYSTEM_STREAMS, checkpointInterval);

function streamsLike(
  regex: string,
  checkpointInterval: number,
): InstanceType<typeof messages.ReadReq.Options.FilterOptions> {
  const expression = new messages.ReadReq.Options.FilterOptions.Expression();
  expression.setRegex(regex);
  const filter = new messages.ReadReq.Options.FilterOptions();
  filter.setStreamIdentifier(expression);
  filter.setCount(new shared.Empty());
  filter.setCheckpointintervalmultiplier(checkpointInterval);
  return filter;
}

function requestOf(options: InstanceType<typeof messages.ReadReq.Options>): ReadReq {
  const request = new messages.ReadReq();
  request.setOptions(options);
  return request;
}
