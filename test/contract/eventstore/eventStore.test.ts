import { expect } from 'chai';
import { v4 } from 'uuid';
import {
  AppendRefused,
  type EventStore,
  type EventToAppend,
  WrongExpectedRevision,
} from '../../../src/commands/ports/eventStore.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { freshStream, testEventStore, type TestEventStore } from '../../support/eventstore/index.js';
import { plainEvent } from '../../support/eventstore/plainEvent.js';

const event = (data: unknown, type = 'Happened'): EventToAppend => ({
  id: v4(),
  type,
  data,
  metadata: { v: 1, $correlationId: 'c', text: 'größer 日本 🍕' },
});

async function all(events: AsyncIterable<StoredEvent>): Promise<StoredEvent[]> {
  const list: StoredEvent[] = [];
  for await (const stored of events) list.push(stored);
  return list;
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
}

describe('the event store that commands need', () => {
  let server: TestEventStore;
  let opened: OpenEventStore;
  let store: EventStore;

  before(async () => {
    server = await testEventStore();
    opened = openEventStore({ url: server.url, pageSize: 20 });
    store = opened.eventStore;
  });
  after(async () => {
    await opened.close();
    await server.stop();
  });

  it('appends to a new stream and gives the events back whole', async () => {
    const stream = freshStream();
    const events = [event({ n: 1, text: 'größer 日本 🍕', nested: [null, { deep: true }] }), event({})];
    const appended = await store.append(stream, events, 'no_stream');
    const stored = await all(store.read(stream));
    expect(appended.revision).to.equal(1);
    expect(stored.map(plainEvent).map(({ createdAt: _, position: __, ...rest }) => rest)).to.deep.equal(
      events.map((given, revision) => ({ ...given, stream, revision })),
    );
    expect(stored[1]?.position).to.equal(appended.position);
    expect((stored[0]?.position ?? -1n) < appended.position).to.equal(true);
    expect(Math.abs(Date.now() - (stored[0]?.createdAt.getTime() ?? 0))).to.be.lessThan(60_000);
  });

  it('appends after a revision', async () => {
    const stream = freshStream();
    const first = await store.append(stream, [event(1), event(2)], 'no_stream');
    const second = await store.append(stream, [event(3)], first.revision);
    expect(second.revision).to.equal(2);
    expect(second.position > first.position).to.equal(true);
    expect((await all(store.read(stream))).map(({ data }) => data)).to.deep.equal([1, 2, 3]);
  });

  it('refuses to append anywhere but at the expected revision, and says where the stream stands', async () => {
    const stream = freshStream();
    const missing = await failure(store.append(stream, [event(0)], 3));
    expect(missing).to.be.instanceOf(WrongExpectedRevision);
    expect(missing).to.deep.include({ stream, expected: 3, actual: 'no_stream' });
    await store.append(stream, [event(1), event(2)], 'no_stream');
    expect(await failure(store.append(stream, [event(3)], 'no_stream'))).to.deep.include({ actual: 1 });
    expect(await failure(store.append(stream, [event(3)], 0))).to.deep.include({ expected: 0, actual: 1 });
    expect(await failure(store.append(stream, [event(3)], 7))).to.deep.include({ expected: 7, actual: 1 });
    expect(await all(store.read(stream))).to.have.length(2);
  });

  it('recognises a repeated append, also after later ones, and answers as the first time', async () => {
    const stream = freshStream();
    const creation = [event(1), event(2)];
    const first = await store.append(stream, creation, 'no_stream');
    const more = [event(3)];
    const second = await store.append(stream, more, first.revision);
    await store.append(stream, [event(4)], second.revision);
    expect(await store.append(stream, creation, 'no_stream')).to.deep.equal(first);
    expect(await store.append(stream, more, first.revision)).to.deep.equal(second);
    expect(await all(store.read(stream))).to.have.length(4);
  });

  it('takes an append with known and new events for a conflict', async () => {
    const stream = freshStream();
    const known = event(1);
    await store.append(stream, [known], 'no_stream');
    expect(await failure(store.append(stream, [known, event(2)], 'no_stream'))).to.be.instanceOf(WrongExpectedRevision);
  });

  it('reads a missing stream as an empty one', async () => {
    expect(await all(store.read(freshStream()))).to.deep.equal([]);
  });

  it('reads from a revision, up to a number of events, over pages, and stops when the reader does', async () => {
    const stream = freshStream();
    const numbers = Array.from({ length: 65 }, (_, n) => n);
    await store.append(
      stream,
      numbers.map((n) => event(n)),
      'no_stream',
    );
    const data = async (options?: Parameters<EventStore['read']>[1]): Promise<unknown[]> =>
      (await all(store.read(stream, options))).map((stored) => stored.data);
    expect(await data()).to.deep.equal(numbers);
    expect(await data({ fromRevision: 40 })).to.deep.equal(numbers.slice(40));
    expect(await data({ fromRevision: 3, maxCount: 2 })).to.deep.equal([3, 4]);
    expect(await data({ maxCount: 45 })).to.deep.equal(numbers.slice(0, 45));
    expect(await data({ fromRevision: 65 })).to.deep.equal([]);
    expect(await data({ fromRevision: 1_000 })).to.deep.equal([]);
    for await (const stored of store.read(stream)) {
      if (stored.revision === 25) break;
    }
    expect(await data({ fromRevision: 64 })).to.deep.equal([64]);
  });

  it('refuses for good what is too large, and goes on', async () => {
    const stream = freshStream();
    const error = await failure(store.append(stream, [event('x'.repeat(1_100_000))], 'no_stream'));
    expect(error).to.be.instanceOf(AppendRefused);
    expect((await store.append(stream, [event('y'.repeat(900_000))], 'no_stream')).revision).to.equal(0);
  });

  it('tells an event that cannot be encoded to its command, and goes on', async () => {
    const stream = freshStream();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(await failure(store.append(stream, [event(loop)], 'no_stream'))).to.be.instanceOf(TypeError);
    expect((await store.append(stream, [event(1)], 'no_stream')).revision).to.equal(0);
  });

  it('carries many appends and reads at once, each answered by its own', async () => {
    const streams = Array.from({ length: 300 }, () => freshStream());
    const appended = await Promise.all(
      streams.map((stream, n) =>
        store.append(
          stream,
          Array.from({ length: 1 + (n % 3) }, () => event({ stream })),
          'no_stream',
        ),
      ),
    );
    expect(appended.map(({ revision }) => revision)).to.deep.equal(streams.map((_, n) => n % 3));
    expect(new Set(appended.map(({ position }) => position)).size).to.equal(300);
    const read = await Promise.all(streams.map((stream) => all(store.read(stream))));
    expect(read.map((events) => (events[0]?.data as { stream: string }).stream)).to.deep.equal(streams);
  });

  it('lets one of many appends at the same revision win', async () => {
    const stream = freshStream();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => store.append(stream, [event(n)], 'no_stream')),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(losers.every((error) => error instanceof WrongExpectedRevision && error.actual === 0)).to.equal(true);
  });

  it('turns calls away once it is closed', async () => {
    const other = openEventStore({ url: server.url });
    await other.eventStore.append(freshStream(), [event(1)], 'no_stream');
    await other.close();
    const errors = [
      await failure(other.eventStore.append(freshStream(), [event(1)], 'no_stream')),
      await failure(all(other.eventStore.read(freshStream()))),
      await failure(other.feed.head()),
    ];
    expect(errors.map((error) => (error as Error).name)).to.deep.equal(Array(3).fill('StoreUnavailable'));
  });
});
