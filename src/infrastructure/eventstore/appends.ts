import type { EventStoreDBClient } from '@eventstore/db-client';
import { convertToCommandError, NotLeaderError } from '@eventstore/db-client';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import {
  type Appended,
  AppendOutcomeUnknown,
  type EventStore,
  type ExpectedRevision,
  StoreUnavailable,
} from '../../commands/ports/eventStore.js';
import { appendedBy, type BatchAnswer, batchRequest, readBatchAnswer } from './batchMessages.js';
import { closedError, type StoreConnection } from './connection.js';
import { appendFault } from './faults.js';

const PATH = streamsGrpc.StreamsService.batchAppend.path;
/** A request is encoded before it is sent: what cannot be must fail its own command, and not the call. */
const asItIs = (bytes: Buffer): Buffer => bytes;

/** One BatchAppend call: many appends go in, each is answered by its correlation id. */
interface Call {
  readonly client: EventStoreDBClient;
  readonly duplex: ClientDuplexStream<Buffer, BatchAnswer>;
  readonly waiting: Map<string, Waiting>;
  /** When the last answer came, in milliseconds of the monotonic clock. */
  heardAt: number;
}

interface Waiting {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly succeed: (appended: Appended) => void;
  readonly fail: (error: Error) => void;
  /** Undefined until the request is on its way: before that, nothing can have been stored. */
  sent: { readonly call: Call; readonly at: number } | undefined;
}

export interface AppendOptions {
  /** How long an append may stay without an answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Appends under way at once; more are turned away. */
  readonly maxInFlight: number;
}

/**
 * Appends over BatchAppend: one call for all of them, at a fraction of the processor time that a call for each takes.
 * The client's own BatchAppend is passed by for its faults: no time limit, and one table of pending appends for all
 * connections, so that a connection that dies fails the appends of another and a late answer throws where nobody can
 * catch it. Here each call has a table of its own, and an answer that nobody waits for any more is dropped.
 */
export function createAppends(connection: StoreConnection, options: AppendOptions): EventStore['append'] {
  let call: Promise<Call> | undefined;
  let open: Call | undefined;
  let correlations = 0;
  let inFlight = 0;

  async function begin(): Promise<Call> {
    const client = connection.client();
    const duplex = await connection.start(client, (service, metadata, settings) =>
      service.makeBidiStreamRequest(PATH, asItIs, readBatchAnswer, metadata, settings),
    );
    const begun: Call = { client, duplex, waiting: new Map(), heardAt: performance.now() };
    duplex.on('data', (answer: BatchAnswer) => {
      begun.heardAt = performance.now();
      const id = answer.correlationId;
      const waiting = id === undefined ? undefined : begun.waiting.get(id);
      if (!waiting || id === undefined) return;
      begun.waiting.delete(id);
      try {
        waiting.succeed(appendedBy(waiting.stream, answer));
      } catch (error) {
        waiting.fail(appendFault(waiting.stream, waiting.expected, error));
      }
    });
    duplex.on('error', (error) => lost(begun, convertToCommandError(error)));
    duplex.on('end', () => lost(begun, new Error('the event store ended the call')));
    open = begun;
    return begun;
  }

  /** Nothing more will come over a call: what waits for it may be stored or not. */
  function lost(gone: Call, error: Error): void {
    if (open === gone) {
      open = undefined;
      call = undefined;
    }
    // a node that does not lead names the leader, and its client goes there by itself
    if (!(error instanceof NotLeaderError)) connection.suspect(gone.client);
    const waiting = [...gone.waiting.values()];
    gone.waiting.clear();
    for (const { stream, expected, fail } of waiting) fail(appendFault(stream, expected, error));
  }

  async function current(): Promise<Call> {
    call ??= begin().catch((error: unknown) => {
      call = undefined;
      throw new StoreUnavailable('the event store cannot be reached', { cause: error });
    });
    return call;
  }

  function silent({ stream, sent, fail }: Waiting, id: string): void {
    if (!sent) {
      // begins anew: whoever waits for the same beginning has a limit of its own
      call = undefined;
      connection.suspect(connection.client());
      return fail(new StoreUnavailable(`no connection for the append to ${stream} after ${options.timeoutMs} ms`));
    }
    sent.call.waiting.delete(id);
    fail(new AppendOutcomeUnknown(`no answer to the append to ${stream} after ${options.timeoutMs} ms`));
    if (sent.call.heardAt >= sent.at) return;
    // not a word since: the call is given up whole, so that what is tried again goes another way
    lost(sent.call, new Error('the event store is silent'));
    sent.call.duplex.cancel();
  }

  return (stream, events, expected) =>
    new Promise<Appended>((resolve, reject) => {
      if (connection.closed) return reject(closedError());
      if (inFlight >= options.maxInFlight) {
        return reject(new StoreUnavailable(`${inFlight} appends wait for the event store`));
      }
      inFlight += 1;
      const id = correlationId((correlations += 1));
      let over = false;
      const settle = (how: () => void): void => {
        if (over) return;
        over = true;
        inFlight -= 1;
        clearTimeout(limit);
        how();
      };
      const waiting: Waiting = {
        stream,
        expected,
        succeed: (appended) => settle(() => resolve(appended)),
        fail: (error) => settle(() => reject(error)),
        sent: undefined,
      };
      const limit = setTimeout(() => silent(waiting, id), options.timeoutMs);
      const send = (way: Call): void => {
        if (over) return;
        const request = batchRequest(id, stream, events, expected);
        way.waiting.set(id, waiting);
        waiting.sent = { call: way, at: performance.now() };
        way.duplex.write(request);
      };
      if (open) return attempt(send, open, waiting.fail);
      current().then(
        (way) => attempt(send, way, waiting.fail),
        (error: Error) => waiting.fail(error),
      );
    });
}

/** An event that cannot be encoded is a fault of the command, and must reach it. */
function attempt(send: (call: Call) => void, call: Call, fail: (error: Error) => void): void {
  try {
    send(call);
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
  }
}

/** A UUID that is unique within this program's calls; nobody else ever sees it. */
const correlationId = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
