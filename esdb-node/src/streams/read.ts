import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Disturbances } from '../disturb/disturbances.js';
import type { EventLog } from '../log/eventLog.js';
import type { Reader, StreamView } from '../log/reader.js';
import { firstStreamPosition, lastStreamPosition, streamNotFound } from '../protocol/readResp.js';
import { readReq } from '../protocol/streams.js';
import type { Access } from '../services/access.js';
import type { ServerCall } from '../transport/call.js';
import { serverStream } from '../transport/handlers.js';
import type { Handler } from '../transport/registry.js';
import { GrpcError, Status } from '../transport/status.js';
import { streamDeleted } from './errors.js';
import { Outbox } from './outbox.js';
import { checkRead } from './permissions.js';
import type { ReadRequest } from './readRequest.js';
import { understand } from './readRequest.js';
import { present } from './resolve.js';
import { subscribeToAll, subscribeToStream } from './subscriptions.js';
import { forever } from './wait.js';

/** Events that are taken from storage at once. */
const PAGE = 256;
/** Events that a real server looks at at once: where its answers tell of pages, ours tell of the same ones. */
const ANSWERED_PAGE = 32;

type StreamRead = Extract<ReadRequest, { kind: 'stream' }>;
type AllRead = Extract<ReadRequest, { kind: 'all' }>;

/** Read: a stream or the whole log, once through or as a subscription. */
export const readHandler = (log: EventLog, access: Access, disturbances: Disturbances): Handler =>
  serverStream(async (bytes, call) => {
    const { options } = readReq.decode(bytes);
    const request = understand(options);
    const stream = 'stream' in request ? request.stream : '$all';
    checkRead(access, call.user, stream);
    const what = request.kind === 'stream' || request.kind === 'all' ? 'read' : 'subscribe';
    return disturbances.read(what, stream, call, () => answer(log, request, call));
  });

const answer = (log: EventLog, request: ReadRequest, call: ServerCall): Promise<void> => {
  switch (request.kind) {
    case 'stream':
      return readStream(log.reader, request, call);
    case 'all':
      return readAll(log.reader, request, call);
    case 'streamSubscription':
      return subscribeToStream(log, request, call);
    case 'allSubscription':
      return subscribeToAll(log, request, call);
  }
};

const readStreamFailed = (): GrpcError => new GrpcError(Status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
const readAllFailed = (): GrpcError => new GrpcError(Status.UNKNOWN, 'Unexpected ReadAllResult: Error');

const readStream = async (reader: Reader, request: StreamRead, call: ServerCall): Promise<void> => {
  const { stream, direction, count, from } = request;
  const forwards = direction === 'forwards';
  if (count === 0 || (forwards && from === 'end')) throw readStreamFailed();
  const view = reader.view(stream);
  if (view.kind === 'tombstoned') throw streamDeleted(stream);
  const out = new Outbox(call);
  if (view.kind !== 'there') {
    out.message(streamNotFound(stream));
    return out.flush();
  }
  const how = { ...request, live: false };
  let next = from === 'start' ? 0 : from === 'end' ? view.lastRevision : from;
  if (request.positions && forwards) {
    for (const first of skippedTo(reader, view, next, count)) out.message(firstStreamPosition(first));
  }
  let left = count;
  while (left > 0 && !call.over) {
    // without a form for ids a real server stops before its first event
    if (request.withoutIds) return forever(call.signal);
    const page = reader.page(view, next, Math.min(PAGE, left), direction);
    for (const entry of page) {
      out.event(present(reader, entry, how));
      if (out.full) await out.flush();
    }
    left -= page.length;
    next = pageEnd(view, next, page, forwards);
    if (next < 0 || next > view.lastRevision) break;
  }
  if (request.positions) out.message(lastStreamPosition(view.lastRevision));
  await out.flush();
};

/** Where to go on after a page; a page that is empty because its events are too old is passed over. */
const pageEnd = (
  view: StreamView & { kind: 'there' },
  from: number,
  page: readonly { readonly revision: number }[],
  forwards: boolean,
): number => {
  const last = page.at(-1)?.revision;
  if (forwards) return last === undefined ? Math.max(from, view.firstRevision) + PAGE : last + 1;
  return last === undefined ? Math.min(from, view.lastRevision) - PAGE : last - 1;
};

/** The revisions that a real server tells a reader to go on from, where a page of its own held nothing. */
const skippedTo = (reader: Reader, view: StreamView & { kind: 'there' }, from: number, count: number): number[] => {
  const { firstRevision, lastRevision } = view;
  const size = Math.min(ANSWERED_PAGE, count);
  const out: number[] = [];
  let start = from;
  if (start + size - 1 < firstRevision) {
    out.push(firstRevision);
    start = firstRevision;
  }
  const nothing = reader.page(view, start, 1, 'forwards').length === 0;
  if (nothing && start + size > lastRevision && start !== lastRevision + 1) out.push(lastRevision + 1);
  return out;
};

const readAll = async (reader: Reader, request: AllRead, call: ServerCall): Promise<void> => {
  const { direction, count, filter } = request;
  // a real server looks for no event for ever
  if (count === 0 || request.window?.max === 0) return forever(call.signal);
  const forwards = direction === 'forwards';
  const how = { ...request, live: false };
  let next = startOf(reader, request);
  const out = new Outbox(call);
  let left = count;
  while (left > 0 && !call.over) {
    const page = reader.all(next, PAGE, direction);
    const before = left;
    for (const record of page) {
      if (filter && !filter(record.bytes)) continue;
      if (request.withoutIds) return forever(call.signal);
      out.event(present(reader, record, how));
      if (out.full) await out.flush();
      left -= 1;
      if (left === 0) break;
    }
    const last = page.at(-1);
    if (last === undefined) break;
    next = forwards ? last.position + 1 : last.position;
    await out.flush();
    // a filter may let nothing through for very long: others are to have their turn
    if (left === before) await nextTurn();
  }
  await out.flush();
};

const startOf = (reader: Reader, { from, direction }: AllRead): number => {
  const end = reader.end();
  if (from === 'start') return 0;
  if (from === 'end') return end;
  if (direction === 'backwards' && from > end) throw readAllFailed();
  if (reader.isInside(from)) throw readAllFailed();
  return from;
};
