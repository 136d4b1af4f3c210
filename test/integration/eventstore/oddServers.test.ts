import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import messages, {
  type BatchAppendReq,
  type BatchAppendResp,
  type ReadReq,
  type ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import { expect } from 'chai';
import { v4 } from 'uuid';
import { AppendOutcomeUnknown, type EventToAppend, StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { until } from '../../support/until.js';
import { FeedDropped, type FeedMessage } from '../../../src/subscriptions/ports/eventFeed.js';

type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;
type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

const event = (): EventToAppend => ({ id: v4(), type: 'Happened', data: {}, metadata: { v: 1 } });

/** The answer that an append was stored. */
function stored(request: BatchAppendReq): BatchAppendResp {
  const position = new shared.AllStreamPosition();
  position.setCommitPosition('7');
  position.setPreparePosition('7');
  const success = new messages.BatchAppendResp.Success();
  success.setCurrentRevision('0');
  success.setPosition(position);
  const response = new messages.BatchAppendResp();
  response.setCorrelationId(request.getCorrelationId());
  response.setSuccess(success);
  return response;
}

/** The answer that it failed, without the details that would say why. */
function failed(request: BatchAppendReq): BatchAppendResp {
  const error = new statuses.Status();
  error.setMessage('something');
  const response = new messages.BatchAppendResp();
  response.setCorrelationId(request.getCorrelationId());
  response.setError(error);
  return response;
}

function confirmation(): ReadResp {
  const confirmed = new messages.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId(v4());
  const response = new messages.ReadResp();
  response.setConfirmation(confirmed);
  return response;
}

function eventMessage(position: number): ReadResp {
  const id = new shared.UUID();
  id.setString(v4());
  const stream = new shared.StreamIdentifier();
  stream.setStreamName(Buffer.from('test-1'));
  const recorded = new messages.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(stream);
  recorded.setStreamRevision(String(position));
  recorded.setCommitPosition(String(position));
  recorded.setPreparePosition(String(position));
  recorded.getMetadataMap().set('type', 'Happened').set('content-type', 'application/json').set('created', '0');
  recorded.setData(Buffer.from('{}'));
  const read = new messages.ReadResp.ReadEvent();
  read.setEvent(recorded);
  read.setCommitPosition(String(position));
  const response = new messages.ReadResp();
  response.setEvent(read);
  return response;
}

const caughtUp = (): ReadResp => {
  const response = new messages.ReadResp();
  response.setCaughtUp(new messages.ReadResp.CaughtUp());
  return response;
};

const fault = (code: status, details: string, trailers: Record<string, string> = {}) => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
};

/** What a slow reader does between two events: lets everything else go on. */
async function dawdle(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
}

describe('the event store when the server answers as only a real one in trouble does', () => {
  let server: Server;
  let port: number;
  let opened: OpenEventStore;
  let onBatch: (call: BatchCall, request: BatchAppendReq) => void;
  let onRead: (call: ReadCall) => void;

  beforeEach(async () => {
    server = new Server();
    const refuse = (): never => expect.fail('nobody calls this');
    const batchAppend: handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> = (call) => {
      call.on('data', (request: BatchAppendReq) => onBatch(call, request));
      call.on('error', () => undefined);
      call.on('end', () => call.end());
    };
    const read: handleServerStreamingCall<ReadReq, ReadResp> = (call) => {
      call.on('error', () => undefined);
      onRead(call);
    };
    server.addService(streamsGrpc.StreamsService, {
      batchAppend,
      read,
      append: refuse,
      delete: refuse,
      tombstone: refuse,
    });
    port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    opened = openEventStore({ url: `esdb://127.0.0.1:${port}?tls=false`, timeoutMs: 300, silenceMs: 300 });
  });
  afterEach(async () => {
    await opened.close();
    server.forceShutdown();
  });

  const append = (): Promise<unknown> => opened.eventStore.append('test-1', [event()], 'no_stream');
  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => expect.fail('it did not fail'),
      (error: unknown) => error,
    );

  it('gives up one append that is not answered while others are, keeps the call, and drops the late answer', async () => {
    const calls = new Set<BatchCall>();
    let forgotten: BatchAppendReq | undefined;
    let late = false;
    onBatch = (call, request) => {
      calls.add(call);
      if (!forgotten) {
        forgotten = request;
        return;
      }
      if (late) call.write(stored(forgotten));
      call.write(stored(request));
    };
    const first = failure(append());
    await append();
    expect(await first).to.be.instanceOf(AppendOutcomeUnknown);
    late = true;
    await append();
    expect(calls.size).to.equal(1);
  });

  it('takes a failure without details for an unknown outcome', async () => {
    onBatch = (call, request) => call.write(failed(request));
    expect(await failure(append())).to.be.instanceOf(AppendOutcomeUnknown);
  });

  it('takes every unanswered append of a call that ends for unknown, and begins another', async () => {
    let broken = false;
    onBatch = (call, request) => {
      if (broken) return call.write(stored(request));
      broken = true;
      return call.emit('error', fault(status.UNAVAILABLE, 'shutting down'));
    };
    const errors = await Promise.all([failure(append()), failure(append())]);
    expect(errors.every((error) => error instanceof AppendOutcomeUnknown)).to.equal(true);
    await append();
  });

  it('knows that a node which does not lead stored nothing, and goes where that one says', async () => {
    let leads = false;
    onBatch = (call, request) => {
      if (leads) return call.write(stored(request));
      leads = true;
      const leader = {
        exception: 'not-leader',
        'leader-endpoint-host': '127.0.0.1',
        'leader-endpoint-port': `${port}`,
      };
      return call.emit('error', fault(status.NOT_FOUND, 'Leader info available', leader));
    };
    const error = await failure(append());
    expect(error).to.be.instanceOf(StoreUnavailable);
    expect(error).not.to.be.instanceOf(AppendOutcomeUnknown);
    await append();
  });

  async function follow(take: (message: FeedMessage) => void | Promise<void>): Promise<unknown> {
    try {
      for await (const message of opened.feed.subscribe(null, new AbortController().signal)) await take(message);
      return undefined;
    } catch (error) {
      return error;
    }
  }
  const nameOf = (message: FeedMessage): string =>
    message.kind === 'event' ? String(message.event.position) : message.kind;

  it('hands on what had arrived before the server dropped the feed, and then says so', async () => {
    onRead = (call) => {
      for (const message of [confirmation(), eventMessage(1), eventMessage(2), eventMessage(3)]) call.write(message);
      call.emit('error', fault(status.ABORTED, 'Operation timed out'));
    };
    const seen: string[] = [];
    const error = await follow(async (message) => {
      seen.push(nameOf(message));
      // slow enough for the failure to arrive while events wait
      await dawdle();
    });
    expect(seen).to.deep.equal(['1', '2', '3']);
    expect(error).to.be.instanceOf(FeedDropped);
  });

  it('holds back what is too much for its memory, and hands it on in its order', async () => {
    const many = 3_000;
    let drop = (): void => expect.fail('nobody subscribed');
    onRead = (call) => {
      drop = () => void call.emit('error', fault(status.ABORTED, 'Operation timed out'));
      call.write(confirmation());
      let position = 0;
      const some = (): void => {
        for (const end = position + 100; position < end;) call.write(eventMessage((position += 1)));
        if (position < many) setImmediate(some);
      };
      some();
    };
    const seen: bigint[] = [];
    const error = await follow(async (message) => {
      if (message.kind === 'event') seen.push(message.event.position);
      // the first is dwelt upon until no more fit
      if (seen.length === 1) for (let times = 0; times < 20; times += 1) await dawdle();
      if (seen.length === many) drop();
    });
    expect(seen).to.deep.equal(Array.from({ length: many }, (_, index) => BigInt(index + 1)));
    expect(error).to.be.instanceOf(FeedDropped);
  });

  it('says that it has caught up exactly where the server did, however slow the reader is', async () => {
    onRead = (call) => {
      const messages = [confirmation(), ...[1, 2, 3].map(eventMessage), caughtUp(), ...[4, 5].map(eventMessage)];
      for (const message of messages) call.write(message);
    };
    const abort = new AbortController();
    const seen: string[] = [];
    for await (const message of opened.feed.subscribe(null, abort.signal)) {
      seen.push(nameOf(message));
      if (message.kind === 'event' && message.event.position === 5n) abort.abort();
      await dawdle();
    }
    expect(seen).to.deep.equal(['1', '2', '3', 'caughtUp', '4', '5']);
  });

  it('takes a feed that the server ends for a lost connection', async () => {
    onRead = (call) => {
      call.write(confirmation());
      call.end();
    };
    expect(await follow(() => undefined)).to.be.instanceOf(StoreUnavailable);
  });

  it('gives up a subscription that is never confirmed', async () => {
    onRead = () => undefined;
    expect(await follow(() => undefined)).to.be.instanceOf(StoreUnavailable);
  });

  it('gives up a read that stops in the middle', async () => {
    onRead = (call) => void call.write(eventMessage(0));
    const read = async (): Promise<void> => {
      for await (const _ of opened.eventStore.read('test-1')) expect.fail('half a page is no page');
    };
    expect(await failure(read())).to.be.instanceOf(StoreUnavailable);
  });

  it('leaves a connection alone on which events come, when one call on it is not answered', async () => {
    const peers = new Set<string>();
    onRead = (call) => {
      peers.add(call.getPeer());
      if (call.request.getOptions()?.hasSubscription() !== true) return;
      call.write(confirmation());
      let position = 0;
      const writing = setInterval(() => call.write(eventMessage((position += 1))), 20);
      call.on('cancelled', () => clearInterval(writing));
    };
    const abort = new AbortController();
    let seen = 0;
    const following = (async () => {
      for await (const message of opened.feed.subscribe(null, abort.signal)) if (message.kind === 'event') seen += 1;
    })();
    for (let tries = 0; tries < 3; tries += 1)
      expect(await failure(opened.feed.head())).to.be.instanceOf(StoreUnavailable);
    const before = seen;
    expect(before).to.be.greaterThan(0);
    await until('events still come', () => seen > before);
    abort.abort();
    await following;
    expect(peers.size).to.equal(1);
  });
});
